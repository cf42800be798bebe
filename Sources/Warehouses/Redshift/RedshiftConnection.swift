import DriftCore
import PostgreSQL

/// Redshift over connections of PostgreSQL's protocol, by libpq.
///
/// Merged statements have a session of their own, which nothing else inherits. Of what the server refused, or what was lost
/// before its COMMIT was sent, nothing has taken effect.
struct RedshiftConnection: RedshiftChannel {
  static let pageSize = 1_000

  /// Source: Amazon Redshift documentation, "Quotas and limits": 16 MB.
  let maximumText = 16_000_000
  let remembersStatements = false
  private let address: @Sendable () throws -> PostgresAddress
  private let connections: PostgresConnections

  init(address: @escaping @Sendable () throws -> PostgresAddress) {
    self.address = address
    connections = PostgresConnections(settings: Self.settings(within: RedshiftService.ownTimeout), address: address)
  }

  func pages(of text: String, each: ([[String?]]) async throws -> Void) async throws {
    do {
      let connection = try await connections.take()
      try await connection.start(text)
      while case let page = try await connection.page(of: Self.pageSize), !page.isEmpty { try await each(page) }
      await connections.giveBack(connection)
    } catch let error as PostgresError {
      throw redshiftError(error)
    }
  }

  func run(_ statements: [String], name: String, within limit: Duration) async throws -> RedshiftRun {
    let connection: PostgresConnection
    do {
      connection = try await PostgresConnection.connect(to: try address(), settings: Self.settings(within: limit))
    } catch let error as PostgresError {
      return RedshiftRun(error: redshiftError(error))
    }
    do {
      let rows =
        statements.count == 1
        ? [try await connection.query(statements[0]).rows] : try await Self.together(statements, on: connection)
      await connection.close()
      return RedshiftRun(rows: rows)
    } catch let failure as Failure {
      return RedshiftRun(error: redshiftError(failure.error), failed: failure.number)
    } catch let error as PostgresError {
      let isUndecided =
        switch error.kind {
        case .connection: statements.count == 1
        case .commitUnknown, .transactionEnded: true
        default: false
        }
      if isUndecided { throw ServiceError(.outcomeUnknown, ServiceError.said(error.message), code: error.sqlState) }
      return RedshiftRun(error: redshiftError(error))
    }
  }

  /// None: nothing asks a session that is gone.
  func statuses(of name: String) -> [String] { [] }

  private struct Failure: Error {
    var number: Int
    var error: PostgresError
  }

  private static func together(
    _ statements: [String], on connection: PostgresConnection
  ) async throws -> [[[String?]]] {
    try await connection.transaction { session in
      try statements.enumerated().map { number, text in
        do {
          return try session.query(text).rows
        } catch let error as PostgresError {
          throw Failure(number: number, error: error)
        }
      }
    }
  }

  private static func settings(within limit: Duration) -> PostgresSettings {
    PostgresSettings(server: .redshift, statementTimeout: limit)
  }
}
