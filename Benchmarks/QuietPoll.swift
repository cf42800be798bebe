import DriftCore
import Git
import Reconciliation
import Storage

/// The poll of a fleet in which nothing drifted.
struct QuietPoll {
  let reconciler: Reconciler
  private let fleet = MemoryFleet()

  init(in folder: String) async throws {
    let repository = try fleet.seed(at: "\(folder)/quiet.git")
    reconciler = fleet.reconciler(
      repository: GitRepository(remote: repository.path, clone: "\(folder)/quiet-clone", branch: "main"),
      forge: MemoryForge(), cache: try SQLiteCache(path: "\(folder)/quiet.sqlite"))
  }

  /// First look, then a poll in which nothing synced, then one in which everything did.
  func measure() async throws -> [(String, Measurement)] {
    var results: [(String, Measurement)] = []
    results.append(("quiet poll: first look, 2,000 contracts parsed", try await once(1)))
    results.append(("quiet poll: nothing synced", try await best(of: 20) { try await once(1) }))
    var round = 1
    results.append(
      (
        "quiet poll: all synced, nothing drifted",
        try await best(of: 20) {
          round += 1
          return try await once(round)
        }
      ))
    return results
  }

  private func once(_ round: Int) async throws -> Measurement {
    fleet.sync(round)
    let start = Measurement.now()
    let report = try await reconciler.run()
    if report.hasFindings || report.isIncomplete || report.connections.contains(where: { !$0.actions.isEmpty }) {
      throw BenchmarkError(description: "the quiet poll was not quiet: \(report.connections)")
    }
    return Measurement.now().since(start)
  }

  private func best(of count: Int, _ body: () async throws -> Measurement) async throws
    -> Measurement
  {
    var best = try await body()
    for _ in 1..<count { best = best.better(try await body()) }
    return best
  }
}
