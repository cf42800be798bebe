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

private let prefix = "mooring-postgres-"

/// The folder to remove when the process ends. Written once, before the handler is registered.
nonisolated(unsafe) private var ownFolder: String?

private func start() throws -> PostgresServer {
  sweep()
  let programs = try findPrograms()
  let folder = "/tmp/\(prefix)\(getpid())-\(startTime(of: getpid()) ?? "0")"
  try FileManager.default.createDirectory(
    atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  ownFolder = folder
  atexit { if let folder = ownFolder { remove(folder) } }
  if geteuid() == 0 {
    guard let user = getpwnam("postgres") else {
      throw PostgresServerError(
        description: "initdb refuses root and there is no user \"postgres\"")
    }
    chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
  }
  let data = folder + "/data"
  try run(
    programs + "/initdb",
    ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
    in: folder)
  // Another process may take the port between our look and the server's: then look again.
  var lastError: any Error = PostgresServerError(description: "no port is free")
  for _ in 0..<5 {
    let port = try freePort()
    let options = [
      "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=\(folder)",
      "fsync=off",
      "full_page_writes=off", "synchronous_commit=off", "max_connections=200",
      "shared_buffers=16MB", "max_wal_size=64MB", "max_prepared_transactions=4", "autovacuum=off",
    ]
    do {
      try run(
        programs + "/pg_ctl",
        [
          "-D", data, "-l", folder + "/log", "-w", "-t", "60", "-o",
          options.map { "-c \($0)" }.joined(separator: " "), "start",
        ], in: folder)
      return PostgresServer(
        address: PostgresAddress(
          host: "127.0.0.1", port: port, user: "postgres", database: "postgres",
          encryption: ["sslmode": "disable"]))
    } catch { lastError = error }
  }
  throw lastError
}

private func findPrograms() throws -> String {
  let root = "/usr/lib/postgresql"
  let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
  let folders =
    versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(root)/\($0)/bin" }
    + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
  let files = FileManager.default
  guard
    let folder = folders.first(where: {
      files.isExecutableFile(atPath: $0 + "/initdb")
        && files.isExecutableFile(atPath: $0 + "/pg_ctl")
    })
  else {
    throw PostgresServerError(
      description: "this test needs a PostgreSQL server: install it (apt-get install postgresql)")
  }
  return folder
}

/// Runs a program to its end, as user `postgres` where we are root.
///
/// Not through `Process`: it waits for a socket that the child inherits, and the server that `pg_ctl` leaves behind would
/// keep that open for ever.
private func run(_ program: String, _ arguments: [String], in folder: String) throws {
  // The tests' own folder may be closed to user `postgres`.
  var line = ["/usr/bin/env", "--chdir=\(folder)"]
  if geteuid() == 0 { line += ["runuser", "-u", "postgres", "--"] }
  line += [program] + arguments
  let output = folder + "/output"
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  posix_spawn_file_actions_adddup2(&actions, 1, 2)
  for descriptor in Int32(3)..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
  let words = line.map { strdup($0) } + [nil]
  let environment = [strdup("PATH=/usr/bin:/bin:/usr/sbin:/sbin"), strdup("LC_ALL=C.UTF-8"), nil]
  defer { for word in words + environment { free(word) } }
  var child = pid_t()
  let problem = posix_spawn(&child, line[0], &actions, nil, words, environment)
  guard problem == 0 else {
    throw PostgresServerError(description: "\(line[0]) cannot be started (error \(problem))")
  }
  var status: Int32 = 0
  while waitpid(child, &status, 0) < 0 && errno == EINTR {}
  guard status == 0 else {
    let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
    throw PostgresServerError(description: "\(program) ended with \(status): \(text)\(log)")
  }
}

private func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let status = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
    }
  }
  guard status == 0 else { throw PostgresServerError(description: "no port is free") }
  return Int(UInt16(bigEndian: address.sin_port))
}

/// Removes what test processes left behind that were killed.
private func sweep() {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
  for name in names where name.hasPrefix(prefix) {
    let parts = name.dropFirst(prefix.count).split(separator: "-")
    guard parts.count == 2, let process = pid_t(parts[0]) else { continue }
    // A process identifier is used again; with its start time it is not.
    if startTime(of: process) != String(parts[1]) { remove("/tmp/" + name) }
  }
}

/// Ends the server of a folder at once, if it runs, and removes the folder.
private func remove(_ folder: String) {
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
private func startTime(of process: pid_t) -> String? {
  guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
    let end = text.lastIndex(of: ")")
  else { return nil }
  let fields = text[end...].split(separator: " ")
  // A killed process that nobody has asked about yet is still listed, as "Z".
  return fields.count > 20 && fields[1] != "Z" ? String(fields[20]) : nil
}
