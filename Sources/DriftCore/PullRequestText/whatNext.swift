/// How to change, acknowledge, reject or put off.
func whatNext(_ tables: [TableDraft], branch: String) -> Markdown {
  let change: Markdown =
    "- **Change:** edit the files on this branch before merging, `mapping.yaml`, `up.sql` and the actions and steps in `change.yaml` alike; what is merged is what runs.\n"
  return whatNext(change, branch: branch, rule: tables[0].changes[0].verdict.rule)
}

func whatNext(_ draft: ConnectionDraft, branch: String) -> Markdown {
  let change: Markdown =
    "- **Change:** set it back in Fivetran, and this pull request closes by itself; or edit `connection.yaml` on this branch before merging.\n"
  return whatNext(change, branch: branch, rule: draft.changes[0].verdict.rule)
}

private func whatNext(_ change: Markdown, branch: String, rule: String) -> Markdown {
  var text: Markdown = "### To change or reject\n\n"
  text += change
  text +=
    "- **Reject:** close this pull request, with a comment that says why (here: \(code: "mooring reject \(branch)")). The same findings are not proposed again until they change.\n"
  text +=
    "- **Snooze:** put the label \(code: snoozeLabel) on it and close it (here: \(code: "mooring reject \(branch) --until 14d")). The same findings come again after 14 days.\n"
  text +=
    "- **Never mind this kind:** set a policy in `mooring.yaml`, for example \(code: "policies: {\(rule): ignore}").\n\n"
  return text
}
