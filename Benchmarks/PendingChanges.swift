import DriftCore
import Git
import PostgreSQL
import Reconciliation
import Storage
import Warehouses

/// 200 changes of 200 tables of one destination, merged one after another and not applied: planned without fetch, and then
/// applied, one after another, on a real PostgreSQL. Ten rows a table are filled.
struct PendingChanges {
  private static let count = 200
  private static let rows = 10
  private static let connection: ConnectionName = "many"

  private let address: PostgresAddress
  private let repository: GitRepository
  private let cache: SQLiteCache
  private let fleet = MemoryFleet()

  init(in folder: String, on server: PostgresAddress) async throws {
    address = server
    let seed = try SeedRepository(path: "\(folder)/pending.git") { write in
      try write("contracts/mooring.yaml", "version: 1\n")
    }
    try seed.land(try (1...Self.count).map { try Self.change($0).files })
    repository = GitRepository(remote: seed.path, clone: "\(folder)/pending-clone", branch: "main")
    cache = try SQLiteCache(path: "\(folder)/pending.sqlite")
  }

  /// The best of five plans, and one apply.
  func measure() async throws -> [(String, Measurement)] {
    let administrator = try await PostgresConnection.connect(to: address)
    try await AdditiveChange.prepare(administrator)
    for number in 1...Self.count {
      for text in try Self.change(number).tables(rows: Self.rows) { _ = try await administrator.query(text) }
    }
    let tree = try await repository.tree(of: try await repository.fetch())
    try await AdditiveChange.openLedger(at: address, commit: tree.commit)

    var planned = Measurement.worst
    for _ in 0..<5 { planned = planned.better(try await run(on: tree, isDryRun: true, .planned)) }
    return [
      ("\(Self.count) pending changes on PostgreSQL, planned", planned),
      ("\(Self.count) pending changes on PostgreSQL, applied", try await run(on: tree, isDryRun: false, .applied)),
    ]
  }

  /// As a process of its own would: connected anew.
  private func run(
    on tree: RepositoryTree, isDryRun: Bool, _ outcome: Reconciliation.AppliedChange.Outcome
  ) async throws -> Measurement {
    var reconciler = fleet.reconciler(repository: repository, forge: MemoryForge(), cache: cache)
    reconciler.project.connections = [
      Self.connection: ConnectionPolicy(id: "id", destination: "warehouse", mode: .propose, types: .catalogue)
    ]
    reconciler.destinations = [
      "warehouse": Destination(warehouse: PostgresWarehouse(address: address), dialect: .postgres)
    ]
    let start = Measurement.now()
    let report = try await reconciler.apply(on: tree, isDryRun: isDryRun)
    let measurement = Measurement.now().since(start)
    let outcomes = report.applied.map(\.outcome)
    guard outcomes == Array(repeating: outcome, count: Self.count) else {
      throw BenchmarkError(
        description: "not \(Self.count) times \(outcome): \(outcomes.first { $0 != outcome }.map { "\($0)" } ?? "")")
    }
    return measurement
  }

  private static func change(_ number: Int) throws -> AdditiveChange { try AdditiveChange(number, of: connection) }
}
