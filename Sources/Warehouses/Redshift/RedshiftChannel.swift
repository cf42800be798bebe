/// How statements reach Redshift. What they are is `RedshiftService`.
protocol RedshiftChannel: Sendable {
  /// Of one statement, in bytes.
  var maximumText: Int { get }
  /// Whether the statements of a name can be looked up afterwards.
  var remembersStatements: Bool { get }

  /// The rows of one of the driver's own statements, which may run twice, as they come.
  func pages(of text: String, each: ([[String?]]) async throws -> Void) async throws
  /// Runs statements, several in one transaction, and waits for their end. Throws where nobody can tell whether they took
  /// effect.
  func run(_ statements: [String], name: String, within limit: Duration) async throws -> RedshiftRun
  /// How the statements of a name stand, as far as they are remembered.
  func statuses(of name: String) async throws -> [String]
}

/// What became of statements that ran together.
struct RedshiftRun: Sendable {
  /// Why none of them took effect; nil where all did.
  var error: ServiceError?
  /// The one that failed, from 0.
  var failed: Int?
  /// Of each statement.
  var rows: [[[String?]]] = []
}
