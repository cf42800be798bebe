import DriftCore
import Reconciliation
import Testing

@testable import soak

/// The guard against mass removals over several runs, in a connection of twelve columns.
struct MassRemovalTests {
  private let outside = Outside(seed: 1)

  @Test func whatHasBeenOpenForDaysDoesNotHoldWhatComesAfter() async throws {
    try await removeTwo()
    await outside.passDays(2)
    await outside.remove("score", from: "deal")
    #expect(try await held() == nil)
    #expect(await outside.pullRequests.count == 3)
  }

  @Test func aMassThatComesInTwoLooksIsHeld() async throws {
    try await removeTwo()
    await outside.passDays(1)
    await outside.remove("score", from: "deal")
    #expect(try await held()?.hasPrefix("3 of 12 columns removed at once, 2 of them in looks before") == true)
    await outside.passDays(30)
    #expect(try await held() != nil, "it waits for a person, not for time to pass")
    #expect(await outside.pullRequests.count == 2)
  }

  @Test func whatWasRefusedIsDecided() async throws {
    try await removeTwo()
    for branch in await outside.pullRequests.keys { await outside.refuse(branch) }
    await outside.remove("score", from: "deal")
    #expect(try await held() == nil)
    #expect(await outside.pullRequests.count == 1)
  }

  /// Without a cache the time is not known: what is open has been let through.
  @Test func withALostCacheWhatIsOpenDoesNotCount() async throws {
    try await removeTwo()
    await outside.loseCaches()
    await outside.remove("score", from: "deal")
    #expect(try await held() == nil)
    await outside.loseCaches()
    for name in ["account", "contact", "deal"] { await outside.remove("amount", from: name) }
    #expect(try await held()?.hasPrefix("3 of 9 columns removed at once.") == true)
  }

  @Test func aDryRunIsNoLook() async throws {
    try await removeTwo()
    await outside.passDays(1)
    await outside.remove("score", from: "deal")
    let before = await outside.caches[0]?["losses/crm"]
    #expect(before != nil)
    _ = try await reconciler().run(isDryRun: true)
    #expect(await outside.caches[0]?["losses/crm"] == before)
  }

  /// Two of twelve, each in an open pull request.
  private func removeTwo() async throws {
    await outside.begin()
    for name in ["account", "contact"] { await outside.remove("score", from: name) }
    #expect(try await held() == nil)
    #expect(await outside.pullRequests.count == 2)
  }

  private func held() async throws -> String? {
    if case .held(let reason)? = try await reconciler().run().connections.first?.outcome { reason } else { nil }
  }

  private func reconciler() async -> Reconciler {
    Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0).reconciler(at: await outside.clock)
  }
}

extension Outside {
  fileprivate func remove(_ column: String, from table: String) {
    source.tables[table]?[column]?.isGone = true
    sync()
  }
}
