/// The first screen: what is lost, what breaks, in words, or that nothing does.
func headline(_ tables: [TableDraft], takesLabel: Bool) -> Markdown {
  let changes = tables.flatMap { table in table.changes.map { (table.table, $0) } }
  let breaking = changes.filter { $0.1.verdict.readers == .breaking }
  var text = losses(tables)
  if breaking.isEmpty {
    let risky = changes.filter { $0.1.verdict.readers == .risky }.count
    text +=
      risky == 0
      ? "**Nothing that reads these tables breaks.**\n\n"
      : "**Nothing breaks outright; \(risky) of \(changes.count) changes can change results.**\n\n"
  } else {
    text += "**\(breaking.count) of \(changes.count) changes \(breaking.count == 1 ? "breaks" : "break") readers:**\n\n"
    for (table, change) in breaking {
      let name = change.change.column.map { "\(table).\($0)" } ?? "\(table)"
      text += "- \(code: name): \(change.verdict.message)\n"
    }
    text += "\n"
  }
  let red = changes.filter { $0.1.colour == .red }.count
  if red > 0 {
    let label: Markdown =
      takesLabel ? ", or put the label \(code: acknowledgingLabel) on this pull request and approve it" : ""
    text +=
      "🔴 **Acknowledge \(red) before merging:** write your name behind `by:` in `change.yaml`\(label). Until then nothing of this change is applied.\n\n"
  }
  return text
}

/// Statements that take values away, in words.
private func losses(_ tables: [TableDraft]) -> Markdown {
  let lost = tables.flatMap { table in
    table.change.actions.compactMap { action -> Markdown? in
      guard case .dropColumn(let name) = action, let target = table.change.target else { return nil }
      return "- drops \(code: "\(target).\(name)") with every value in it\n"
    }
  }
  return lost.isEmpty ? "" : "**Values are lost:**\n\n\(Markdown.joined(lost))\n"
}
