import DriftCore
import Testing

/// What holds of every contract and every snapshot.
struct LawTests {
  @Test(arguments: 0..<300 as Range<UInt64>)
  func aSchemaDoesNotDifferFromItself(seed: UInt64) {
    let table = SeededRandom(seed).observedTable()
    #expect(changes(from: contract(promising: table, connection: "c"), to: table).isEmpty)
  }

  /// What is proposed and merged is what is then promised: the next look finds nothing.
  @Test(arguments: 0..<400 as Range<UInt64>)
  func applyingWhatDiffersGivesWhatIsThere(seed: UInt64) throws {
    let random = SeededRandom(seed)
    let before = random.observedTable()
    let after = random.changed(before)
    let promise = contract(promising: before, connection: "c")
    let found = changes(from: promise, to: after)
    if found.isEmpty { return }
    let edited = try applying(found, to: promise, landed: after)
    let left = changes(from: edited, to: after)
    #expect(left.isEmpty, "\(found.map { fact($0) }) left \(left.map { fact($0) })")
  }

  /// Of a table of which some was refused, the rest is proposed once: after its merge nothing is left but what was refused.
  @Test(arguments: 0..<400 as Range<UInt64>)
  func applyingTheRestLeavesWhatWasRefused(seed: UInt64) throws {
    let random = SeededRandom(seed)
    let before = random.observedTable()
    let after = random.changed(before)
    var scene = scene(promising: contract(promising: before, connection: "c"), landed: after)
    let found = scene.judged()
    let refused = Set(found.filter { _ in random.chance(40) }.map(\.fingerprint))
    let remainder = scene.remainder(of: found, refused: refused)
    if remainder.proposed.isEmpty { return }
    scene.contract = try merged(remainder.proposed, refused: remainder.refused, in: scene)
    let left = scene.judged()
    // A column whose rival is promised may be the other one's heir after all, which nobody has said no to.
    let isNew = { (change: ClassifiedChange) in
      if case .columnRenamed = change.change { false } else { !refused.contains(change.fingerprint) }
    }
    let again = scene.remainder(of: left, refused: refused).proposed.filter(isNew)
    #expect(again.isEmpty, "\(found.map { fact($0.change) }) left \(again.map { fact($0.change) })")
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func theOrderOfColumnsDoesNotMatter(seed: UInt64) {
    let random = SeededRandom(seed)
    let before = random.observedTable()
    let after = random.changed(before)
    let promise = contract(promising: before, connection: "c")
    var (turnedPromise, turned) = (promise, after)
    turnedPromise.columns.reverse()
    turned.columns = turned.columns.map { (random.next(), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    #expect(Set(changes(from: turnedPromise, to: turned)) == Set(changes(from: promise, to: after)))
  }

  /// A fact that nobody gives is never a difference, whatever else changed.
  @Test(arguments: 0..<300 as Range<UInt64>)
  func knowingLessNeverFindsMore(seed: UInt64) {
    let random = SeededRandom(seed)
    let before = random.observedTable()
    var dim = random.changed(before)
    let promise = contract(promising: before, connection: "c")
    let found = Set(changes(from: promise, to: dim).map(\.kindOnly))
    (dim.isView, dim.syncMode, dim.uniqueKeys, dim.primaryKey) = (nil, nil, [], nil)
    for index in dim.columns.indices {
      dim.columns[index].isNullable = nil
      dim.columns[index].isPrimaryKey = nil
      dim.columns[index].isEnabled = nil
      dim.columns[index].isHashed = nil
    }
    let left = Set(changes(from: promise, to: dim).map(\.kindOnly)).subtracting([""])
    #expect(left.subtracting(found).isEmpty)
  }

  private func changes(from contract: Contract, to table: ObservedTable) -> [SchemaChange] {
    diff(from: contract, to: table, dialect: .postgres)
  }

  private func fact(_ change: SchemaChange) -> String { "\(change.word) \(change.column?.text ?? "")" }

  private func applying(_ changes: [SchemaChange], to promise: Contract, landed: ObservedTable) throws -> Contract {
    let scene = scene(promising: promise, landed: landed)
    return try merged(scene.judged(), in: scene)
  }

  private func scene(promising promise: Contract, landed: ObservedTable) -> Scene {
    var scene = Scene(.postgres)
    (scene.contract, scene.table, scene.mapping.target.kind) = (promise, landed, .none)
    scene.mapping.columns = []
    scene.policies = ["pk": .review]
    return scene
  }

  private func merged(
    _ changes: [ClassifiedChange], refused: RefusedParts = RefusedParts(), in scene: Scene
  ) throws -> Contract {
    let drafted = try scene.drafted(changes, refused: refused)
    let bytes = try #require(drafted.edits.first { $0.path.hasSuffix("contract.odcs.yaml") }?.bytes)
    return try #require(parseContract(bytes, path: "c").0)
  }
}

extension SchemaChange {
  /// Without what else is known of the column.
  fileprivate var kindOnly: String {
    switch self {
    // Two columns of which less is known are more alike.
    case .renameSuspected, .columnRenamed: ""
    default: "\(word) \(column?.text ?? "")"
    }
  }
}

extension SeededRandom {
  private static let names = [
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima",
  ]

  func spelledType() -> String {
    pick(["text", "integer", "bigint", "numeric(18,2)", "boolean", "date", "timestamp with time zone", "varchar(40)"])
  }

  func observedColumn(_ name: String) -> ObservedColumn {
    let spelled = spelledType()
    return ObservedColumn(
      name: ColumnName(name), sourceName: name, type: Dialect.postgres.parseType(spelled), physicalType: spelled,
      isNullable: chance(60), isPrimaryKey: chance(25), isEnabled: true, isHashed: chance(10), inSource: .present,
      landed: .present)
  }

  func observedTable() -> ObservedTable {
    let columns = Self.names.filter { _ in chance(60) }.map { observedColumn($0) }
    var table = ObservedTable(
      name: TableName(schema: "s", name: "t"), source: SourceTable(schema: "s", name: "T"), isEnabled: chance(80),
      syncMode: pick(SyncMode.allCases), inSource: .present, landed: .present, isView: chance(10), columns: columns)
    keys(of: &table)
    return table
  }

  private func keys(of table: inout ObservedTable) {
    let key = table.columns.filter { $0.isPrimaryKey == true }.map(\.name)
    table.primaryKey = chance(50) ? key : key.reversed()
    let unique = table.columns.filter { $0.isPrimaryKey != true && chance(15) }.map { [$0.name] }
    table.uniqueKeys = (key.isEmpty ? [] : [key.sorted()]) + unique
  }

  /// The same table after some time at the source and in Fivetran.
  func changed(_ table: ObservedTable) -> ObservedTable {
    var table = table
    for index in table.columns.indices {
      switch next() % 10 {
      case 0: table.columns[index].inSource = .absent
      case 1:
        let spelled = spelledType()
        (table.columns[index].type, table.columns[index].physicalType) = (Dialect.postgres.parseType(spelled), spelled)
      case 2: table.columns[index].isNullable?.toggle()
      case 3: table.columns[index].isPrimaryKey?.toggle()
      case 4: table.columns[index].isEnabled?.toggle()
      case 5: table.columns[index].isHashed?.toggle()
      default: break
      }
    }
    for _ in 0..<next() % 3 {
      table.columns.append(observedColumn("new_\(Self.names[Int(next() % 12)])_\(next() % 100)"))
    }
    var seen: Set<ColumnName> = []
    table.columns = table.columns.filter { seen.insert($0.name).inserted }.sorted { $0.name < $1.name }
    if chance(20) { table.syncMode = pick(SyncMode.allCases) }
    if chance(20) { table.isEnabled.toggle() }
    if chance(10) { table.isView?.toggle() }
    keys(of: &table)
    return table
  }
}
