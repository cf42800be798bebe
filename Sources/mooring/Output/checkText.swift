import DriftCore

/// What `mooring check` found, for a person at a terminal.
func checkText(_ report: CheckReport, base: String, on console: Console) -> String {
  var lines: [String] = []
  for table in report.tables {
    lines.append("\(visible(table.connection.text))  \(console.paint(visible(table.table.description), .bold))")
    for finding in table.findings { lines += findingLines(finding, on: console) }
    for note in table.notes { lines.append(console.row("  note       ", leadWidth: 13, visible(note))) }
    for change in table.changes { lines += changeLines(change, on: console) }
    lines.append("")
  }
  for note in report.notes { lines.append(visible(note)) }
  for problem in report.problems { lines.append(visible("\(problem)", keepingLines: true)) }
  if !report.notes.isEmpty || !report.problems.isEmpty { lines.append("") }
  let style: Console.Style =
    switch report.answer {
    case .applies, .nothing: .green
    case .waits: .yellow
    case .refused: .red
    }
  lines.append("\(console.paint(report.headline, style)) (compared with \(visible(base)))")
  return lines.joined(separator: "\n") + "\n"
}

private func findingLines(_ finding: CheckedFinding, on console: Console) -> [String] {
  let column = padded(finding.column.map { visible($0) } ?? "(table)", 13)
  let lead = "  \(console.dot(finding.colour)) \(column) "
  var lines = [console.row(lead, leadWidth: 12 + column.count, visible(finding.text))]
  if let effect = finding.effect {
    lines.append(padded("", 12 + column.count) + effect.words)
  }
  return lines
}

private func changeLines(_ change: CheckedChange, on console: Console) -> [String] {
  let standing =
    change.refusal != nil
    ? console.paint("refused", .red)
    : !change.waitsFor.isEmpty
      ? console.paint("waits  ", .yellow) : change.steps.isEmpty ? "record " : console.paint("applies", .green)
  var lines = ["  \(standing)    \(visible(change.name))\(change.steps.isEmpty ? ": nothing to run" : "")"]
  for (index, step) in change.steps.enumerated() {
    lines.append(console.row("    \(index + 1). ", leadWidth: 7, visible(step)))
  }
  if let reason = change.irreversible { lines.append("    no way back: \(visible(reason))") }
  return lines
}

extension CheckedFinding.Effect {
  /// `readers breaking, writes ok, way back by a re-sync or a backup`.
  var words: String {
    "readers \(readers.rawValue), writes \(writes.rawValue), way back \(reversible.words)"
  }
}
