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
  let drifted = report.connections.flatMap { connection in connection.tables.map { (connection.name, $0) } }
  if drifted.isEmpty { return text + "No drift in \(counted(report.connections.count, "connection")).\n" }
  for (connection, table) in drifted {
    text += "### \(code: connection.text) · \(code: table.table.description)\n\n"
    if case .unreadable(let reason) = table.standing { text += "Cannot be proposed: \(reason)\n\n" }
    if case .open(let branch) = table.standing { text += "Open: \(code: branch)\n\n" }
    if case .refused = table.standing { text += "Rejected.\n\n" }
    if table.changes.isEmpty { continue }
    text += "| | column | change | readers | writes |\n|---|---|---|---|---|\n"
    for change in table.changes {
      let column: Markdown = change.change.column.map { "\(code: $0.text)" } ?? "(table)"
      let verdict = change.verdict
      text +=
        "| \(change.colour.dot) | \(column) | \(verdict.message) | \(verdict.readers.rawValue) | \(verdict.writes.rawValue) |\n"
    }
    text += "\n"
  }
  return text
}
