import DriftCore
import Git
import Glibc
import PostgreSQL
import Reconciliation
import Storage
import Warehouses

/// One additive change of one table, merged and applied on a real PostgreSQL, without fetch: a column is added, looked at,
/// and 1,000 old rows are filled. Beside it its bare statements, on a connection of their own as well.
///
/// Ledger, audit log and lease are part of what is measured, and so is the connection.
struct AppliedChange {
  private static let rounds = 7
  private static let rows = 1_000

  private let address: PostgresAddress
  private let repository: GitRepository
  private let cache: SQLiteCache
  private let fleet = MemoryFleet()

  init(in folder: String, on server: PostgresAddress) async throws {
    address = server
    let seed = try SeedRepository(path: "\(folder)/apply.git") { write in
      try write("contracts/mooring.yaml", "version: 1\n")
      for round in 1...Self.rounds {
        for (path, text) in try Self.change(round).files { try write(path, text) }
      }
    }
    repository = GitRepository(remote: seed.path, clone: "\(folder)/apply-clone", branch: "main")
    cache = try SQLiteCache(path: "\(folder)/apply.sqlite")
  }

  /// The best of seven each: apply, and its bare statements.
  func measure() async throws -> [(String, Measurement)] {
    let administrator = try await PostgresConnection.connect(to: address)
    try await AdditiveChange.prepare(administrator)
    for round in 1...Self.rounds {
      for text in try Self.change(round).tables(rows: Self.rows) { _ = try await administrator.query(text) }
    }
    let tree = try await repository.tree(of: try await repository.fetch())
    try await AdditiveChange.openLedger(at: address, commit: tree.commit)

    var applied = Measurement.worst
    var bare = applied
    for round in 1...Self.rounds {
      let merged = try Self.change(round)
      let reconciler = reconciler()
      let start = Measurement.now()
      let report = try await reconciler.apply(on: tree, only: [merged.connection])
      applied = applied.better(Measurement.now().since(start))
      guard report.applied.map(\.outcome) == [.applied] else {
        throw BenchmarkError(description: "the change was not applied: \(report.applied.map(\.outcome))")
      }
      bare = bare.better(try await run(merged))
    }
    return [
      ("apply of one additive change on PostgreSQL", applied), ("apply: its bare statements, for scale", bare),
    ]
  }

  private static func change(_ round: Int) throws -> AdditiveChange {
    try AdditiveChange(round, of: ConnectionName("round_\(round)"))
  }

  private func run(_ merged: AdditiveChange) async throws -> Measurement {
    let start = Measurement.now()
    let connection = try await PostgresConnection.connect(to: address)
    _ = try await connection.query(merged.bare[0])
    var bound: String?
    repeat {
      bound = try await connection.query(merged.bare[1], parameters: [bound, "10000"]).rows.first?.first ?? nil
    } while bound != nil
    await connection.close()
    return Measurement.now().since(start)
  }

  private func reconciler() -> Reconciler {
    var reconciler = fleet.reconciler(repository: repository, forge: MemoryForge(), cache: cache)
    reconciler.project.connections = Dictionary(
      uniqueKeysWithValues: (1...Self.rounds).map { round in
        let name = ConnectionName("round_\(round)")
        return (
          name,
          ConnectionPolicy(
            id: ConnectionID("id_\(round)"), destination: "warehouse", mode: .propose, types: .catalogue)
        )
      })
    reconciler.destinations = [
      "warehouse": Destination(warehouse: PostgresWarehouse(address: address), dialect: .postgres)
    ]
    return reconciler
  }
}
