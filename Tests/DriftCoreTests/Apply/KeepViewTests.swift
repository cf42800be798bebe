import DriftCore
import Testing

/// A view that is made anew beside the old one, on a warehouse that commits each statement by itself.
struct KeepViewTests {
  @Test(arguments: 0..<50 as Range<UInt64>)
  func everyStatementTakesEffectOnceWhateverCrashes(seed: UInt64) {
    var state = seed
    func chance() -> Bool {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % 100 < 40
    }
    var views = before
    var ledger: [LedgerEntry] = []
    var executed: [Int] = []
    for _ in 0..<200 {
      let next = nextStep(of: pending, ledger: ledger, probe: probe(views))
      switch next {
      case .finish:
        #expect(views.kept == before.target)
        #expect(views.target?.columns.map(\.name) == ["seats", "id"])
        #expect(views.target?.view?.grants == grants)
        #expect(executed.filter { $0 != 2 } == [1, 3, 4], "making the view again changes nothing")
        #expect(missingResult(of: pending, probe: probe(views)) == nil)
        return
      case .execute(let step, let statement, _, _):
        executed.append(statement)
        switch statement {
        case 1: (views.kept, views.target) = (views.target, nil)
        case 2: views.target = view(["seats", "id"], views.target?.view?.grants ?? [])
        default: views.target?.view?.grants.append(grants[statement - 3])
        }
        if !chance() { ledger.append(pending.entry(.done, step: step.ordinal, kind: step.kind)) }
      case .record(let step, let detail):
        ledger.append(pending.entry(.done, step: step.ordinal, kind: step.kind, detail: detail))
      case .patch, .probeKeys, .sync, .unpause, .wait, .hold, .refuse, .stale:
        Issue.record("\(next)")
        return
      }
    }
    Issue.record("it does not end")
  }

  @Test func aChangeWhoseOldViewMovedIsStaleAndNothingRuns() {
    let moved: [Views] = [
      Views(target: nil, kept: nil),
      Views(target: view(["id", "seats"], Array(grants.dropLast())), kept: nil),
      Views(target: view(["id", "seats"], grants + [Grant([.insert], to: .everyone)]), kept: nil),
      Views(target: view(["id"], grants), kept: nil),
      Views(target: view(["id", "more", "seats"], grants), kept: nil),
      Views(target: CatalogueTable(name: name, columns: before.target?.columns ?? []), kept: nil),
      Views(target: before.target, kept: before.target),
    ]
    for views in moved {
      guard case .stale = nextStep(of: pending, ledger: [], probe: probe(views)) else {
        Issue.record("\(views)")
        continue
      }
    }
  }

  @Test func onceTheOldViewHasGivenItsNameAwayAPersonIsAsked() {
    let renamed = [pending.entry(.done, step: 1, kind: "ddl")]
    let inTheWay: [Views] = [
      Views(target: nil, kept: nil), Views(target: view(["other"], []), kept: before.target),
      Views(target: CatalogueTable(name: name, columns: []), kept: before.target),
    ]
    for views in inTheWay {
      guard case .hold(let reason) = nextStep(of: pending, ledger: renamed, probe: probe(views)) else {
        Issue.record("\(views)")
        continue
      }
      #expect(reason.contains("down.sql"))
    }
    var gone = probe(Views(target: nil, kept: before.target))
    gone.landed?.columns.removeAll { $0.name == "seats" }
    guard case .hold = nextStep(of: pending, ledger: renamed, probe: gone) else {
      Issue.record("the view reads what is gone")
      return
    }
  }

  @Test func rightsAreGrantedOnlyBehindAViewThatWasMadeAnew() {
    let orders: [[AlterAction]] = [
      [.grant(grants[0])], [.replaceView, .grant(grants[0])], [.grant(grants[0]), .replaceView],
      [.grant(grants[0]), .renameTable(to: "account_before_0007"), .replaceView],
      [.renameTable(to: "account_before_0007"), .grant(grants[0]), .replaceView],
    ]
    for actions in orders {
      var wrong = pending
      wrong.change.actions = actions
      wrong.statements = actions.map(statement)
      guard case .refuse = nextStep(of: wrong, ledger: [], probe: probe(before)) else {
        Issue.record("\(actions)")
        continue
      }
    }
  }
}

private struct Views {
  var target: CatalogueTable?
  var kept: CatalogueTable?
}

private let name = TableName(schema: "analytics", name: "account")

private let grants = [
  Grant([.select], to: .everyone), Grant([.select, .insert], to: .named(.user, "lead"), isGrantable: true),
]

private let before = Views(target: view(["id", "seats"], grants), kept: nil)

private func view(_ columns: [ColumnName], _ grants: [Grant]) -> CatalogueTable {
  CatalogueTable(
    name: name, isView: true,
    columns: columns.map { CatalogueColumn(name: $0, physicalType: $0 == "seats" ? "bigint" : "text") },
    view: ViewFacts(grants: grants))
}

private func probe(_ views: Views) -> Probe {
  let landed = CatalogueTable(
    name: mapping.source,
    columns: [
      CatalogueColumn(name: "id", physicalType: "text"), CatalogueColumn(name: "seats", physicalType: "bigint"),
    ])
  return Probe(
    target: views.target, kept: views.kept, landed: ObservedTable(landed: landed, dialect: .postgres),
    connection: nil, settings: nil, dialect: .postgres)
}

private let mapping = Mapping(
  connection: "s", source: TableName(schema: "s", name: "t"), target: Target(table: name, kind: .view),
  columns: [
    MappingColumn(sources: ["seats"], target: "seats", type: "bigint"),
    MappingColumn(sources: ["id"], target: "id", type: "text"),
  ])

private let landed: [ColumnName: ColumnType] = ["id": .text(length: nil), "seats": .integer(bits: 64)]

private func statement(_ action: AlterAction) -> String {
  (try? Dialect.postgres.statement(for: action, mapping: mapping, landed: landed)) ?? ""
}

private let pending: PendingChange = {
  let actions: [AlterAction] = [.renameTable(to: "account_before_0007"), .replaceView] + grants.map { .grant($0) }
  let steps: [Step.Work] = (1...4).map { .ddl(statement: $0) } + [.verify(.targetView)]
  let change = DriftCore.Change(
    number: 7, slug: "render-table", connection: "s", table: mapping.source, target: name, actions: actions,
    steps: steps.enumerated().map { Step(ordinal: $0.offset + 1, work: $0.element) },
    footprint: Footprint(target: landed.mapValues { .some($0) }, landed: landed))
  let folder = changeFolders(
    in: RepositoryTree(commit: "c", files: ["contracts/s/t/changes/0007-render-table/change.yaml": "b"]),
    root: "contracts")[0]
  return PendingChange(
    folder: folder, change: change, statements: actions.map(statement), mapping: mapping, destination: "w",
    commit: "c")
}()
