import DriftCore
import Testing

/// The apply state machine against a reference of a few lines, with random crashes.
struct NextStepTests {
  @Test(arguments: 0..<200 as Range<UInt64>)
  func everyStepTakesEffectOnceWhateverCrashes(seed: UInt64) {
    var random = Seeded(state: seed)
    var world = Reference()
    var rounds = 0
    while rounds < 500 {
      rounds += 1
      let next = nextStep(of: pending, ledger: world.ledger, probe: world.probe)
      if case .finish = next { break }
      // A crash before the act, or between an act outside of the transaction and its record, loses only the record.
      if random.chance(30) { continue }
      world.carryOut(next, losingRecord: random.chance(20))
    }
    #expect(world.executed == [1, 2, 2, 2], "statement 1 once, then three batches")
    #expect(world.patches >= 1)
    #expect(world.order == ["ddl", "fivetran", "backfill"])
  }

  @Test func aDialectThatFillsEveryRowAtOnceIsAskedOnceWithNothingBound() {
    var world = Reference()
    world.columns.append(CatalogueColumn(name: "tier", physicalType: "VARCHAR"))
    var probe = world.probe
    probe.dialect = .snowflake
    probe.sharedKeys = []
    let ledger = (1...5).map { pending.entry(.done, step: $0, kind: "ddl") }
    let step = pending.change.steps[5]
    #expect(
      nextStep(of: pending, ledger: ledger, probe: probe) == .execute(step, statement: 2, parameters: [], part: 0))
    let done = ledger + [pending.entry(.done, step: 6, kind: "backfill", detail: "[]")]
    #expect(nextStep(of: pending, ledger: done, probe: probe) == .finish)
  }

  @Test func whereKeysAreTakenOnTrustOldRowsAreFilledOnlyAfterALook() {
    var world = Reference()
    world.columns.append(CatalogueColumn(name: "tier", physicalType: "VARCHAR"))
    var probe = world.probe
    probe.dialect = .snowflake
    let ledger = (1...5).map { pending.entry(.done, step: $0, kind: "ddl") }
    let source = TableKey(table: account.name, columns: ["id"])
    let target = TableKey(table: mapping.target.table, columns: ["id"])
    #expect(nextStep(of: pending, ledger: ledger, probe: probe) == .probeKeys([source, target]))
    probe.sharedKeys = [target]
    guard case .hold(let reason) = nextStep(of: pending, ledger: ledger, probe: probe) else {
      Issue.record("two rows of the target have one key")
      return
    }
    #expect(reason.contains("rows share a key of \(target)"))
  }

  /// It was there when the change was drafted.
  @Test func whereADeclaredKeyIsGoneOldRowsAreFilledOnlyAfterALook() {
    var world = Reference()
    world.columns.append(CatalogueColumn(name: "tier", physicalType: "text"))
    let ledger = (1...5).map { pending.entry(.done, step: $0, kind: "ddl") }
    guard case .execute = nextStep(of: pending, ledger: ledger, probe: world.probe) else {
      Issue.record("both sides have a key")
      return
    }
    let keys = [
      TableKey(table: account.name, columns: ["id"]), TableKey(table: mapping.target.table, columns: ["id"]),
    ]
    for isLanded in [true, false] {
      var probe = world.probe
      if isLanded { probe.landed?.uniqueKeys = [] } else { probe.target?.uniqueKeys = [["id", "tier"]] }
      #expect(nextStep(of: pending, ledger: ledger, probe: probe) == .probeKeys(keys))
      probe.sharedKeys = []
      guard case .execute = nextStep(of: pending, ledger: ledger, probe: probe) else {
        Issue.record("no two rows share a key")
        return
      }
    }
  }

  @Test func withoutAKeyNoOldRowIsFilled() {
    var keyless = pending
    keyless.mapping?.columns = mapping.columns.filter { !$0.isKey }
    var world = Reference()
    world.columns.append(CatalogueColumn(name: "tier", physicalType: "text"))
    let ledger = (1...5).map { pending.entry(.done, step: $0, kind: "ddl") }
    guard case .hold(let reason) = nextStep(of: keyless, ledger: ledger, probe: world.probe) else {
      Issue.record("the mapping was changed after the merge")
      return
    }
    #expect(reason.contains("names the key"))
  }

  @Test func aMovedTargetStopsTheChange() {
    var world = Reference()
    world.columns.append(CatalogueColumn(name: "tier", physicalType: "integer"))
    guard case .stale = nextStep(of: pending, ledger: [], probe: world.probe) else {
      Issue.record("the column is there with another type")
      return
    }
  }

  /// Nothing of it runs, although the first statement could.
  @Test func aColumnThatOnlyALaterStatementTouchesStopsTheChangeBeforeTheFirst() {
    var two = pending
    two.change.actions = [.addColumn("tier", .text(length: nil)), .addColumn("rank", .text(length: nil))]
    two.change.steps = [1, 2].map { Step(ordinal: $0, work: .ddl(statement: $0)) }
    two.change.footprint.target = ["tier": nil, "rank": nil]
    two.mapping?.columns.append(MappingColumn(sources: ["rep_c"], target: "rank", type: "text"))
    two.statements = two.change.actions.map {
      (try? Dialect.postgres.statement(for: $0, mapping: two.mapping ?? mapping, landed: landed)) ?? ""
    }
    var world = Reference()
    guard case .execute = nextStep(of: two, ledger: [], probe: world.probe) else {
      Issue.record("nothing has moved")
      return
    }
    world.columns.append(CatalogueColumn(name: "rank", physicalType: "integer"))
    #expect(nextStep(of: two, ledger: [], probe: world.probe) == .stale("analytics.account.rank is integer now"))
    world.columns[1].physicalType = "text"
    guard case .execute = nextStep(of: two, ledger: [], probe: world.probe) else {
      Issue.record("what is there already as it shall be is no difference")
      return
    }
  }

  @Test func aColumnThatIsThereAlreadyIsRecordedAndNotAddedAgain() {
    var world = Reference()
    world.columns.append(CatalogueColumn(name: "tier", physicalType: "text"))
    guard case .record(_, "already so") = nextStep(of: pending, ledger: [], probe: world.probe) else {
      Issue.record("it is there already")
      return
    }
  }

  @Test func redIsHeldUntilAPersonAnswersForIt() {
    var red = pending
    red.change.acknowledgements = [Acknowledgement(fingerprint: "f", text: "region_c")]
    guard case .hold(let reason) = nextStep(of: red, ledger: [], probe: Reference().probe) else {
      Issue.record("nobody has acknowledged it")
      return
    }
    #expect(reason.contains("region_c"))
  }

  /// Taking out the line that asks for a name is not an answer.
  @Test func redIsHeldWithoutALineForTheNameToo() {
    var red = pending
    red.change.findings = [
      Finding(
        fingerprint: "f", rule: "column.removed", colour: .red, column: "region_c", judgedBy: "rules", text: "gone")
    ]
    guard case .hold(let reason) = nextStep(of: red, ledger: [], probe: Reference().probe) else {
      Issue.record("nobody has acknowledged it")
      return
    }
    #expect(reason.contains("region_c: gone"))
    red.change = red.change.acknowledged(by: "kim")
    #expect(red.change.acknowledgements == [Acknowledgement(fingerprint: "f", text: "region_c: gone", by: "kim")])
    if case .hold(let reason) = nextStep(of: red, ledger: [], probe: Reference().probe) { Issue.record("\(reason)") }
  }

  @Test func otherContentUnderTheSameNumberIsAnAlarm() {
    var entry = pending.entry(.done, step: 1, kind: "ddl")
    entry.digest = "another"
    guard case .hold = nextStep(of: pending, ledger: [entry], probe: Reference().probe) else {
      Issue.record("the digest differs")
      return
    }
  }

  @Test(arguments: [
    "ALTER TABLE \"analytics\".\"account\" DROP COLUMN \"id\"",
    "ALTER TABLE \"analytics\".\"account\" ADD COLUMN \"tier\" text; DROP TABLE x",
    "ALTER TABLE \"salesforce\".\"account\" ADD COLUMN \"tier\" text",
    "ALTER TABLE \"analytics\".\"account\" ADD COLUMN \"tier\" integer", "GRANT ALL ON x TO y", "",
  ])
  func aStatementThatMeansSomethingElseIsHeld(statement: String) {
    var edited = pending
    edited.statements[0] = statement
    guard case .refuse = nextStep(of: edited, ledger: [], probe: Reference().probe) else {
      Issue.record("it is not what the change says")
      return
    }
  }

  /// Changing a setting cancels the sync that runs. A plain sync is asked for again; a re-sync, which costs, never is.
  @Test(arguments: [
    ("scheduled", false, false, "sync"), ("scheduled", false, true, "wait"), ("syncing", false, false, "wait"),
    ("paused", true, false, "wait"),
  ])
  func aCancelledSyncIsAskedForAgain(state: String, isPaused: Bool, hasJustAsked: Bool, expected: String) {
    for tables in [[], [patch.table]] {
      var change = changed(to: [.sync(resync: tables), .wait(.synced)])
      change.change.acknowledgements.append(Acknowledgement(fingerprint: "resync", text: "", by: "ada"))
      let kind = tables.isEmpty ? "sync" : "resync"
      let asked = change.entry(.done, step: 1, kind: kind, detail: "2026-01-02T00:00:00Z")
      var probe = Reference().probe
      probe.connection?.syncState = state
      probe.connection?.isPaused = isPaused
      probe.connection?.succeededAt = Timestamp(iso8601: "2026-01-01T00:00:00Z")
      probe.hasJustAsked = hasJustAsked
      let next = nextStep(of: change, ledger: [asked], probe: probe)
      switch (next, tables.isEmpty ? expected : "wait") {
      case (.sync(_, let again), "sync"): #expect(again.isEmpty)
      case (.wait(let reason), "wait"): #expect(reason.contains("paused") == isPaused)
      default: Issue.record("\(kind) of a \(state) connection: \(next)")
      }
    }
  }

  /// A connection whose set-up is broken takes no setting and no sync; DDL of the team's own tables goes on.
  @Test func fivetranStepsWaitWhereTheSetUpIsBroken() {
    var world = Reference()
    var probe = world.probe
    probe.connection?.setupState = "broken"
    guard case .execute = nextStep(of: pending, ledger: [], probe: probe) else {
      Issue.record("the column can be added")
      return
    }
    world.columns.append(CatalogueColumn(name: "tier", physicalType: "text"))
    probe.target = world.probe.target
    let patch = pending.change.steps.first { $0.kind == "fivetran" }?.ordinal ?? 1
    let done = (1..<patch).map { pending.entry(.done, step: $0, kind: "ddl") }
    guard case .wait(let reason) = nextStep(of: pending, ledger: done, probe: probe) else {
      Issue.record("nothing is patched")
      return
    }
    #expect(reason.contains("broken"))
  }

  @Test func aReSyncIsNotAskedForBeforeAPersonAnswersForIt() {
    var change = changed(to: [.sync(resync: [patch.table])])
    guard case .hold(let reason) = nextStep(of: change, ledger: [], probe: Reference().probe) else {
      Issue.record("it should be held")
      return
    }
    #expect(reason.contains("{fingerprint: resync, by: ...}"))
    change.change = change.change.acknowledged(by: "ada")
    guard case .sync(_, [patch.table]) = nextStep(of: change, ledger: [], probe: Reference().probe) else {
      Issue.record("it is answered for")
      return
    }
  }

  /// The wait before it may have been over in an earlier run.
  @Test func aSettingIsNotChangedAndNothingReSyncedWhileASyncRuns() {
    for work in [Step.Work.fivetran(patch), .sync(resync: [patch.table])] {
      let change = answered(changed(to: [work]))
      var probe = Reference().probe
      guard nextStep(of: change, ledger: [], probe: probe).wantsNoSync else {
        Issue.record("no sync runs")
        continue
      }
      probe.connection?.syncState = "syncing"
      #expect(nextStep(of: change, ledger: [], probe: probe) == .wait("a sync is running"))
    }
  }

  /// A step that a reviewer wrote in beside findings that say less.
  @Test(arguments: [
    (
      Step.Work.fivetran(SettingsPatch(table: patch.table, column: "Rep__c", hashed: false)),
      "set hashed: false on Rep__c"
    ),
    (
      .fivetran(SettingsPatch(table: patch.table, column: nil, enabled: false)),
      "set enabled: false on salesforce.Account"
    ),
  ])
  func aColumnLessOrInClearTextWantsANameBehindIt(work: Step.Work, words: String) {
    guard case .refuse(let reason) = nextStep(of: changed(to: [work]), ledger: [], probe: Reference().probe) else {
      Issue.record("nobody has answered for it")
      return
    }
    #expect(reason.hasPrefix("refused: it would \(words), and no finding that a person acknowledged says so"))
    if case .refuse(let reason) = nextStep(of: answered(changed(to: [work])), ledger: [], probe: Reference().probe) {
      Issue.record("\(reason)")
    }
  }

  private func answered(_ pending: PendingChange) -> PendingChange {
    var answered = pending
    answered.change.findings = [
      Finding(fingerprint: "f", rule: "a.test", colour: .red, column: nil, judgedBy: "rules", text: "what it costs")
    ]
    answered.change = answered.change.acknowledged(by: "kim")
    return answered
  }

  @Test(arguments: [ConnectionPolicy.SettingsOwner.terraform, .ui])
  func aSettingOfSomebodyElsesIsWaitedForAndNeverChanged(owner: ConnectionPolicy.SettingsOwner) {
    var world = Reference()
    let change = changed(to: [.fivetran(patch), .verify(.setting(patch))])
    var probe = world.probe
    probe.settingsOwner = owner
    guard case .wait(let reason) = nextStep(of: change, ledger: [], probe: probe) else {
      Issue.record("it is not Mooring's to change")
      return
    }
    #expect(reason == "settings belong to \(owner.rawValue): set \(patch.words) there")
    world.isHashed = true
    probe.settings = world.probe.settings
    guard case .record(_, "already so") = nextStep(of: change, ledger: [], probe: probe) else {
      Issue.record("somebody has set it")
      return
    }
  }

  /// The pull request said what to set; that it was set ends the change.
  @Test func aSettingThatSomebodyElseIsToChangeIsLookedForAndNotSent() {
    var world = Reference()
    let change = changed(to: [.verify(.setting(patch))])
    #expect(
      nextStep(of: change, ledger: [], probe: world.probe)
        == .wait("hashed: true is to be set on Rep__c by whoever keeps Fivetran's settings"))
    world.isHashed = true
    #expect(
      nextStep(of: change, ledger: [], probe: world.probe) == .record(change.change.steps[0], detail: patch.words))
  }

  /// Whoever paused a connection unpauses it.
  @Test func aPausedConnectionIsNotAskedToSync() {
    var probe = Reference().probe
    probe.connection?.isPaused = true
    guard case .wait(let reason) = nextStep(of: changed(to: [.sync(resync: [])]), ledger: [], probe: probe) else {
      Issue.record("it should wait")
      return
    }
    #expect(reason.contains("resume it there"))
  }

  /// What Mooring paused goes on for the change that answers it, and for no other.
  @Test func aConnectionThatMooringPausedGoesOnForTheChangeThatAnswersIt() {
    let moment = Timestamp(microseconds: 0)
    let pause = ConnectionPause(
      number: 1, connection: "s", findings: [PausingFinding(fingerprint: "f", subject: "salesforce.account.rep_c")],
      since: moment, until: moment.adding(seconds: 86_400))
    let ledger = [LedgerEntry.State.intended, .done].map { pause.setting($0, in: pending.destination) }
    var probe = Reference().probe
    probe.connection?.isPaused = true
    probe.connection?.syncState = "paused"
    for steps in [[.sync(resync: [])], [.wait(.synced)]] as [[Step.Work]] {
      var change = changed(to: steps)
      guard case .wait(let reason) = nextStep(of: change, ledger: ledger, probe: probe) else {
        Issue.record("it answers nothing")
        return
      }
      #expect(reason.contains("1 red finding (salesforce.account.rep_c)") && reason.contains("mooring resume s"))
      change.change.findings = [
        Finding(fingerprint: "f", rule: "type", colour: .yellow, column: nil, judgedBy: "rules", text: "")
      ]
      guard case .unpause = nextStep(of: change, ledger: ledger, probe: probe) else {
        Issue.record("it answers for the pause")
        return
      }
      // What is not on record as done may be somebody else's.
      if case .unpause = nextStep(of: change, ledger: [ledger[0]], probe: probe) { Issue.record("who paused it?") }
    }
  }

  /// It was reviewed for another type: the reader is told that it moved, not that its SQL is wrong.
  @Test func aLandedTypeThatMovedMakesAChangeStaleBeforeItsStatementsAreJudged() {
    var edited = pending
    edited.statements[0] = "nonsense"
    var probe = Reference().probe
    probe.landed?.columns = [
      ObservedColumn(name: "id", type: .text(length: nil), physicalType: "text", landed: .present),
      ObservedColumn(name: "rep_c", type: .integer(bits: 32), physicalType: "integer", landed: .present),
    ]
    guard case .stale(let reason) = nextStep(of: edited, ledger: [], probe: probe) else {
      Issue.record("rep_c has another type")
      return
    }
    #expect(reason.contains("rep_c has another type now"))
  }

  private func changed(to steps: [Step.Work]) -> PendingChange {
    var changed = pending
    changed.change.steps = steps.enumerated().map { Step(ordinal: $0.offset + 1, work: $0.element) }
    return changed
  }

  @Test func changeFoldersAreFoundByTheirPlace() {
    let tree = RepositoryTree(
      commit: "c",
      files: [
        "contracts/s/s.t/changes/0002-add-x/change.yaml": "1",
        "contracts/s/s.t/changes/0002-add-x/up.sql": "2", "contracts/s/s.t/changes/x-y/change.yaml": "3",
        "contracts/s/s.t/contract.odcs.yaml": "4", "other/s/s.t/changes/0001-a/change.yaml": "5",
      ])
    let folders = changeFolders(in: tree, root: "contracts")
    #expect(folders.map(\.number) == [2])
    #expect(folders.first?.files.keys.sorted() == ["change.yaml", "up.sql"])
  }
}

