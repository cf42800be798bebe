import Foundation
import Glibc
package import PostgreSQL

/// A PostgreSQL server of this test process's own, started at first use and removed when the process ends.
///
/// Durability is off. Every test takes a database of its own from it.
package struct PostgresServer: Sendable {
  /// Superuser `postgres`, no password.
  package let address: PostgresAddress

  /// Makes an empty database and returns its URL.
  package static func freshDatabase() async throws -> String {
    let address = try await freshAddress()
    return "postgres://\(address.user)@\(address.host):\(address.port)/\(address.database)"
  }

  /// Makes an empty database and returns its address.
  package static func freshAddress() async throws -> PostgresAddress {
    let server = try await running()
    var address = server.address
    let name = "test_" + UUID().uuidString.lowercased().filter { $0 != "-" }
    let connection = try await PostgresConnection.connect(to: address)
    _ = try await connection.query("CREATE DATABASE \(try quoteIdentifier(name))")
    await connection.close()
    address.database = name
    return address
  }

  /// The one server of this process.
  package static func running() async throws -> PostgresServer {
    // Starting blocks for seconds: not on the shared pool.
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: shared) }
    }
  }

  private static let shared = Result { try start() }
}

/// Returns once a statement that contains `text` runs in the database.
package func waitForStatement(_ text: String, in address: PostgresAddress) async throws {
  let watcher = try await PostgresConnection.connect(to: address)
  for _ in 0..<100_000 {
    let found = try await watcher.query(
      """
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
        AND pid <> pg_backend_pid() AND strpos(query, $1) > 0
      """, parameters: [text])
    if !found.rows.isEmpty { return }
  }
  throw PostgresServerError(description: "no statement with \(text) ever ran")
}

/// What could not be started, in one line.
package struct PostgresServerError: Error, CustomStringConvertible {
  package let description: String
}

let prefix = "mooring-postgres-"

/// The folder to remove when the process ends. Written once, before the handler is registered.
nonisolated(unsafe) private var ownFolder: String?

private func start() throws -> PostgresServer {
  sweep()
  let folder = "/tmp/\(prefix)\(getpid())-\(startTime(of: getpid()) ?? "0")"
  ownFolder = folder
  atexit { if let folder = ownFolder { remove(folder) } }
  let cluster = try PostgresCluster(
    in: folder,
    options: [
      "fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200", "shared_buffers=16MB",
      "max_wal_size=64MB", "max_prepared_transactions=4",
    ])
  return PostgresServer(address: cluster.address)
}

/// Removes what test processes left behind that were killed.
private func sweep() {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
  for name in names where name.hasPrefix(prefix) {
    let parts = name.dropFirst(prefix.count).split(separator: "-")
    guard parts.count >= 2, let process = pid_t(parts[0]) else { continue }
    // A process identifier is used again; with its start time it is not.
    if startTime(of: process) != String(parts[1]) { remove("/tmp/" + name) }
  }
}

/// Ends the server of a folder at once, if it runs, and removes the folder.
func remove(_ folder: String) {
  let lock = folder + "/data/postmaster.pid"
  if let text = try? String(contentsOfFile: lock, encoding: .utf8),
    let server = text.split(separator: "\n").first.flatMap({ pid_t($0) }), server > 1,
    kill(server, SIGQUIT) == 0
  {
    for _ in 0..<300 where access(lock, F_OK) == 0 { usleep(10_000) }
  }
  try? FileManager.default.removeItem(atPath: folder)
}

/// When the process started, in clock ticks since boot; nil where there is none.
func startTime(of process: pid_t) -> String? {
  guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
    let end = text.lastIndex(of: ")")
  else { return nil }
  let fields = text[end...].split(separator: " ")
  // A killed process that nobody has asked about yet is still listed, as "Z".
  return fields.count > 20 && fields[1] != "Z" ? String(fields[20]) : nil
}
