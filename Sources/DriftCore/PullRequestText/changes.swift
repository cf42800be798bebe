/// - Parameter part: what a change is about in most cases: `column`, `schema`.
func changesTable(_ changes: [ClassifiedChange], part: Markdown, whole: Markdown) -> Markdown {
  var text: Markdown = "| | \(part) | change | readers | writes | way back |\n|---|---|---|---|---|---|\n"
  for change in changes {
    let verdict = change.verdict
    text +=
      "| \(change.colour.dot) | \(subject(of: change, otherwise: "(\(whole))")) | \(verdict.message) | \(verdict.readers.rawValue) | \(verdict.writes.rawValue) | \(verdict.reversible.words) |\n"
  }
  return text + "\n"
}

/// What people said no to before: what is here all the same, and what is not.
func whatWasRefused(_ table: TableDraft) -> Markdown {
  var text: Markdown = ""
  for change in table.changes {
    guard let reason = table.refused.needed[change.fingerprint] else { continue }
    text +=
      "**Refused before, and here all the same:** \(subject(of: change, otherwise: "the table")), because \(reason).\n\n"
  }
  let leftOut = table.refused.leftOut.map { change -> Markdown in
    "\(subject(of: change, otherwise: "the table")) (\(change.change.word))"
  }
  if !leftOut.isEmpty { text += "Refused before, and left out: \(Markdown.joined(leftOut, separator: ", ")).\n\n" }
  return text
}

/// What the drafted files and statements do about each change.
func whatIsDone(_ changes: [ClassifiedChange], notes: [String: [String]], whole: Markdown) -> Markdown {
  var text: Markdown = ""
  for change in changes {
    for note in notes[change.fingerprint] ?? [] {
      text += "- \(subject(of: change, otherwise: "the \(whole)")): \(note)\n"
    }
    if case .columnRenamed(_, _, let evidence) = change.change, !evidence.isCertain {
      let other: Markdown = evidence.runnerUp.map { "; the next best is \(code: $0.text)" } ?? ""
      text +=
        "- \(subject(of: change, otherwise: "the \(whole)")): the other reading is one column removed and another added\(other); if that is right, edit `mapping.yaml` to read only the new column\n"
    }
  }
  return text == "" ? "" : "### What this does about it\n\n\(text)\n"
}

/// Why each change is judged as it is: rule, policy, and the model's words.
func evidence(_ changes: [ClassifiedChange], whole: Markdown) -> Markdown {
  var text: Markdown = ""
  for change in changes {
    for reason in change.reasons {
      switch reason.author {
      case .rule(let id):
        text += "- \(subject(of: change, otherwise: "the \(whole)")): rule \(code: id)"
        guard let rule = Rule.named(id) else {
          text += "\n"
          continue
        }
        text += ": \(rule.summary)\n  - why: \(rule.why)\n  - what to do: \(rule.advice)\n"
      case .policy: text += "  - \(reason.text)\n"
      case .model(let name): text += "  - the model (\(name)) says: \(reason.text)\n"
      }
    }
  }
  return folded("Why: rules and evidence", text)
}

private func subject(of change: ClassifiedChange, otherwise: Markdown) -> Markdown {
  change.change.part.map { "\(code: $0)" } ?? otherwise
}

extension SchemaChange {
  /// The column or the schema that the change is about, as it is spelled; nil for one of the whole.
  package var part: String? {
    if case .connectionChanged(let change) = self { return change.schema }
    return column?.text
  }
}

extension Colour {
  package var dot: Markdown {
    switch self {
    case .green: "🟢 green"
    case .yellow: "🟡 yellow"
    case .red: "🔴 red"
    }
  }
}

extension Reversibility {
  package var words: Markdown {
    switch self {
    case .yes: "yes"
    case .data: "re-sync or backup"
    case .source: "only at the source; nothing is dropped"
    case .no: "none"
    }
  }
}
