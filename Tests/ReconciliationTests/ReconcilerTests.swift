import DriftCore
import Reconciliation
import Testing

@testable import soak

/// Single promises of the reconciler, in a world in which nothing goes wrong by chance.
struct ReconcilerTests {
  private let outside = Outside(seed: 1)

  @Test func aConnectionThatNeverSyncedIsNoFailure() async throws {
    await outside.change { $0.hasSynced = false }
    let report = try await run()
    #expect(!report.isIncomplete)
    #expect(report.connections.first?.gaps == ["it has not synced yet: there is nothing to compare"])
  }

  /// The drift that is known without the source's own list is proposed all the same; nothing is concluded from silence.
  @Test func aSourceThatDoesNotListItsColumnsIsAGap() async throws {
    await outside.change {
      $0.tables["account"]?["tier"] = SourceSide.Column(type: "text")
      $0.isMute = true
    }
    await outside.sync()
    let report = try await run()
    #expect(!report.isIncomplete)
    #expect(report.connections.first?.gaps.first?.contains("did not list the columns") == true)
    #expect(await outside.pullRequests.count == 1)
    #expect(await outside.broken.isEmpty)
  }

  @Test func whatATargetLacksIsProposedOnceAndRefusedForGood() async throws {
    await outside.drop("name", from: "account")
    await outside.sync()
    #expect(try await rules(run()) == ["target.columnMissing"])
    #expect(await outside.pullRequests.count == 1)
    #expect(try await run().connections.first?.actions.isEmpty == true)
    await outside.refuse("mooring/crm/crm-account")
    await outside.loseCaches()
    #expect(try await run().connections.first?.tables.first?.standing == .refused)
  }

  @Test func aStaleChangeIsReplacedByOneThatSaysSo() async throws {
    await outside.change { $0.tables["account"]?["size"] = SourceSide.Column(type: "integer") }
    await outside.sync()
    _ = try await run()
    await outside.finishReviews()
    await outside.add("size", "smallint", to: "account")
    let report = try await run()
    guard case .stale(let reason)? = report.applied.first?.outcome else {
      Issue.record("it should be stale: \(report.applied)")
      return
    }
    #expect(reason.contains("smallint"))
    let drafted = try #require(report.connections.first?.actions.compactMap(\.proposal).first?.tables.first)
    #expect(drafted.change.supersedes == 1)
    #expect(drafted.change.actions == [.setType("size", .integer(bits: 32))])
    let body = report.connections.first?.actions.compactMap(\.proposal).first?.body ?? ""
    #expect(body.contains("Replaces change 1"))
    await outside.finishReviews()
    #expect(try await run().applied.first?.outcome == .applied)
    #expect(await outside.type(of: "size", in: "account") == "integer")
  }

  /// What Mooring cannot decide is shown and never proposed.
  @Test func aTargetOfAnotherTypeIsReported() async throws {
    await outside.drop("amount", from: "account")
    await outside.add("amount", "date", to: "account")
    await outside.sync()
    let report = try await run()
    #expect(rules(report) == ["target.typeDiffers"])
    #expect(await outside.pullRequests.isEmpty)
  }

  /// However many proposals a connection has, its branches go over the network together.
  @Test func theBranchesOfAConnectionArePushedAtOnce() async throws {
    await outside.change { source in
      for name in source.tables.keys { source.tables[name]?["email"] = SourceSide.Column(type: "text") }
    }
    await outside.sync()
    let report = try await run()
    #expect(report.connections.first?.actions.map(\.kind) == [.opened, .opened, .opened])
    #expect(await outside.pushes == 1)
    _ = try await run()
    #expect(await outside.pushes == 1)
  }

