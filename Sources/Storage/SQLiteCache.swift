import DriftCore
import FoundationEssentials
import GRDB
import Glibc

/// The cache in one SQLite file. What cannot be read is moved aside and begun anew: it is only a cache.
package struct SQLiteCache: Cache {
  /// What a person should know of how it was opened; nil where there is nothing to say.
  package let warning: String?
  private let pool: DatabasePool

  /// Opens the file, or makes it and the folders above it, for their owner only.
  ///
  /// A file that is no database, or from a newer version, becomes `<path>.unreadable`. Processes that open it at the
  /// same time wait for each other. Throws `CacheError`.
  package init(path: String) throws {
    do {
      let lock = try FolderLock(of: path)
      defer { lock.release() }
      do {
        pool = try open(path)
        warning = nil
      } catch let error as DatabaseError where isUnreadable(error) {
        for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
        guard rename(path, path + ".unreadable") == 0 else { throw error }
        pool = try open(path)
        warning =
          "the cache could not be read (\(error.message ?? "no database")); it is now \(path).unreadable"
      }
    } catch {
      throw CacheError(path: path, reason: reason(of: error))
    }
  }

  package func value(for key: String) async throws -> String? { try kept(key) }

  /// On the caller's thread: a reader waits for nobody, and to change threads takes longer than to read.
  private func kept(_ key: String) throws -> String? {
    try pool.read { database in
      try String.fetchOne(
        database.cachedStatement(sql: "SELECT value FROM cache WHERE key = ?"), arguments: [key])
    }
  }

  package func set(_ value: String, for key: String) async throws {
    try await pool.write { database in
      try database.execute(
        sql: """
          INSERT INTO cache (key, value) VALUES (?, ?)
          ON CONFLICT (key) DO UPDATE SET value = excluded.value
          """, arguments: [key, value])
    }
  }
}

/// The cache cannot be used; nothing depends on it but time.
package struct CacheError: Error, Hashable, Sendable, CustomStringConvertible {
  package var path: String
  package var reason: String

  package var description: String {
    "opening the cache \(path): \(reason)\n  hint: name another folder with --state, or run with --no-cache"
  }
}

private func open(_ path: String) throws -> DatabasePool {
  // SQLite would make it as readable as the umask allows, and gives its other files the same mode.
  let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw SystemProblem(number: errno) }
  close(descriptor)
  var configuration = Configuration()
  configuration.busyMode = .timeout(5)
  let pool = try DatabasePool(path: path, configuration: configuration)
  var migrator = DatabaseMigrator()
  migrator.registerMigration("cache") { database in
    try database.execute(
      sql: "CREATE TABLE cache (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID")
  }
  if try pool.read(migrator.hasBeenSuperseded) {
    throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "it is from a newer version")
  }
  try migrator.migrate(pool)
  return pool
}

private func isUnreadable(_ error: DatabaseError) -> Bool {
  error.resultCode == .SQLITE_NOTADB || error.resultCode == .SQLITE_CORRUPT
}

/// The folder of a file, held by one opener at a time, so that none moves aside what another has just begun.
private struct FolderLock {
  private let descriptor: Int32

  init(of path: String) throws {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemProblem(number: errno) }
    guard flock(descriptor, LOCK_EX) == 0 else {
      let number = errno
      close(descriptor)
      throw SystemProblem(number: number)
    }
  }

  func release() { close(descriptor) }
}

private struct SystemProblem: Error {
  var number: Int32
}

private func reason(of error: any Error) -> String {
  switch error {
  case let error as SystemProblem: String(cString: strerror(error.number))
  case let error as DatabaseError: error.message ?? "\(error.resultCode)"
  case let error as CocoaError: "its folder cannot be made (\(error.code.rawValue))"
  default: "\(error)"
  }
}
