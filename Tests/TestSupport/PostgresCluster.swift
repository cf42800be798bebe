import Foundation
import Glibc
import PostgreSQL

/// A PostgreSQL server in a folder of its own.
struct PostgresCluster: Sendable {
  /// Superuser `postgres`, no password.
  let address: PostgresAddress
  let folder: String
  private let programs: String
  private let options: [String]

  /// Makes the folder and starts the server in it.
  init(in folder: String, options: [String]) throws {
    self.folder = folder
    programs = try findPrograms()
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    if geteuid() == 0 {
      guard let user = getpwnam("postgres") else {
        throw PostgresServerError(
          description: "initdb refuses root and there is no user \"postgres\"")
      }
      chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
    }
    try run(
      programs + "/initdb",
      ["-D", folder + "/data", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
      in: folder)
    // Another process may take the port between our look and the server's: then look again.
    var started: (port: Int, options: [String])?
    var lastError: any Error = PostgresServerError(description: "no port is free")
    for _ in 0..<5 where started == nil {
      let port = try freePort()
      let all =
        ["listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=\(folder)", "autovacuum=off"] + options
      do {
        try start(programs, in: folder, options: all)
        started = (port, all)
      } catch { lastError = error }
    }
    guard let started else { throw lastError }
    self.options = started.options
    address = PostgresAddress(
      host: "127.0.0.1", port: started.port, user: "postgres", database: "postgres",
      encryption: ["sslmode": "disable"])
  }

  /// Ends every process of the server at once, and starts it again: what it had not written to its log is gone.
  func crash() throws {
    try run(programs + "/pg_ctl", ["-D", folder + "/data", "-m", "immediate", "-w", "-t", "60", "stop"], in: folder)
    try start(programs, in: folder, options: options)
  }
}

private func start(_ programs: String, in folder: String, options: [String]) throws {
  try run(
    programs + "/pg_ctl",
    [
      "-D", folder + "/data", "-l", folder + "/log", "-w", "-t", "60", "-o",
      options.map { "-c \($0)" }.joined(separator: " "), "start",
    ], in: folder)
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
