/// One change to a file of refusals.
package enum RefusalEdit: Hashable, Sendable {
  case append(Refusal)
  /// The refusal at this place no longer counts from then on.
  case end(Int, at: Timestamp)
}

extension RefusalFile {
  /// The file as these edits leave it.
  package func applying(_ edits: [RefusalEdit]) -> RefusalFile {
    var file = self
    for edit in edits {
      switch edit {
      case .append(let refusal): file.refusals.append(refusal)
      case .end(let index, let moment): file.refusals[index].until = moment
      }
    }
    return file
  }
}

/// The text of a new file.
package func renderRefusals(_ file: RefusalFile) -> String {
  var entries: [YAMLText.Entry] = [("version", .verbatim("1")), ("connection", .text(file.connection.text))]
  if let table = file.table { entries.append(("table", table.yaml)) }
  entries.append(("refusals", .list(file.refusals.map(yaml))))
  return introduction + YAMLText.map(entries).document
}

/// Edits the text of a file of refusals: what people wrote stays, byte for byte. The result is parsed again and must be the
/// edited value.
package func edit(
  refusals bytes: [UInt8], path: String, with edits: [RefusalEdit]
) throws(EditRefusal) -> [UInt8] {
  guard let before = parseRefusals(bytes, path: path).0 else { throw refusal(path, "the file does not parse") }
  var text = EditableText(bytes: bytes, path: path)
  for edit in edits {
    switch edit {
    case .append(let refusal): try text.append(yaml(refusal), to: "refusals")
    case .end(let index, let moment):
      guard let items = try text.root()["refusals"]?.items, items.indices.contains(index) else {
        throw refusal(path, "there is no refusal \(index + 1)")
      }
      try text.setText("until", moment.description, in: items[index])
    }
  }
  guard parseRefusals(text.bytes, path: path).0 == before.applying(edits) else {
    throw refusal(path, "the edited text does not read back as intended")
  }
  return text.bytes
}

/// `recorded.yaml` with further closings; nil bytes begin it.
package func edit(
  recordedClosings bytes: [UInt8]?, path: String, adding closings: [RecordedClosing]
) throws(EditRefusal) -> [UInt8] {
  let start = bytes ?? Array((recordedIntroduction + "version: 1\nrecorded: []\n").utf8)
  guard let before = parseRecordedClosings(start, path: path).0 else { throw refusal(path, "the file does not parse") }
  var text = EditableText(bytes: start, path: path)
  for closing in closings {
    try text.append(
      .flow(.map([("pull_request", .text(closing.pullRequest)), ("at", .text(closing.at.description))])), to: "recorded"
    )
  }
  guard parseRecordedClosings(text.bytes, path: path).0 == before + closings else {
    throw refusal(path, "the edited text does not read back as intended")
  }
  return text.bytes
}

private let introduction = """
  # What people said no to. It is not proposed as long as an entry here counts: for good, or before its "until".
  # To take a "no" back, give its entry an "until" that has passed, or delete the entry.

  """

private let recordedIntroduction = """
  # The closed pull requests that the files beside this one answer for. They are not read from the forge again.

  """

private func yaml(_ refusal: Refusal) -> YAMLText {
  var entries: [YAMLText.Entry] = []
  if let at = refusal.at { entries.append(("at", .text(at.description))) }
  if let until = refusal.until { entries.append(("until", .text(until.description))) }
  if let by = refusal.by { entries.append(("by", .text(by))) }
  if let reason = refusal.reason { entries.append(("reason", .text(reason))) }
  if let source = refusal.pullRequest {
    var parts: [YAMLText.Entry] = [("branch", .text(source.branch)), ("id", .text(source.id))]
    if let location = source.location { parts.append(("url", .text(location))) }
    entries.append(("pull_request", .flow(.map(parts))))
  }
  let findings = refusal.findings.map { finding -> YAMLText in
    var parts: [YAMLText.Entry] = [("fingerprint", .text(finding.fingerprint))]
    if let words = finding.words { parts.append(("change", .text(words))) }
    return .flow(.map(parts))
  }
  entries.append(("findings", .list(findings)))
  return .map(entries)
}
