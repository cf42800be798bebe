/// A destination's log of what was decided and done: lines are only added, each chained to the one before.
package protocol AuditLog: Sendable {
  /// Adds the records behind the last line, all or none. However many write at once, the chain does not fork. A record
  /// that says what was last said of its subject is not added again.
  func append(_ records: [AuditRecord]) async throws
  /// Every line in order, without its line feed; none where there is no log. Reading creates nothing.
  func audit(each: @Sendable (String) throws -> Void) async throws
}

/// An error whose class may be written down: it holds no value of a row and nothing secret.
package protocol ClassifiedError: Error {
  /// Such as `42703`, `lockTimeout`.
  var failureClass: String { get }
  /// It may have taken effect all the same.
  var isOutcomeUnknown: Bool { get }
}

extension ClassifiedError {
  package var isOutcomeUnknown: Bool { false }
}

package func failureClass(of error: any Error) -> String {
  if let error = error as? any ClassifiedError { return error.failureClass }
  return "\(type(of: error))"
}
