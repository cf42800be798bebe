/// Why a statement of a merged change must not run.
package struct StatementRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Check: String, Hashable, Sendable, CaseIterable {
    /// Longer than any statement of ours.
    case size
    /// A character that no statement may hold.
    case character
    /// A name or literal that does not end.
    case unterminated
    /// Escapes, prefixes and dollar quotes, which engines read differently.
    case literal
    case comment
    /// A semicolon inside, or nothing between two.
    case separator
    /// A quoted or folded name that no column or table may have, or a system column.
    case name
    case type
    /// Not one of the forms that the dialect has.
    case grammar
    /// Not what the change says, or not as many.
    case plan
  }

  package var check: Check
  /// From 1; nil where one statement was looked at alone.
  package var statement: Int?
  /// From 1; nil where the whole statement is meant.
  package var token: Int?
  package var message: String

  package init(_ check: Check, statement: Int? = nil, token: Int? = nil, _ message: String) {
    self.check = check
    self.statement = statement
    self.token = token
    self.message = message
  }

  /// `statement 2, token 7: unexpected "CASCADE" (grammar)`.
  package var description: String {
    let places = [statement.map { "statement \($0)" }, token.map { "token \($0)" }]
    let place = places.compactMap { $0 }.joined(separator: ", ")
    return (place.isEmpty ? "" : place + ": ") + "\(message) (\(check.rawValue))"
  }
}
