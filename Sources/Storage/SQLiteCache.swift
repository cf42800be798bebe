import DriftCore
import FoundationEssentials
import GRDB
import Glibc

/// The cache in one SQLite file beside the program. What cannot be read is moved aside and begun anew: it is a cache.
package struct SQLiteCache: Cache {
  private let pool: DatabasePool

  /// Makes the file, readable by its owner only, where it is missing. The folder must be there.
  package init(path: String) throws {
    do {
      pool = try Self.open(path)
    } catch {
      guard FileManager.default.fileExists(atPath: path), Self.isUnreadable(error) else {
        throw CacheError(path: path, reason: "\(error)")
      }
      for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
      guard rename(path, path + ".unreadable") == 0 else {
        throw CacheError(path: path, reason: "cannot be read and cannot be moved aside")
      }
      do {
        pool = try Self.open(path)
      } catch {
        throw CacheError(path: path, reason: "\(error)")
      }
    }
  }

  package func value(for key: String) async throws -> String? {
    try await pool.read { database in
      try String.fetchOne(
        database, sql: "SELECT value FROM cache WHERE key = ?", arguments: [key])
    }
  }

  package func set(_ value: String, for key: String) async throws {
    try await pool.write { database in
      try database.execute(
        sql: "INSERT INTO cache (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        arguments: [key, value])
    }
  }

  private static func open(_ path: String) throws -> DatabasePool {
    let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
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

  private static func isUnreadable(_ error: any Error) -> Bool {
    guard let code = (error as? DatabaseError)?.resultCode else { return false }
    return code == .SQLITE_NOTADB || code == .SQLITE_CORRUPT
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
