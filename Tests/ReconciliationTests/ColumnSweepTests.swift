import DriftCore
import Reconciliation
import Testing

@testable import soak

/// A column that went, and that Fivetran's settings do not tell of, shows when its table's turn comes.
struct ColumnSweepTests {
  private let outside = Outside(seed: 1)

  @Test func aRemovalThatOnlyTheSourceShowsIsFoundWithinADay() async throws {
    try await loseScore()
    #expect(try await rules(run()) == [], "not its turn yet")
    let report = try await nextDay()
    #expect(rules(report) == ["column.removed"])
    #expect(report.usage.columnCalls == 4, "three tables, and a second look where one is missing")
    #expect(await outside.pullRequests.keys.sorted() == ["mooring/crm/crm-account"])
  }

  /// The settings do not tell of it in the next look either: its table is asked again as long as it is proposed.
  @Test(arguments: [true, false])
  func whatIsProposedForItStays(remembers: Bool) async throws {
    try await loseScore()
    _ = try await nextDay()
    let writes = await outside.writes
    if !remembers { await outside.loseCaches() }
    await outside.sync()
    #expect(try await run().connections.first?.tables.first?.standing == .open(branch: "mooring/crm/crm-account"))
    #expect(await outside.writes == writes)
    await outside.change { $0.isMute = true }
    #expect(try await run().connections.first?.gaps.count == 1)
    #expect(await outside.writes == writes, "no answer is no return")
  }

  @Test func whatCameBackIsClosed() async throws {
    try await loseScore()
    _ = try await nextDay()
    await outside.change { $0.tables["account"]?["score"] = SourceSide.Column(type: "numeric(10,2)") }
    _ = try await run()
    #expect(await outside.pullRequests.isEmpty)
  }

  @Test func aSourceThatDoesNotAnswerIsToldAndStopsNothing() async throws {
    try await loseScore()
    await outside.change { $0.isMute = true }
    let report = try await nextDay()
    #expect(report.warnings.first?.contains("a removal would not show") == true)
    #expect(report.usage.columnCalls == 1)
    #expect(!report.isIncomplete && report.connections.first?.gaps == [])
  }

  @Test func aLookThatChangesNothingAsksForNone() async throws {
    try await loseScore()
    await outside.passDays(1)
    await outside.sync()
    let report = try await reconciler().run(isDryRun: true)
    #expect(report.usage.columnCalls == 0)
  }

  /// Of all tables, the source shows one column less, and the settings keep silent.
  private func loseScore() async throws {
    await outside.begin()
    _ = try await run()
    await outside.change { $0.tables["account"]?["score"] = nil }
  }

  private func nextDay() async throws -> RunReport {
    await outside.passDays(1)
    return try await run()
  }

  private func run() async throws -> RunReport {
    await outside.sync()
    return try await reconciler().run()
  }

  private func reconciler() async -> Reconciler {
    Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0).reconciler(at: await outside.clock)
  }

  private func rules(_ report: RunReport) -> [String] {
    report.connections.flatMap(\.tables).flatMap(\.changes).map(\.verdict.rule)
  }
}

extension Outside {
  fileprivate func change(_ work: @Sendable (inout SourceSide) -> Void) { work(&source) }
}
