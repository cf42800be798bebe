extension CheckReport {
  /// The one comment of a pull request.
  ///
  /// - Parameter base: where the edits began, in words.
  package func comment(base: String) -> Markdown {
    DriftCore.comment(self, base: base)
  }
}

private func comment(_ report: CheckReport, base: String) -> Markdown {
  var text: Markdown = "### \(report.mark) \(report.headline)\n\n"
  let breaking = report.tables.flatMap { table in table.findings.map { (table.table, $0) } }
    .filter { $0.1.effect?.readers == .breaking }
  for (table, finding) in breaking.prefix(mostRows) {
    let name = finding.column.map { "\(table).\($0)" } ?? "\(table)"
    text += "- breaks readers: \(code: name): \(finding.text)\n"
  }
  if !breaking.isEmpty { text += "\n" }
  let errors = report.problems.filter { $0.severity == .error }
  text += list(errors, of: "**What keeps it from being applied**\n\n")
  for table in report.tables.prefix(mostTables) { text += section(table) }
  if report.tables.count > mostTables {
    text += "and \(report.tables.count - mostTables) more tables: run \(code: "mooring check")\n\n"
  }
  text += list(report.problems.filter { $0.severity == .warning }, of: "**Also worth a look**\n\n")
  for note in report.notes { text += "\(note)\n\n" }
  text +=
    "<sub>Compared with \(code: base). Only files were read: that the warehouse is as the change relies on it, apply checks before each step.</sub>\n"
  return text
}

/// A comment holds 65,536 characters on GitHub.
private let mostTables = 20
private let mostRows = 30
private let longestScript = 1_500

private func list(_ problems: [Diagnostic], of heading: Markdown) -> Markdown {
  if problems.isEmpty { return "" }
  var text = heading
  for problem in problems.prefix(mostRows) {
    let place = problem.line.map { "\(problem.path):\($0)" } ?? problem.path
    let hint: Markdown = problem.hint.map { " *\($0)*" } ?? ""
    text += "- \(code: place): \(problem.message).\(hint)\n"
  }
  if problems.count > mostRows { text += "- and \(problems.count - mostRows) more\n" }
  return text + "\n"
}

private func section(_ table: CheckedTable) -> Markdown {
  var text: Markdown = "#### \(code: table.table.description)\n\n"
  if !table.findings.isEmpty {
    text += "| | column | change | readers | writes | way back |\n|---|---|---|---|---|---|\n"
    for finding in table.findings.prefix(mostRows) {
      let column: Markdown = finding.column.map { "\(code: $0)" } ?? "(table)"
      let effect: Markdown =
        finding.effect.map { "\($0.readers.rawValue) | \($0.writes.rawValue) | \($0.reversible.words)" } ?? " | | "
      text += "| \(finding.colour.dot) | \(column) | \(finding.text) | \(effect) |\n"
    }
    text += "\n"
  }
  for note in table.notes.prefix(mostRows) { text += "- \(note)\n" }
  if !table.notes.isEmpty { text += "\n" }
  for change in table.changes { text += steps(of: change) }
  return text
}

private func steps(of change: CheckedChange) -> Markdown {
  var text: Markdown = "\(code: change.name): "
  if change.steps.isEmpty {
    text += "nothing to run.\n\n"
  } else {
    text += "what apply does after the merge\n\n"
    for (index, step) in change.steps.prefix(mostRows).enumerated() { text += "\(index + 1). \(step)\n" }
    text += "\n"
  }
  for wanted in change.waitsFor.prefix(mostRows) {
    text += "- waits for a name behind \(code: "by:"): \(wanted.text)\n"
  }
  if !change.waitsFor.isEmpty { text += "\n" }
  if let reason = change.irreversible { text += "No way back: \(reason).\n\n" }
  let script = change.statements.map { $0 + ";\n" }.joined(separator: "\n")
  if !script.isEmpty, script.utf8.count <= longestScript {
    text +=
      "<details><summary>SQL, exactly as it will run</summary>\n\n\(Markdown.fenced(script, language: "sql"))\n</details>\n\n"
  } else if !script.isEmpty {
    text += "The SQL is in \(code: "\(change.path)/up.sql").\n\n"
  }
  return text
}

extension CheckReport {
  fileprivate var mark: Markdown {
    switch answer {
    case .applies, .nothing: "🟢"
    case .waits: "🟡"
    case .refused: "🔴"
    }
  }
}
