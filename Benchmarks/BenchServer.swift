import Glibc
import PostgreSQL

/// The PostgreSQL server that is measured on, durability included. `make bench` starts one.
enum BenchServer {
  /// The variable that names it, as `postgres://user@host:port/database`.
  static let variable = "MOORING_BENCH_POSTGRES"

  /// Nil where none is named.
  static func named() throws -> PostgresAddress? {
    try getenv(variable).map { try PostgresAddress(String(cString: $0)) }
  }
}