private let mapping = Mapping(
  connection: "s", source: account.name,
  target: Target(table: TableName(schema: "analytics", name: "account"), kind: .table),
  columns: [
    MappingColumn(sources: ["id"], target: "id", type: "text", isKey: true),
    MappingColumn(sources: ["rep_c"], target: "tier", type: "text"),
  ])

private let patch = SettingsPatch(
  table: SourceTable(schema: "salesforce", name: "Account"), column: "Rep__c", hashed: true)

private let landed: [ColumnName: ColumnType] = ["id": .text(length: nil), "rep_c": .text(length: nil)]

private let pending: PendingChange = {
  let actions: [AlterAction] = [.addColumn("tier", .text(length: nil)), .backfill(["tier"])]
  let steps: [Step.Work] = [
    .ddl(statement: 1), .verify(.targetColumn("tier", .text(length: nil))), .wait(.idle),
    .fivetran(patch), .verify(.setting(patch)), .backfill(statement: 2, batch: 10),
  ]
  let change = DriftCore.Change(
    number: 1, slug: "add-tier", connection: "s", table: account.name, target: mapping.target.table,
    actions: actions,
    steps: steps.enumerated().map { Step(ordinal: $0.offset + 1, work: $0.element) },
    footprint: Footprint(target: ["tier": nil], landed: landed))
  let statements = actions.map {
    (try? Dialect.postgres.statement(for: $0, mapping: mapping, landed: landed)) ?? ""
  }
  let folder = changeFolders(
    in: RepositoryTree(commit: "c", files: ["contracts/s/t/changes/0001-add-tier/change.yaml": "b"]),
    root: "contracts")[0]
  return PendingChange(
    folder: folder, change: change, statements: statements, mapping: mapping, destination: "w",
    commit: "c")
}()

