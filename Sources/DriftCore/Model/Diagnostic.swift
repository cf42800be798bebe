/// A finding about someone's input, as a value: all of them are collected, then shown.
package struct Diagnostic: Hashable, Sendable, Comparable, CustomStringConvertible {
  package enum Severity: String, Hashable, Sendable {
    case error, warning
  }

  package var path: String
  /// From 1; nil where the whole file is meant.
  package var line: Int?
  /// From 1, in characters.
  package var column: Int?
  package var severity: Severity
  /// Lower case, no final full stop, outside names in quotes.
  package var message: String
  /// The way out.
  package var hint: String?
  package var check: LintCheck

  /// - Parameter check: where it is nil, the general one of such a file.
  package init(
    path: String, line: Int? = nil, column: Int? = nil, severity: Severity = .error,
    message: String, hint: String? = nil, check: LintCheck? = nil
  ) {
    self.path = path
    self.line = line
    self.column = column
    self.severity = severity
    self.message = message
    self.hint = hint
    self.check = check ?? LintCheck(file: path)
  }

  /// `path:line:column: error: message`, and the hint on a line of its own.
  package var description: String {
    var place = path
    if let line { place += ":\(line)" }
    if line != nil, let column { place += ":\(column)" }
    let tail = hint.map { "\n  hint: \($0)" } ?? ""
    return "\(place): \(severity.rawValue): \(message)\(tail)"
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.path, left.line ?? 0, left.column ?? 0, left.message)
      < (right.path, right.line ?? 0, right.column ?? 0, right.message)
  }
}
