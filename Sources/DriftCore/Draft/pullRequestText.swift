/// Puts drafted tables into one proposal with the text that a reviewer reads.
///
/// - Precondition: there is at least one table with at least one change.
package func proposal(
  branch: String, connection: ConnectionName, tables: [TableDraft], model: String?
) -> Proposal {
  precondition(tables.contains { !$0.changes.isEmpty }, "a proposal without changes")
  let tables = tables.sorted { $0.table < $1.table }
  let counts = tally(tables.flatMap(\.changes))
  let subject = tables.count == 1 ? "\(tables[0].table)" : "\(connection): \(tables.count) tables"
  let title = visible(oneLine("\(subject): \(counts)"))
  var message = "\(title)\n\n"
  for table in tables {
    for change in table.changes {
      message += visible(oneLine("- \(table.table): \(fact(of: change.change))")) + "\n"
    }
  }
  return Proposal(
    branch: branch, connection: connection, tables: tables, title: title,
    body: body(tables, branch: branch, model: model).description, message: message)
}

/// `1 removed, 2 added`: what a title and the command line say of a proposal.
package func tally(_ changes: [ClassifiedChange]) -> String {
  var counts: [(word: String, count: Int)] = []
  for change in changes {
    let word = change.change.word
    if let index = counts.firstIndex(where: { $0.word == word }) {
      counts[index].count += 1
    } else {
      counts.append((word, 1))
    }
  }
  return counts.map { "\($0.count) \($0.word)" }.joined(separator: ", ")
}

extension SchemaChange {
  /// Past participle for counts.
  package var word: String {
    switch self {
    case .tableAdded: "new table"
    case .tableRemoved: "table removed"
    case .tableRenameSuspected: "table perhaps renamed"
    case .tableDisabled: "table switched off"
    case .tableEnabled: "table switched on"
    case .syncModeChanged: "sync mode changed"
    case .primaryKeyChanged: "key changed"
    case .columnAdded: "added"
    case .columnBlocked: "kept out"
    case .columnLanded: "landed"
    case .columnRemoved: "removed"
    case .columnRenamed: "renamed"
    case .renameSuspected: "perhaps renamed"
    case .columnDisabled: "switched off"
    case .columnEnabled: "switched on"
    case .columnHashed: "hashed"
    case .columnUnhashed: "no longer hashed"
    case .typeChanged: "retyped"
    case .nullabilityRelaxed, .nullabilityTightened: "nullability changed"
    case .targetMissing, .targetColumnMissing: "missing in the target"
    case .targetTypeNarrower, .targetTypeDiffers: "other type in the target"
    }
  }
}

private func oneLine(_ text: String) -> String {
  String(text.prefix(120).map { $0.isNewline ? " " : $0 })
}

private func body(_ tables: [TableDraft], branch: String, model: String?) -> Markdown {
  var body = headline(tables)
  for table in tables {
    if tables.count > 1 { body += "## \(code: table.table.description)\n\n" }
    if let stale = table.superseded {
      body +=
        "Replaces change \(stale.number) of \(code: table.table.description), which was merged and never ran: \(stale.reason).\n\n"
    }
    body += changesTable(table)
    body += why(table)
    body += statements(table)
    body += steps(table)
    body += wayBack(table)
  }
  body += whatNext(tables, branch: branch)
  body += footer(model: model)
  return body
}

/// The first screen: what breaks, in words, or that nothing does.
private func headline(_ tables: [TableDraft]) -> Markdown {
  let changes = tables.flatMap { table in table.changes.map { (table.table, $0) } }
  let breaking = changes.filter { $0.1.verdict.readers == .breaking }
  var text: Markdown
  if breaking.isEmpty {
    let risky = changes.filter { $0.1.verdict.readers == .risky }.count
    text =
      risky == 0
      ? "**Nothing that reads these tables breaks.**\n\n"
      : "**Nothing breaks outright; \(risky) of \(changes.count) changes can change results.**\n\n"
  } else {
    text = "**\(breaking.count) of \(changes.count) changes break readers:**\n\n"
    for (table, change) in breaking {
      let name = change.change.column.map { "\(table).\($0)" } ?? "\(table)"
      text += "- \(code: name): \(change.verdict.message)\n"
    }
    text += "\n"
  }
  let red = changes.filter { $0.1.colour == .red }.count
  if red > 0 {
    text +=
      "🔴 **Acknowledge \(red) before merging:** write your name behind `by:` in `change.yaml`. Until then nothing of this change is applied.\n\n"
  }
  return text
}

