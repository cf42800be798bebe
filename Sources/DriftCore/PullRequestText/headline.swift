/// What the first screen speaks of: each change under the name that its readers know, and what the statements take away.
struct Headline {
  var changes: [(name: String, change: ClassifiedChange)]
  var losses: [Markdown] = []
  /// What a person does about what is red, before or by merging.
  var acknowledging: Markdown

  /// The first screen: what is lost, what breaks, in words, or that nothing does.
  var text: Markdown {
    let breaking = changes.filter { $0.change.verdict.readers == .breaking }
    var text: Markdown = losses.isEmpty ? "" : "**Values are lost:**\n\n\(Markdown.joined(losses))\n"
    if breaking.isEmpty {
      let risky = changes.count { $0.change.verdict.readers == .risky }
      text +=
        risky == 0
        ? "**Nothing that reads these tables breaks.**\n\n"
        : "**Nothing breaks outright; \(risky) of \(changes.count) changes can change results.**\n\n"
    } else {
      text +=
        "**\(breaking.count) of \(changes.count) changes \(breaking.count == 1 ? "breaks" : "break") readers:**\n\n"
      for (name, change) in breaking { text += "- \(code: name): \(change.verdict.message)\n" }
      text += "\n"
    }
    let red = changes.count { $0.change.colour == .red }
    if red > 0 { text += "🔴 **Acknowledge \(red) before merging:** \(acknowledging)\n\n" }
    return text
  }
}

extension Headline {
  init(_ tables: [TableDraft], takesLabel: Bool) {
    let label: Markdown =
      takesLabel ? ", or put the label \(code: acknowledgingLabel) on this pull request and approve it" : ""
    self.init(
      changes: tables.flatMap { table in
        table.changes.map { change in (change.change.column.map { "\(table.table).\($0)" } ?? "\(table.table)", change)
        }
      },
      losses: tables.flatMap(lostValues),
      acknowledging:
        "write your name behind `by:` in `change.yaml`\(label). Until then nothing of this change is applied.")
  }

  init(_ draft: ConnectionDraft, of connection: ConnectionName) {
    self.init(
      changes: draft.changes.map { ($0.change.part ?? connection.text, $0) },
      acknowledging: "whoever merges this has seen it; nothing runs after the merge.")
  }
}

/// Statements that take values away, in words.
private func lostValues(_ table: TableDraft) -> [Markdown] {
  table.change.actions.compactMap { action -> Markdown? in
    guard case .dropColumn(let name) = action, let target = table.change.target else { return nil }
    return "- drops \(code: "\(target).\(name)") with every value in it\n"
  }
}
