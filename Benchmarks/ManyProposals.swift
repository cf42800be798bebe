import DriftCore
import Git
import Reconciliation
import Storage
import Synchronization

/// 50 proposals at once, where everything else is settled: look, draft, commit, push and open.
struct ManyProposals {
  static let count = 50

  private let fleet = MemoryFleet()
  private let forge = MemoryForge()
  private let repository: CountedRepository
  private let reconciler: Reconciler

  init(in folder: String) async throws {
    let seed = try fleet.seed(at: "\(folder)/many.git")
    repository = CountedRepository(GitRepository(remote: seed.path, clone: "\(folder)/many-clone", branch: "main"))
    reconciler = fleet.reconciler(
      repository: repository, forge: forge, cache: try SQLiteCache(path: "\(folder)/many.sqlite"))
  }

  /// The best of five, with what one of them asked of the remote.
  func measure() async throws -> (String, Measurement) {
    _ = try await reconciler.run()
    fleet.drift(in: Self.count)
    var best = Measurement.worst
    var asked = ""
    for round in 1...5 {
      fleet.sync(round)
      repository.forget()
      let start = Measurement.now()
      let report = try await reconciler.run()
      best = best.better(Measurement.now().since(start))
      asked = repository.asked
      guard !report.isIncomplete, forge.count == Self.count else {
        throw BenchmarkError(description: "\(forge.count) proposals were opened: \(report.connections)")
      }
      try await withdraw()
    }
    return ("\(Self.count) proposals in 2,000 contracts: \(asked)", best)
  }

  /// As if nothing had been proposed.
  private func withdraw() async throws {
    _ = try await repository.push(
      try await repository.branches().map { RefUpdate(branch: $0.name, expected: $0.tip, target: nil) })
    forge.forget()
  }
}

/// Counts what goes to the remote.
private final class CountedRepository: ContractRepository, ProtectedHistory {
  private let repository: GitRepository
  private let counts = Mutex((fetches: 0, pushes: 0))

  init(_ repository: GitRepository) { self.repository = repository }

  var asked: String { counts.withLock { "\($0.fetches) fetch, \($0.pushes) push" } }

  func forget() { counts.withLock { $0 = (0, 0) } }

  func fetch() async throws -> CommitID {
    counts.withLock { $0.fetches += 1 }
    return try await repository.fetch()
  }

  func push(_ updates: [RefUpdate]) async throws -> [RefOutcome] {
    counts.withLock { $0.pushes += 1 }
    return try await repository.push(updates)
  }

  func tree(of commit: CommitID) async throws -> RepositoryTree { try await repository.tree(of: commit) }
  func blobs(_ ids: [BlobID]) async throws -> [BlobID: [UInt8]] { try await repository.blobs(ids) }
  func branches() async throws -> [Branch] { try await repository.branches() }

  func commit(_ drafts: [CommitDraft]) async throws -> [Result<(id: CommitID, patch: [UInt8]), any Error>] {
    try await repository.commit(drafts)
  }

  func refusals() async throws -> RepositoryTree? { try await repository.refusals() }

  func commitRefusals(
    _ edits: [FileEdit], message: String, onto tip: CommitID?, at time: Timestamp
  ) async throws -> CommitID {
    try await repository.commitRefusals(edits, message: message, onto: tip, at: time)
  }

  func landings(of paths: [String], at tip: CommitID) async throws -> [String: Landing] {
    try await repository.landings(of: paths, at: tip)
  }

  func signer(of commit: CommitID) async throws -> CommitSigner { try await repository.signer(of: commit) }

  func isSame(_ path: String, in one: CommitID, as other: CommitID) async throws -> Bool? {
    try await repository.isSame(path, in: one, as: other)
  }

  func isAncestor(_ old: CommitID, of new: CommitID) async throws -> Bool {
    try await repository.isAncestor(old, of: new)
  }
}
