import DriftCore
import Reconciliation

/// What a run saw and did, as people read it.
func text(of report: RunReport, on console: Console) -> String {
  var lines: [String] = []
  if let alarm = report.alarm { lines.append("\(console.paint("ALARM", .red)) \(alarm)") }
  for brake in report.brakes { lines.append(line(of: brake, on: console)) }
  for pause in report.pauses { lines.append(line(of: pause, on: console)) }
  for change in report.applied { lines.append(line(of: change, on: console)) }
  if !lines.isEmpty, !report.connections.isEmpty { lines.append("") }
  let widths = Widths(report.connections)
  for connection in report.connections {
    lines += connectionLines(connection, widths: widths, on: console)
  }
  let actions = report.connections.flatMap(\.actions)
  if !actions.isEmpty { lines.append("") }
  for action in actions { lines.append(line(of: action, on: console)) }
  return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
}

/// How wide the columns of a report are: as wide as what stands in them, within reason.
struct Widths {
  private(set) var connection = 12
  private(set) var table = 20
  private(set) var column = 13

  init(_ connections: [ConnectionReport]) {
    for connection in connections {
      self.connection = max(self.connection, min(24, short(connection.name.text).count))
      for table in connection.tables { fit(connection.name.text, table.table, table.changes) }
    }
  }

  init(_ judged: [JudgedComparison]) {
    for table in judged { fit(table.comparison.connector, table.comparison.table, table.changes) }
  }

  private mutating func fit(_ connection: String, _ table: TableName, _ changes: [ClassifiedChange]) {
    self.connection = max(self.connection, min(24, short(connection).count))
    self.table = max(self.table, min(40, short(table.description).count))
    for change in changes {
      column = max(column, min(30, change.change.column.map { short($0.text).count } ?? 0))
    }
  }
}

/// A name on one line; of one that would push everything else off the screen the middle is left out.
private func short(_ name: String) -> String {
  let text = visible(name)
  return text.count > longestName ? "\(text.prefix(longestName / 2))…\(text.suffix(longestName / 2 - 1))" : text
}

private let longestName = 60

private func connectionLines(
  _ connection: ConnectionReport, widths: Widths, on console: Console
) -> [String] {
  let name = padded(short(connection.name.text), widths.connection)
  var lines: [String] = []
  switch connection.outcome {
  case .unchanged: lines.append("\(name) nothing new since the last look")
  case .held(let reason):
    lines.append(console.row("\(name) \(console.paint("held", .yellow)): ", leadWidth: name.count + 7, visible(reason)))
  case .failed(let reason):
    lines.append(
      console.row(
        "\(name) \(console.paint("failed", .red)): ", leadWidth: name.count + 9, visible(reason, keepingLines: true)))
  case .looked:
    if connection.tables.isEmpty, connection.changes.isEmpty { lines.append("\(name) no drift") }
  }
  var lead = connection.name.text
  if case .unreadable(let reason) = connection.standing {
    lines.append("\(padded(short(lead), widths.connection)) connection.yaml: cannot be proposed")
    lines.append("  " + visible(reason, keepingLines: true).replacing("\n", with: "\n  "))
  }
  for change in connection.changes {
    lines.append(
      row(connection: lead, place: "connection.yaml", change, widths: widths, on: console) + suffix(connection.standing)
    )
    lead = ""
  }
  for table in connection.tables {
    if case .unreadable(let reason) = table.standing {
      lines.append("\(padded(short(lead), widths.connection)) \(visible(table.table.description)): cannot be proposed")
      lines.append("  " + visible(reason, keepingLines: true).replacing("\n", with: "\n  "))
    }
    var shown: TableName? = table.table
    for change in table.changes {
      lines.append(
        row(connection: lead, table: shown, change, widths: widths, on: console)
          + suffix(table.standing))
      lead = ""
      shown = nil
    }
  }
  for gap in connection.gaps {
    lines.append(console.row("\(padded("", widths.connection)) ", leadWidth: widths.connection + 1, visible(gap)))
  }
  return lines
}

private func suffix(_ standing: Standing) -> String {
  switch standing {
  case .drifted, .unreadable: ""
  case .open(let branch): "  (open: \(visible(branch)))"
  case .refused: "  (rejected)"
  case .applying: "  (a merged change is being applied)"
  case .reported: ""
  }
}

/// One finding on one line: connection, table, colour, sign, column, message.
func row(
  connection: String, table: TableName?, _ change: ClassifiedChange, widths: Widths, on console: Console
) -> String {
  row(connection: connection, place: table.map { short($0.description) } ?? "", change, widths: widths, on: console)
}

private func row(
  connection: String, place name: String, _ change: ClassifiedChange, widths: Widths, on console: Console
) -> String {
  let column = change.change.subject
  let connection = padded(short(connection), widths.connection)
  let lead =
    "\(connection) \(padded(name, widths.table)) \(console.dot(change.colour)) \(change.change.sign) \(padded(column, widths.column)) "
  let width = connection.count + 1 + max(widths.table, name.count) + 1 + 8 + 3 + max(widths.column, column.count) + 1
  return console.row(lead, leadWidth: width, visible(change.verdict.message))
}

