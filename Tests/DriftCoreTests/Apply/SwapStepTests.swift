import DriftCore
import Testing

/// A change of type in several steps, on a warehouse that commits each statement by itself.
struct SwapStepTests {
  @Test(arguments: 0..<50 as Range<UInt64>)
  func everyStatementOfASwapTakesEffectOnceWhateverCrashes(seed: UInt64) {
    var state = seed
    func chance() -> Bool {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % 100 < 30
    }
    var columns: [ColumnName: String] = ["id": "VARCHAR(65535)", "seats": "INTEGER"]
    var ledger: [LedgerEntry] = []
    var executed: [Int] = []
    for _ in 0..<200 {
      let next = nextStep(of: swap, ledger: ledger, probe: probe(columns))
      switch next {
      case .finish:
        #expect(columns == ["id": "VARCHAR(65535)", "seats": "BIGINT", "seats__old": "INTEGER"])
        #expect(executed.filter { $0 != 2 } == [1, 3, 4])
        #expect(missingResult(of: swap, probe: probe(columns)) == nil)
        return
      case .execute(let step, let statement, _, _):
        executed.append(statement)
        switch statement {
        case 1: columns["seats__new"] = "BIGINT"
        case 3: columns["seats__old"] = columns.removeValue(forKey: "seats")
        case 4: columns["seats"] = columns.removeValue(forKey: "seats__new")
        default: break
        }
        if !chance() { ledger.append(swap.entry(.done, step: step.ordinal, kind: step.kind)) }
      case .record(let step, let detail):
        ledger.append(swap.entry(.done, step: step.ordinal, kind: step.kind, detail: detail))
      case .patch, .probeKeys, .sync, .unpause, .wait, .hold, .refuse, .stale:
        Issue.record("\(next)")
        return
      }
    }
    Issue.record("it does not end")
  }

  @Test func aColumnThatMovedMeanwhileStopsTheSwap() {
    let done = [1, 2].map { swap.entry(.done, step: $0, kind: "ddl") }
    func next(_ columns: [ColumnName: String]) -> NextStep { nextStep(of: swap, ledger: done, probe: probe(columns)) }
    guard case .stale = next(["id": "VARCHAR(65535)", "seats": "DATE", "seats__new": "BIGINT"]),
      case .stale = next(["id": "VARCHAR(65535)", "seats": "INTEGER"])
    else {
      Issue.record("the columns are others than reviewed")
      return
    }
  }

  private func probe(_ columns: [ColumnName: String]) -> Probe {
    Probe(
      target: CatalogueTable(
        name: swapped.target.table,
        columns: columns.sorted { $0.key < $1.key }.map { CatalogueColumn(name: $0.key, physicalType: $0.value) }),
      landed: nil, connection: nil, settings: nil, dialect: .redshift)
  }
}

private let swapped = Mapping(
  connection: "s", source: TableName(schema: "s", name: "t"),
  target: Target(table: TableName(schema: "analytics", name: "t"), kind: .table),
  columns: [MappingColumn(sources: ["seats"], target: "seats", type: "BIGINT")])

private let swap: PendingChange = {
  let dialect = Dialect.redshift
  let seats = RetypedColumn("seats", isKey: false, isRequired: false)
  let actions = (try? dialect.retype(seats, from: .integer(bits: 32), to: .integer(bits: 64), taken: [])) ?? []
  let steps: [Step.Work] = [
    .ddl(statement: 1), .ddl(statement: 2), .ddl(statement: 3), .ddl(statement: 4),
    .verify(.targetColumn("seats", .integer(bits: 64))),
  ]
  let change = DriftCore.Change(
    number: 1, slug: "retype-seats", connection: "s", table: swapped.source, target: swapped.target.table,
    actions: actions, steps: steps.enumerated().map { Step(ordinal: $0.offset + 1, work: $0.element) },
    footprint: Footprint(target: ["seats": .integer(bits: 32), "seats__new": nil, "seats__old": nil], landed: [:]))
  let folder = changeFolders(
    in: RepositoryTree(commit: "c", files: ["contracts/s/t/changes/0001-retype-seats/change.yaml": "b"]),
    root: "contracts")[0]
  return PendingChange(
    folder: folder, change: change,
    statements: actions.map { (try? dialect.alter(swapped.target.table, $0)) ?? "" }, mapping: swapped,
    destination: "w", commit: "c")
}()
