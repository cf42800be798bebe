func changesTable(_ table: TableDraft) -> Markdown {
  var text: Markdown = "| | column | change | readers | writes | way back |\n|---|---|---|---|---|---|\n"
  for change in table.changes {
    let verdict = change.verdict
    text +=
      "| \(change.colour.dot) | \(subject(of: change, otherwise: "(table)")) | \(verdict.message) | \(verdict.readers.rawValue) | \(verdict.writes.rawValue) | \(verdict.reversible.words) |\n"
  }
  return text + "\n"
}

/// What the drafted files and statements do about each change.
func whatIsDone(_ table: TableDraft) -> Markdown {
  var text: Markdown = ""
  for change in table.changes {
    for note in table.notes[change.fingerprint] ?? [] {
      text += "- \(subject(of: change, otherwise: "the table")): \(note)\n"
    }
    if case .columnRenamed(_, _, let evidence) = change.change, !evidence.isCertain {
      let other: Markdown = evidence.runnerUp.map { "; the next best is \(code: $0.text)" } ?? ""
      text +=
        "- \(subject(of: change, otherwise: "the table")): the other reading is one column removed and another added\(other); if that is right, edit `mapping.yaml` to read only the new column\n"
    }
  }
  return text == "" ? "" : "### What this does about it\n\n\(text)\n"
}

/// Why each change is judged as it is: rule, policy, and the model's words.
func evidence(_ table: TableDraft) -> Markdown {
  var text: Markdown = ""
  for change in table.changes {
    for reason in change.reasons {
      switch reason.author {
      case .rule(let id):
        text += "- \(subject(of: change, otherwise: "the table")): rule \(code: id)"
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
  change.change.column.map { "\(code: $0.text)" } ?? otherwise
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
