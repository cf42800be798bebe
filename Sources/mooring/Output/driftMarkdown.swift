import DriftCore
import Reconciliation

/// Drift as a page: what could not be told, then one table a landed table. For a job's summary or an issue.
func driftMarkdown(_ report: RunReport) -> Markdown {
  var text: Markdown = ""
  if let alarm = report.alarm { text += "**Alarm:** \(alarm.description)\n\n" }
  for connection in report.connections {
    switch connection.outcome {
    case .held(let reason): text += "\(code: connection.name.text) is held: \(reason)\n\n"
    case .failed(let reason): text += "\(code: connection.name.text) could not be read: \(reason)\n\n"
    case .looked, .unchanged: break
    }
  }
  if !report.hasFindings { return text + "No drift in \(counted(report.connections.count, "connection")).\n" }
  for connection in report.connections {
    if !connection.changes.isEmpty {
      text += "### \(code: connection.name.text)\n\n"
      text += drift(connection.changes, connection.standing, part: "schema", whole: "(connection)")
    }
    for table in connection.tables {
      text += "### \(code: connection.name.text) · \(code: table.table.description)\n\n"
      text += drift(table.changes, table.standing, part: "column", whole: "(table)")
    }
  }
  return text
}

private func drift(_ changes: [ClassifiedChange], _ standing: Standing, part: Markdown, whole: Markdown) -> Markdown {
  var text: Markdown = ""
  if case .unreadable(let reason) = standing { text += "Cannot be proposed: \(reason)\n\n" }
  if case .open(let branch) = standing { text += "Open: \(code: branch)\n\n" }
  if case .refused = standing { text += "Rejected.\n\n" }
  if changes.isEmpty { return text }
  text += "| | \(part) | change | readers | writes |\n|---|---|---|---|---|\n"
  for change in changes {
    let verdict = change.verdict
    text +=
      "| \(change.colour.dot) | \(change.change.part.map { "\(code: $0)" } ?? whole) | \(verdict.message) | \(verdict.readers.rawValue) | \(verdict.writes.rawValue) |\n"
  }
  return text + "\n"
}
