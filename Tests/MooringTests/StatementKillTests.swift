import DriftCore
import Foundation
import PostgreSQL
import TestSupport
import Testing

/// The process is killed before each durable act of a change that holds every kind of statement on a table, or a view, and started again.
///
/// One world lives through all of it: each round merges a change that leaves the target as it found it.
@Suite(.serialized)
struct StatementKillTests {
  @Test func everyKindOfStatementOnATableSurvivesAKill() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    let kills = try await Rounds(world).live { round, names in
      let (kept, copied, moved) = (name("kept", round), name("copied", round), name("moved", round))
      return [
        .addColumn(kept, .text(length: 40)), .setType(kept, .text(length: 80)), .commentColumn(kept, "round \(round)"),
        .addColumn(copied, .text(length: nil)),
        .copyColumn(from: kept, .text(length: 80), to: copied, .text(length: nil)),
        .renameColumn(from: copied, to: moved), .setNotNull(names.plain), .dropNotNull(names.plain),
        .addPrimaryKey(names.keys), .commentTable("round \(round)"), .backfill([names.plain]), .dropColumn(kept),
        .dropColumn(moved),
      ]
    }
    // The lease, the beginning, thirteen statements, the empty batch that ends the old rows and its line, and the end.
    #expect(kills >= 18)
  }

  @Test func aViewThatIsReplacedSurvivesAKill() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt(onto: "view")
    let kills = try await Rounds(world).live { _, _ in [.replaceView] }
    #expect(kills >= 4)
  }

  private func name(_ word: String, _ round: Int) -> ColumnName { ColumnName("\(word)_\(round)") }
}

/// A world in which change after change of `salesforce.account` is merged by hand.
private struct Rounds {
  struct Names {
    var keys: [ColumnName]
    /// A column that is no key and has no NULL.
    var plain: ColumnName
  }

  let world: World
  let counter: EffectCounter

  init(_ world: World) async throws {
    self.world = world
    // The ledger is opened before anything waits for it.
    try world.mooring("run")
    counter = try await EffectCounter(world.database)
  }

  /// Kills at the first durable act of the first change, the second of the second, until there is nothing left to kill;
  /// returns how often.
  func live(_ actions: (Int, Names) -> [AlterAction]) async throws -> Int {
    let path = "contracts/salesforce/salesforce.account/mapping.yaml"
    let mapping = try #require(parseMapping(Array(try world.read(path).utf8), path: path).0)
    let names = Names(
      keys: mapping.columns.filter(\.isKey).map(\.target),
      plain: try #require(mapping.columns.first { !$0.isKey }).target)
    for round in 1... {
      // Somebody takes the key away, which no statement of ours does here.
      if mapping.target.kind == .table {
        _ = try await world.database.query(
          "ALTER TABLE \(mapping.target.table) DROP CONSTRAINT IF EXISTS \(mapping.target.table.name)_pkey")
      }
      let statements = try await merge(actions(round, names), as: round, mapping)
      try await counter.forget()
      let wasKilled = try world.run(["apply"], killAt: round).wasKilled
      for _ in 0..<2 where try await !isFinished(round) { try world.mooring("apply") }
      #expect(try await isFinished(round), "killed at \(round)")
      for (statement, action) in statements where action.kind != .backfill && action.kind != .copyColumn {
        #expect(try await counter.effects(of: statement) == 1, "killed at \(round): \(statement)")
      }
      #expect(try await world.value(doubled) == "0", "killed at \(round)")
      if !wasKilled {
        try world.mooring("audit", "export")
        return round - 1
      }
    }
    return 0
  }

  private func merge(
    _ actions: [AlterAction], as number: Int, _ mapping: Mapping
  ) async throws -> [(String, AlterAction)] {
    var landed: [ColumnName: ColumnType] = [:]
    var systemColumns: [ColumnName] = []
    let found = try await world.database.query(
      """
      SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
      WHERE attrelid = 'salesforce.account'::regclass AND attnum > 0 AND NOT attisdropped
      """)
    for row in found.rows {
      guard let name = row[0], let type = row[1] else { continue }
      if name.hasPrefix("_fivetran") { systemColumns.append(ColumnName(name)) }
      landed[ColumnName(name)] = Dialect.postgres.parseType(type)
    }
    let statements = try actions.map {
      try Dialect.postgres.statement(for: $0, mapping: mapping, landed: landed, systemColumns: systemColumns)
    }
    var change = Change(
      number: number, slug: "all", connection: "salesforce", table: mapping.source, target: mapping.target.table,
      findings: [
        Finding(
          fingerprint: "any", rule: "a.test", colour: .red, column: nil, judgedBy: "rules", text: "what it takes away")
      ], actions: actions, irreversible: "a test")
    change.acknowledgements = [Acknowledgement(fingerprint: "any", text: "", by: "ada")]
    change.steps = actions.enumerated().map { index, action in
      Step(
        ordinal: index + 1,
        work: action.kind == .backfill
          ? .backfill(statement: index + 1, batch: 10_000) : .ddl(statement: index + 1))
    }
    let folder = "contracts/salesforce/salesforce.account/changes/\(change.folder)"
    try world.write(renderChange(change), to: "\(folder)/change.yaml")
    try world.write(statements.map { "\($0);\n" }.joined(), to: "\(folder)/up.sql")
    try world.commit("change \(number)")
    return Array(zip(statements, actions))
  }

  private func isFinished(_ change: Int) async throws -> Bool {
    try await world.value(
      "SELECT 1 FROM mooring.ledger WHERE kind = 'change' AND state = 'done' AND change = \(change)") != nil
  }
}
