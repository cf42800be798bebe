import Foundation
import Glibc
package import PostgreSQL

/// A PostgreSQL server that crashes when it is told to, and loses everything that no commit waited for.
package final class CrashingPostgres: Sendable {
  private let cluster: PostgresCluster

  private init(_ cluster: PostgresCluster) { self.cluster = cluster }

  deinit { remove(cluster.folder) }

  package static func start() async throws -> CrashingPostgres {
    // It is of this process: whoever sweeps later finds it by the process's number and start.
    let name = "\(prefix)\(getpid())-\(startTime(of: getpid()) ?? "0")-\(UUID().uuidString.prefix(8))"
    return try await offThePool {
      CrashingPostgres(
        try PostgresCluster(
          in: "/tmp/\(name)",
          // What a crash of the machine would lose is not asked here. The writer of the log sleeps as long as it may.
          options: ["fsync=off", "full_page_writes=off", "synchronous_commit=on", "wal_writer_delay=10s"]))
    }
  }

  /// Makes an empty database and returns its address.
  package func freshAddress() async throws -> PostgresAddress {
    var address = cluster.address
    let connection = try await PostgresConnection.connect(to: address)
    address.database = "test_" + UUID().uuidString.lowercased().filter { $0 != "-" }
    _ = try await connection.query("CREATE DATABASE \(try quoteIdentifier(address.database))")
    // From here on, what fits into one page of the log is not written before somebody waits for it.
    _ = try await connection.query("SELECT pg_switch_wal()")
    await connection.close()
    return address
  }

  /// Every connection is lost; the server is there again when this returns.
  package func crash() async throws {
    let cluster = cluster
    try await offThePool { try cluster.crash() }
  }
}

/// Starting blocks for seconds: not on the shared pool.
private func offThePool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
  }
}
