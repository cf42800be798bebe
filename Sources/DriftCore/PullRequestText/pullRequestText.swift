/// Puts drafted tables into one proposal with the text that a reviewer reads.
///
/// - Parameters:
///   - takesLabel: whether a label acknowledges what is red, because reviews prove who looked.
///   - pause: of the connection; told where it waits for one of these changes.
/// - Precondition: there is at least one table with at least one change.
package func proposal(
  branch: String, connection: ConnectionName, tables: [TableDraft], model: String?, takesLabel: Bool = false,
  pause: ConnectionPause? = nil
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
    branch: branch, connection: connection, content: .tables(tables), title: title,
    body: body(tables, branch: branch, model: model, takesLabel: takesLabel, pause: pause).description,
    message: message)
}

/// Puts the draft for a connection as a whole into a proposal with the text that a reviewer reads. No model is asked about
/// such a one.
///
/// - Precondition: there is at least one change.
package func proposal(
  of draft: ConnectionDraft, connection: ConnectionName, pause: ConnectionPause? = nil
) -> Proposal {
  precondition(!draft.changes.isEmpty, "a proposal without changes")
  let branch = branchName(for: .connection, of: connection)
  let title = visible(oneLine("\(connection): \(tally(draft.changes))"))
  let facts = draft.changes.map { visible(oneLine("- \(connection): \(fact(of: $0.change))")) + "\n" }
  var body = Headline(draft, of: connection).text
  body += waits(pause, for: draft.changes)
  body += changesTable(draft.changes, part: "schema", whole: "connection")
  body +=
    "**Affects** whoever reads what \(code: connection.text) lands. Fivetran's settings are so already: merging says that it is meant.\n\n"
  body += whatIsDone(draft.changes, notes: draft.notes, whole: "connection")
  body += "### SQL\n\nNone, and nothing is applied after the merge: only `connection.yaml` changes.\n\n"
  body += files([draft.rewritten], title: "connection.yaml: what changes")
  body += evidence(draft.changes, whole: "connection")
  body += whatNext(draft, branch: branch)
  body += "<sub>Judged by rules alone.</sub>\n"
  return Proposal(
    branch: branch, connection: connection, content: .connection(draft), title: title, body: body.description,
    message: "\(title)\n\n\(facts.joined())")
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

private func oneLine(_ text: String) -> String {
  String(text.prefix(120).map { $0.isNewline ? " " : $0 })
}

/// What decides comes first; what only explains is folded away below.
private func body(
  _ tables: [TableDraft], branch: String, model: String?, takesLabel: Bool, pause: ConnectionPause?
) -> Markdown {
  var body = Headline(tables, takesLabel: takesLabel).text
  body += waits(pause, for: tables.flatMap(\.changes))
  for table in tables {
    if tables.count > 1 { body += "## \(code: table.table.description)\n\n" }
    if let stale = table.superseded {
      body +=
        "Replaces change \(stale.number) of \(code: table.table.description), which was merged and never ran: \(stale.reason).\n\n"
    }
    body += changesTable(table.changes, part: "column", whole: "table")
    body += whatWasRefused(table)
    body += whoIsAffected(table)
    body += whatIsDone(table.changes, notes: table.notes, whole: "table")
    body += oldRows(table)
    body += statements(table)
    body += steps(table)
    body += wayBack(table)
    body += files(table.rewritten, title: "Contract and mapping: what changes")
    body += evidence(table.changes, whole: "table")
  }
  body += whatNext(tables, branch: branch)
  body += footer(model: model)
  return body
}

private func footer(model: String?) -> Markdown {
  if let model {
    return "<sub>Judged by rules; advice by \(code: model), which can only raise severity.</sub>\n"
  }
  return "<sub>Judged by rules alone: no language model is configured.</sub>\n"
}

/// A part that opens with a click. Nothing from outside may stand in `title`: it is HTML.
func folded(_ title: Markdown, _ content: Markdown) -> Markdown {
  "<details><summary>\(title)</summary>\n\n\(content)\n</details>\n\n"
}