  /// Lifted is what was shown, and nothing beyond it.
  @Test func aMassRemovalIsHeldUntilAPersonLiftsIt() async throws {
    await outside.change { source in
      for name in source.tables.keys.sorted() {
        source.tables[name]?["score"]?.isGone = true
        source.tables[name]?["score"]?.isTouched = true
      }
    }
    await outside.sync()
    #expect(try await heldReason(run()) != nil)
    #expect(await outside.pullRequests.isEmpty)
    let holds = Holds(Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0))
    let hold = try #require(try await holds.hold(on: "crm"))
    try await holds.lift(hold, for: "crm")
    await outside.change { $0.tables["deal"]?["amount"]?.isGone = true }
    #expect(try await heldReason(run()) != nil, "one more is beyond what was lifted")
    await outside.change { $0.tables["deal"]?["score"]?.isGone = false }
    #expect(
      try await heldReason(run())?.hasPrefix(hold.reason) == true, "as many, and others, are beyond it too")
    await outside.change {
      $0.tables["deal"]?["amount"]?.isGone = false
      $0.tables["deal"]?["score"]?.isGone = true
    }
    #expect(try await heldReason(run()) == nil)
    #expect(await outside.pullRequests.count == 3)
    #expect(try await holds.hold(on: "crm") == nil)
  }

  @Test func aLiftEndsWithWhatItWasFor() async throws {
    let instance = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0)
    let holds = Holds(instance)
    let hold = Hold(reason: "3 of 4 columns removed at once", gone: ["column s.t.a"])
    try await holds.lift(hold, for: "crm")
    _ = try await run()
    #expect(try await instance.value(for: "lifted/crm") == "")
  }

  /// What is read of it proves nothing, whatever it shows.
  @Test(arguments: [("broken", nil), ("incomplete", nil), ("connected", "blocked_on_capture")] as [(String, String?)])
  func aConnectionThatIsNotSetUpIsHeldAndSaysHowItEnds(setup: String, schema: String?) async throws {
    await outside.change { source in
      source.tables["account"]?["tier"] = SourceSide.Column(type: "text")
      source.setupState = setup
      source.schemaStatus = schema
    }
    await outside.sync()
    let reason = try #require(try await heldReason(run()))
    #expect(reason.contains(schema ?? setup) && reason.contains("there"))
    #expect(await outside.pullRequests.isEmpty)
    let holds = Holds(Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0))
    #expect(try await holds.reason(on: "crm") == reason, "for `mooring status`")
    await outside.change { source in
      source.setupState = "connected"
      source.schemaStatus = "ready"
    }
    #expect(try await heldReason(run()) == nil)
    #expect(try await holds.reason(on: "crm") == nil)
    #expect(await outside.pullRequests.count == 1)
  }

  /// Half of a listing is no return of what is open.
  @Test func whatIsOpenForATableThatIsNotListedStays() async throws {
    await outside.change { $0.tables["account"]?["tier"] = SourceSide.Column(type: "text") }
    await outside.sync()
    _ = try await run()
    let account = await outside.source.tables["account"]
    await outside.change { $0.tables["account"] = nil }
    await outside.sync()
    #expect(try await run().connections.first?.gaps.count == 1)
    #expect(await outside.pullRequests.count == 1)
    await outside.change { $0.tables["account"] = account }
    await outside.sync()
    #expect(try await run().connections.first?.actions == [])
  }

  /// A right was lost: what is not seen is not gone.
  @Test(arguments: ["crm", "analytics"])
  func whatTheCatalogueNoLongerShowsIsNotRemoved(schema: String) async throws {
    _ = try await run()
    await outside.sync()
    await outside.hide(schema)
    let report = try await run()
    #expect(report.connections.flatMap(\.actions) == [])
    #expect(await outside.pullRequests.isEmpty)
    #expect(!rules(report).contains { $0.contains("emoved") }, "\(rules(report))")
  }

  private func heldReason(_ report: RunReport) -> String? {
    if case .held(let reason)? = report.connections.first?.outcome { reason } else { nil }
  }

  @Test func anObservedConnectionIsOnlyLookedAt() async throws {
    await outside.change { $0.tables["account"]?["tier"] = SourceSide.Column(type: "text") }
    await outside.sync()
    let before = await outside.writes
    let report = try await run(mode: .observe)
    #expect(report.connections.first?.tables.first?.standing == .reported)
    #expect(await outside.writes == before)
  }

  private func run(mode: ConnectionPolicy.Mode = .propose) async throws -> RunReport {
    if await outside.git.commits.count == 1 {
      await outside.begin()
    }
    let instance = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0)
    return try await instance.reconciler(mode: mode).run()
  }

  private func rules(_ report: RunReport) -> [String] {
    report.connections.flatMap(\.tables).flatMap(\.changes).map(\.verdict.rule)
  }
}

extension Outside {
  fileprivate func change(_ work: @Sendable (inout SourceSide) -> Void) {
    if git.commits.count == 1 { begin() }
    work(&source)
  }

  fileprivate func drop(_ column: ColumnName, from name: String) {
    if git.commits.count == 1 { begin() }
    warehouse.tables[target(name)]?.columns.removeAll { $0.name == column }
  }

  fileprivate func add(_ column: ColumnName, _ type: String, to name: String) {
    warehouse.tables[target(name)]?.columns.append(CatalogueColumn(name: column, physicalType: type))
  }

  fileprivate func type(of column: ColumnName, in name: String) -> String? {
    warehouse.tables[target(name)]?.columns.first { $0.name == column }?.physicalType
  }

  fileprivate func hide(_ schema: String) { warehouse.tables = warehouse.tables.filter { $0.key.schema != schema } }

  private func target(_ name: String) -> TableName { TableName(schema: "analytics", name: name) }
}
