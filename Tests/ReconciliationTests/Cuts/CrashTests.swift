import DriftCore
import JSON
import PostgreSQL
import Reconciliation
import Synchronization
import TestSupport
import Testing
import Warehouses

@testable import soak

/// The PostgreSQL server itself crashes before each durable act of a change, and loses what no commit waited for. Whoever
/// goes on finds a beginning that never happened, or everything that is told as done.
@Suite(.serialized) struct CrashTests {
  @Test(.timeLimit(.minutes(10))) func aServerThatCrashesBetweenActsLosesNothingThatMattersAndDoublesNothing()
    async throws
  {
    let server = try await CrashingPostgres.start()
    let scene = try filling()
    for number in 1... {
      let place: Comment = "crashed before act \(number)"
      let ground = try await CrashGround(scene, on: server)
      let hasCrashed = try await ground.apply(crashingBefore: { $0 == number ? server : nil })
      for _ in 0..<2 where try await !ground.isFinished { _ = try await ground.apply { _ in nil } }
      if !hasCrashed { try await server.crash() }
      #expect(try await ground.isFinished, "what was told as applied is there: \(place)")
      try await ground.expectOnce(place)
      if !hasCrashed {
        // The lease, the beginning, the column, its check, two batches, their line and the end.
        #expect(number > 8)
        return
      }
    }
  }

  /// What Fivetran was asked for is on record before it is asked.
  @Test(.timeLimit(.minutes(10)), arguments: [CutKind.Other.patch, .sync, .resync])
  func whatWasAskedForBeforeACrashIsNotAskedForTwice(kind: CutKind.Other) async throws {
    let server = try await CrashingPostgres.start()
    let ground = try await CrashGround(try #require(try CutScene(.other(kind), in: .postgres)), on: server)
    let isAsked = Mutex(false)
    _ = try await ground.apply { _ in
      // The first act after the request.
      let (patches, syncs) = ground.source.state.withLock { ($0.patches, $0.syncs) }
      return isAsked.withLock { wasAsked in
        defer { wasAsked = patches + syncs > 0 }
        return patches + syncs > 0 && !wasAsked ? server : nil
      }
    }
    for _ in 0..<3 {
      ground.source.finishSync()
      _ = try await ground.apply { _ in nil }
    }
    let (patches, syncs) = ground.source.state.withLock { ($0.patches, $0.syncs) }
    switch kind {
    case .patch: #expect(patches == 1)
    // Asked for again it is one sync all the same.
    case .sync: #expect((1...2).contains(syncs))
    default: #expect(syncs == 1)
    }
  }

  /// A column, its check, and one old row.
  private func filling() throws -> CutScene {
    var scene = try #require(try CutScene(.statement(.addColumn), in: .postgres))
    scene.columns.removeAll { $0.name == "seats" }
    scene.change.actions.append(.backfill(["tier"]))
    scene.change.steps.append(
      Step(ordinal: scene.change.steps.count + 1, work: .backfill(statement: 2, batch: 2)))
    let text = ColumnType.text(length: nil)
    scene.statements.append(
      try Dialect.postgres.statement(
        for: .backfill(["tier"]), mapping: scene.mapping, landed: ["id": text, "tier": text]))
    return scene
  }
}

/// A database of a server that crashes, with the tables of a scene and the change on main.
private struct CrashGround: Sendable {
  let scene: CutScene
  let address: PostgresAddress
  let source = CutSource()
  private let outside = Outside(seed: 1)

  init(_ scene: CutScene, on server: CrashingPostgres) async throws {
    self.scene = scene
    address = try await server.freshAddress()
    let administrator = try await PostgresConnection.connect(to: address)
    for schema in [scene.landed.schema, scene.target.schema] {
      _ = try await administrator.query("CREATE SCHEMA \(schema)")
    }
    for text in try scene.makingTables() { _ = try await administrator.query(text) }
    if scene.statements.isEmpty {
      try await openLedger(administrator)
      return
    }
    let counter = try await EffectCounter(administrator)
    try await counter.countRows(of: try scene.dialect.quote(scene.target))
    _ = try await administrator.query("INSERT INTO \(try scene.dialect.quote(scene.landed)) VALUES ('1', 'gold')")
    _ = try await administrator.query("INSERT INTO \(try scene.dialect.quote(scene.target)) (id) VALUES ('1')")
    try await openLedger(administrator)
  }

  private func openLedger(_ administrator: PostgresConnection) async throws {
    for (path, text) in scene.files { await outside.write(path, text) }
    try await PostgresWarehouse(address: address).record(
      LedgerEntry(
        step: StepID(destination: "w", connection: "", table: TableName(schema: "", name: ""), change: 0, step: 0),
        state: .done, kind: "ledger", digest: "", commit: ""))
    _ = try await administrator.query("SELECT pg_switch_wal()")
  }

  /// As a process of its own, which goes on as far as it can. Returns whether the server crashed.
  ///
  /// - Parameter crashing: is given the number of each act, from 1.
  func apply(crashingBefore crashing: @escaping @Sendable (Int) -> CrashingPostgres?) async throws -> Bool {
    let acts = Mutex((count: 0, hasCrashed: false))
    var reconciler = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0).reconciler()
    reconciler.destinations = ["w": Destination(warehouse: PostgresWarehouse(address: address), dialect: .postgres)]
    reconciler.source = CutSourcePort(source: source, scissors: Scissors(at: nil))
    reconciler.holder = Holder("one", hasEnded: { _ in true })
    reconciler.beforeAct = { _ in
      guard
        let server = crashing(
          acts.withLock {
            $0.count += 1; return $0.count
          })
      else { return }
      acts.withLock { $0.hasCrashed = true }
      try await server.crash()
    }
    _ = try await reconciler.apply()
    return acts.withLock { $0.hasCrashed }
  }

  var isFinished: Bool {
    get async throws {
      try await PostgresWarehouse(address: address).ledger().contains { $0.kind == "change" && $0.state == .done }
    }
  }

  func expectOnce(_ place: Comment) async throws {
    let administrator = try await PostgresConnection.connect(to: address)
    let counted = try await administrator.query(
      "SELECT count(*)::text, count(DISTINCT text)::text FROM public.effects WHERE text ~ 'ALTER TABLE|WITH batch'")
    #expect(counted.rows == [["\(scene.statements.count)", "\(scene.statements.count)"]], place)
    let done = try await PostgresWarehouse(address: address).ledger().filter { $0.state == .done }
    #expect(Set(done.map(\.step)).count == done.count, place)
    let lines = try await auditLines(of: PostgresWarehouse(address: address))
    #expect(verifyAudit(lines.flatMap { Array($0.utf8) + [0x0A] }).finding == nil, place)
    let effects = try lines.map { try JSONValue.parse($0) }.filter {
      ["step.done", "step.adopted"].contains($0["event"]?.string)
    }
    #expect(effects.count == done.count { $0.step.step > 0 }, place)
    // The column, its check, two batches and their line.
    #expect(effects.count == 5, place)
  }
}

extension Outside {
  fileprivate func write(_ path: String, _ text: String) {
    git.writeMain(path, Array(text.utf8), message: "merge \(path)")
  }
}