/// What a destination and Fivetran do, in the least of words.
private struct Reference {
  var columns = [CatalogueColumn(name: "id", physicalType: "text")]
  var ledger: [LedgerEntry] = []
  var isHashed = false
  var executed: [Int] = []
  var patches = 0
  var order: [String] = []

  var probe: Probe {
    Probe(
      target: CatalogueTable(name: mapping.target.table, columns: columns, uniqueKeys: [["id"]]),
      landed: ObservedTable(
        landed: CatalogueTable(
          name: account.name,
          columns: landed.keys.map { CatalogueColumn(name: $0, physicalType: "text") }, uniqueKeys: [["id"]]),
        dialect: .postgres),
      connection: ConnectionStatus(id: "i", schema: "s", service: "salesforce", groupID: "g"),
      settings: ConnectionSettings(
        changeHandling: .allowAll,
        tables: [
          TableSetting(
            source: patch.table, name: account.name, isEnabled: true,
            columns: [ColumnSetting(source: "Rep__c", name: "rep_c", isHashed: isHashed)])
        ]), dialect: .postgres)
  }

  mutating func carryOut(_ next: NextStep, losingRecord: Bool) {
    switch next {
    case .execute(let step, let statement, _, let part):
      // Statement and ledger line are one transaction: never one without the other.
      executed.append(statement)
      note(step.kind)
      if statement == 1 { columns.append(CatalogueColumn(name: "tier", physicalType: "text")) }
      let detail = part == 0 ? "" : part < 3 ? #"["k\#(part)","10"]"# : "[]"
      ledger.append(pending.entry(.done, step: step.ordinal, part: part, kind: step.kind, detail: detail))
    case .patch(let step, _):
      patches += 1
      isHashed = true
      note(step.kind)
      if !losingRecord { ledger.append(pending.entry(.done, step: step.ordinal, kind: step.kind)) }
    case .record(let step, let detail):
      if !losingRecord {
        ledger.append(pending.entry(.done, step: step.ordinal, kind: step.kind, detail: detail))
      }
    case .sync, .unpause, .finish, .wait, .hold, .refuse, .stale, .probeKeys:
      Issue.record("\(next)")
    }
  }

  private mutating func note(_ kind: String) {
    if order.last != kind { order.append(kind) }
  }
}

private struct Seeded {
  var state: UInt64

  mutating func chance(_ percent: UInt64) -> Bool {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) % 100 < percent
  }
}