private func changesTable(_ table: TableDraft) -> Markdown {
  var text: Markdown = "| | column | change | readers | writes | way back |\n|---|---|---|---|---|---|\n"
  for change in table.changes {
    let verdict = change.verdict
    let column: Markdown = change.change.column.map { "\(code: $0.text)" } ?? "(table)"
    text +=
      "| \(change.colour.dot) | \(column) | \(verdict.message) | \(verdict.readers.rawValue) | \(verdict.writes.rawValue) | \(verdict.reversible.words) |\n"
  }
  return text + "\n"
}

private func why(_ table: TableDraft) -> Markdown {
  var text: Markdown = "### Why, and what this does about it\n\n"
  for change in table.changes {
    let column: Markdown = change.change.column.map { "\(code: $0.text)" } ?? "the table"
    text += "- \(column) (rule \(code: change.verdict.rule))\n"
    for note in table.notes[change.fingerprint] ?? [] { text += "  - \(note)\n" }
    for reason in change.reasons {
      switch reason.author {
      case .rule: break
      case .policy: text += "  - \(reason.text)\n"
      case .model(let name): text += "  - the model (\(name)) says: \(reason.text)\n"
      }
    }
    if case .columnRenamed(_, _, let evidence) = change.change, !evidence.isCertain {
      let other: Markdown = evidence.runnerUp.map { "; the next best is \(code: $0.text)" } ?? ""
      text +=
        "  - the other reading is one column removed and another added\(other); if that is right, edit `mapping.yaml` to read only the new column\n"
    }
  }
  return text + "\n"
}

private func statements(_ table: TableDraft) -> Markdown {
  if table.statements.isEmpty {
    return "### SQL\n\nNone: only the contract changes.\n\n"
  }
  let sql = table.statements.map { $0 + ";\n" }.joined(separator: "\n")
  return "### SQL, exactly as it will run\n\n\(Markdown.fenced(sql, language: "sql"))\n"
}

private func steps(_ table: TableDraft) -> Markdown {
  if table.stepTexts.isEmpty { return "" }
  var text: Markdown = "### What apply does after the merge\n\n"
  for (index, step) in table.stepTexts.enumerated() { text += "\(index + 1). \(step)\n" }
  return text + "\n"
}

private func wayBack(_ table: TableDraft) -> Markdown {
  if let reason = table.change.irreversible {
    return "### Way back\n\n\(reason); reverting the merge leaves the target as it is.\n\n"
  }
  if table.down.isEmpty { return "" }
  let sql = table.down.map { $0 + ";\n" }.joined(separator: "\n")
  return "### Way back\n\n\(Markdown.fenced(sql, language: "sql"))\n"
}

private func whatNext(_ tables: [TableDraft], branch: String) -> Markdown {
  var text: Markdown = "### To change or reject\n\n"
  text +=
    "- **Change:** edit the files on this branch before merging, `mapping.yaml`, `up.sql` and the actions and steps in `change.yaml` alike; what is merged is what runs.\n"
  text +=
    "- **Reject:** close this pull request (here: \(code: "mooring reject \(branch)")). The same findings are not proposed again until they change.\n"
  text +=
    "- **Never mind this kind:** set a policy in `mooring.yaml`, for example \(code: "policies: {\(tables[0].changes[0].verdict.rule): ignore}").\n\n"
  return text
}

private func footer(model: String?) -> Markdown {
  if let model {
    return "<sub>Judged by rules; advice by \(code: model), which can only raise severity.</sub>\n"
  }
  return "<sub>Judged by rules alone: no language model is configured.</sub>\n"
}

extension Colour {
  fileprivate var dot: Markdown {
    switch self {
    case .green: "🟢 green"
    case .yellow: "🟡 yellow"
    case .red: "🔴 red"
    }
  }
}

extension Reversibility {
  fileprivate var words: Markdown {
    switch self {
    case .yes: "yes"
    case .data: "re-sync or backup"
    case .no: "none"
    }
  }
}