extension SchemaChange {
  fileprivate var subject: String {
    if case .connectionChanged = self { return part.map { short($0) } ?? "(connection)" }
    return part.map { short($0) } ?? "(table)"
  }

  /// `+` came, `-` went, `~` changed.
  fileprivate var sign: String {
    switch self {
    case .connectionChanged(.schemaAdded), .tableAdded, .columnAdded, .columnBlocked, .columnLanded: "+"
    case .connectionChanged(.schemaRemoved), .tableRemoved, .columnRemoved, .targetMissing, .targetColumnMissing: "-"
    case .connectionChanged, .tableKindChanged, .uniqueAdded, .uniqueDropped, .unitSuspected, .columnReadded,
      .referenceOrphaned, .contractEdited, .tableRenameSuspected, .tableDisabled, .tableEnabled, .syncModeChanged,
      .primaryKeyChanged, .columnRenamed,
      .renameSuspected, .columnDisabled, .columnEnabled, .columnHashed, .columnUnhashed, .typeChanged,
      .nullabilityRelaxed, .nullabilityTightened, .targetTypeNarrower, .targetTypeDiffers, .mappingEdited,
      .changeWithdrawn:
      "~"
    }
  }
}

func line(of change: AppliedChange, on console: Console) -> String {
  let name = "\(visible(change.table.description)) \(visible(change.change))"
  let steps = change.steps.isEmpty ? "" : "\n  " + change.steps.map { visible($0) }.joined(separator: "\n  ")
  return switch change.outcome {
  case .applied: "\(console.paint("applied", .green))      \(name)\(steps)"
  case .adopted: "adopted      \(name): its result was in place"
  case .planned: "would apply  \(name)\(planText(change.plan))"
  case .waiting(let reason): "\(console.paint("waiting", .yellow))      \(name): \(visible(reason))\(steps)"
  case .held(let reason):
    "\(console.paint("held", .yellow))         \(name): \(visible(reason, keepingLines: true))\(steps)"
  case .unapproved(let reason, let wayOut):
    "\(console.paint("not approved", .yellow)) \(name): \(visible(reason))\n  hint: \(visible(wayOut))"
  case .stale(let reason):
    "\(console.paint("stale", .yellow))        \(name): \(visible(reason)); it will never run; what it meant to do and is not there is proposed anew"
  case .withdrawn(let reason): "\(console.paint("withdrawn", .yellow))    \(name): \(visible(reason))"
  case .failed(let reason):
    "\(console.paint("failed", .red))       \(name): \(visible(reason, keepingLines: true))\(steps)"
  }
}

/// Steps by number, and below each what is sent, byte for byte but for signs that a terminal would take for commands.
private func planText(_ plan: [PlannedStep]) -> String {
  plan.enumerated().map { index, step in
    let sent = step.sent.map { "\n" + visible($0, keepingLines: true) } ?? ""
    return "\n  \(index + 1). \(visible(step.text))" + sent.replacing("\n", with: "\n     ")
  }.joined()
}

private func line(of action: PerformedAction, on console: Console) -> String {
  let acknowledgements = action.proposal?.tables.reduce(0) { $0 + $1.change.acknowledgements.count } ?? 0
  let advice: String =
    switch action.proposal?.colour {
    case .green: "may merge"
    case .yellow: "needs review"
    case .red: "needs review; acknowledge \(acknowledgements)"
    case nil: ""
    }
  let verb: String =
    switch action.kind {
    case .opened: "proposed"
    case .updated: "updated"
    case .closed: "closed"
    case .postponed: "postponed"
    case .left: "left"
    case .automated: "automated"
    case .lost, .refused: "not pushed"
    case .wouldOpen: "would open"
    case .wouldUpdate: "would update"
    case .wouldClose: "would close"
    }
  let place = action.location.map { "\n             \($0)" } ?? ""
  return
    "\(padded(verb, 12)) \(padded(visible(action.branch), 40)) \(visible(action.text))\(advice.isEmpty ? "" : "   \(advice)")\(place)"
}

/// `3 connections, 247 tables, 6 Fivetran calls, ...`.
func summary(of report: RunReport, fivetranCalls: Int, took: Duration) -> String {
  let (seconds, attoseconds) = took.components
  let columns = report.usage.columnCalls
  let tenths = (seconds * 10) + attoseconds / 100_000_000_000_000_000
  return [
    counted(report.connections.count, "connection"), counted(report.usage.tables, "table"),
    counted(fivetranCalls, "Fivetran call") + (columns == 0 ? "" : " (\(columns) for columns)"),
    counted(report.usage.catalogueQueries, "catalogue query", "catalogue queries"),
    counted(report.usage.modelTokens, "model token"), "\(tenths / 10).\(tenths % 10) s",
  ].joined(separator: ", ")
}
