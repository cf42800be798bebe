import Cryptography
import DriftCore
import JSON

/// GitHub's workflow commands, one line each: the runner shows them beside the lines of the pull request.
///
/// Source: GitHub documentation, "Workflow commands for GitHub Actions"; what must be escaped: actions/toolkit, core.
func annotations(_ problems: [Diagnostic], title: String, headline: String) -> String {
  var lines = problems.map { problem in
    var properties = ["file=\(property(problem.path))"]
    if let line = problem.line { properties.append("line=\(line)") }
    if problem.line != nil, let column = problem.column { properties.append("col=\(column)") }
    let hint = problem.hint.map { "\nhint: \($0)" } ?? ""
    return "::\(problem.severity.rawValue) \(properties.joined(separator: ","))::\(data(problem.message + hint))"
  }
  lines.append("::notice title=\(property(title))::\(data(headline))")
  return lines.map { $0 + "\n" }.joined()
}

private func data(_ text: String) -> String {
  visible(text, keepingLines: true).replacing("%", with: "%25").replacing("\r", with: "%0D").replacing(
    "\n", with: "%0A")
}

private func property(_ text: String) -> String {
  data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
}

/// GitLab's Code Quality report.
///
/// Source: GitLab documentation, "Code Quality": the properties that it reads of an issue.
func codeQuality(_ problems: [Diagnostic]) -> JSONValue {
  var seen: [String: Int] = [:]
  return .array(
    problems.map { problem in
      let identity = "\(problem.path)\n\(problem.message)"
      // One finding twice in a file is two findings; its line is no part of it, lines move.
      seen[identity, default: 0] += 1
      let hint = problem.hint.map { " (\($0))" } ?? ""
      return object([
        ("check_name", .string("mooring/\(problem.check.id)")),
        ("description", .string(visible(problem.message + hint))),
        ("fingerprint", .string(sha256Hex("\(identity)\n\(seen[identity] ?? 1)"))),
        (
          "location",
          object([
            ("lines", object([("begin", .number(String(problem.line ?? 1)))])), ("path", .string(problem.path)),
          ])
        ), ("severity", .string(problem.severity == .error ? "critical" : "minor")),
      ])
    })
}

extension CheckReport {
  func json(base: String) -> JSONValue {
    object([
      ("answer", .string(answer.rawValue)), ("base", .string(base)),
      ("tables", .array(tables.map(\.json))), ("notes", .array(notes.map { .string($0) })),
      ("problems", .array(problems.map(\.json))),
    ])
  }
}

extension CheckedTable {
  fileprivate var json: JSONValue {
    object([
      ("connection", .string(connection.text)), ("table", .string(table.description)),
      ("folder", .string(folder.path)),
      ("findings", .array(findings.map(\.json))), ("notes", .array(notes.map { .string($0) })),
      ("changes", .array(changes.map(\.json))),
    ])
  }
}

extension CheckedFinding {
  fileprivate var json: JSONValue {
    object([
      ("rule", .string(rule)), ("colour", .string(colour.rawValue)),
      ("column", column.map { .string($0) } ?? .null),
      ("readers", effect.map { .string($0.readers.rawValue) } ?? .null),
      ("writes", effect.map { .string($0.writes.rawValue) } ?? .null),
      ("reversible", effect.map { .string($0.reversible.rawValue) } ?? .null),
      ("message", .string(text)), ("fingerprint", .string(fingerprint)),
    ])
  }
}

extension CheckedChange {
  fileprivate var json: JSONValue {
    object([
      ("path", .string(path)), ("steps", .array(steps.map { .string($0) })),
      ("statements", .array(statements.map { .string($0) })),
      ("waits_for", .array(waitsFor.map { .string($0.text) })),
      ("refusal", refusal.map { .string($0) } ?? .null),
      ("irreversible", irreversible.map { .string($0) } ?? .null),
    ])
  }
}
