/// More lines than these are folded away.
private let linesInView = 12

func statements(_ table: TableDraft) -> Markdown {
  if table.statements.isEmpty {
    return "### SQL\n\nNone: only \(filesThatChange(table)).\n\n"
  }
  var text: Markdown = "### SQL, exactly as it will run\n\n"
  var short: [String] = []
  func flush() {
    if !short.isEmpty { text += "\(Markdown.fenced(script(short), language: "sql"))\n" }
    short = []
  }
  for (index, statement) in table.statements.enumerated() {
    if lineCount(statement) <= linesInView {
      short.append(statement)
      continue
    }
    flush()
    text += folded(
      "Statement \(index + 1), \(lineCount(statement)) lines", Markdown.fenced(script([statement]), language: "sql"))
  }
  flush()
  return text
}

func steps(_ table: TableDraft) -> Markdown {
  if table.stepTexts.isEmpty { return "" }
  var text: Markdown = "### What apply does after the merge\n\n"
  for (index, step) in table.stepTexts.enumerated() { text += "\(index + 1). \(step)\n" }
  return text + "\n"
}

func wayBack(_ table: TableDraft) -> Markdown {
  if let reason = table.change.irreversible {
    return "### Way back\n\n\(reason); reverting the merge leaves the target as it is.\n\n"
  }
  if table.stepTexts.isEmpty { return "" }
  let sql: Markdown = table.down.isEmpty ? "" : "\(Markdown.fenced(script(table.down), language: "sql"))\n"
  if table.change.keptView != nil {
    let reason: Markdown = "It is about two views, and so nothing that a change of its own could run: a person runs it."
    return "### Way back\n\n\(sql)\(reason)\n\n"
  }
  let name = "\(table.change.connection)/\(table.table)/\(numbered(table.change.number))"
  return
    "### Way back\n\n\(sql)Once it is applied, \(code: "mooring undo \(name)") or a revert of the merge proposes it.\n\n"
}

/// What is written into the files that a person keeps.
func files(_ rewritten: [RewrittenFile], title: Markdown) -> Markdown {
  let parts = rewritten.map { file -> Markdown in
    let changes: Markdown =
      lineChanges(from: file.before, to: file.after).map { .fenced($0, language: "diff") } ?? "nearly every line\n"
    return "\(code: file.name)\n\n\(changes)"
  }
  return parts.isEmpty ? "" : folded(title, .joined(parts, separator: "\n"))
}

private func lineCount(_ text: String) -> Int { 1 + text.utf8.count { $0 == UInt8(ascii: "\n") } }

/// The files of the table that become others, with a verb that fits them.
private func filesThatChange(_ table: TableDraft) -> String {
  let names = Set(table.rewritten.map(\.name))
  var words: [String] = []
  if names.contains("contract.odcs.yaml") { words.append("the contract") }
  if names.contains("mapping.yaml") { words.append("the mapping") }
  if table.rendersLoad { words.append("load.sql") }
  // A contract that is new was no other one before.
  guard let last = words.last else { return "the contract changes" }
  return words.count == 1 ? "\(last) changes" : "\(words.dropLast().joined(separator: ", ")) and \(last) change"
}
