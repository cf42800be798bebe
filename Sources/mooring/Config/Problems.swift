import DriftCore

/// Findings about someone's files that keep a command from running.
struct Problems: Error, CustomStringConvertible {
  var diagnostics: [Diagnostic]

  var description: String {
    let errors = diagnostics.count { $0.severity == .error }
    return diagnostics.sorted().map(\.description).joined(separator: "\n")
      + "\n\(counted(errors, "error")); nothing was written"
  }
}

/// Something that the person who typed the command can set right.
struct UsageError: Error, CustomStringConvertible {
  var message: String
  var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  var description: String { message + (hint.map { "\n  hint: \($0)" } ?? "") }
}
