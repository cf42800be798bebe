/// How to change, acknowledge, reject or put off.
func whatNext(_ tables: [TableDraft], branch: String) -> Markdown {
  let change: Markdown =
    "- **Change:** edit the files on this branch before merging, `mapping.yaml`, `up.sql` and the actions and steps in `change.yaml` alike; what is merged is what runs.\n"
  return whatNext(change, branch: branch, changes: tables.flatMap(\.changes))
}

func whatNext(_ draft: ConnectionDraft, branch: String) -> Markdown {
  let change: Markdown =
    "- **Change:** set it back in Fivetran, and this pull request closes by itself; or edit `connection.yaml` on this branch before merging.\n"
  return whatNext(change, branch: branch, changes: draft.changes)
}

private func whatNext(_ change: Markdown, branch: String, changes: [ClassifiedChange]) -> Markdown {
  var text: Markdown = "### To change or reject\n\n"
  text += change
  text +=
    "- **Reject:** close this pull request, with a comment that says why (here: \(code: "mooring reject \(branch)")). The same findings are not proposed again until they change.\n"
  text +=
    "- **Snooze:** put the label \(code: snoozeLabel) on it and close it (here: \(code: "mooring reject \(branch) --until 14d")). The same findings come again after 14 days.\n"
  text +=
    "- **Never mind this kind:** set a policy in `mooring.yaml`, for example \(policies(for: changes)).\n\n"
  return text
}

/// Rules that are named; of the others it is told how many there are.
private let rulesNamed = 3

/// A policy for each rule that speaks here, the worst findings' first.
private func policies(for changes: [ClassifiedChange]) -> Markdown {
  var rules: [String] = []
  for colour in Colour.allCases.reversed() {
    for change in changes where change.colour == colour && !rules.contains(change.verdict.rule) {
      rules.append(change.verdict.rule)
    }
  }
  let named = rules.prefix(rulesNamed).map { "\($0): ignore" }.joined(separator: ", ")
  let policies: Markdown = "\(code: "policies: {\(named)}")"
  if rules.count == 1 { return policies }
  let rest: Markdown = rules.count > rulesNamed ? ", and \(rules.count - rulesNamed) more: `mooring explain`" : ""
  return "those that you mean of \(policies)\(rest)"
}
