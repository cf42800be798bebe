/// The file of `refusalsBranch` that lists which closings the others answer for.
package let recordedClosingsPath = "recorded.yaml"

/// Reads a file of refusals. Nil where any error was found.
package func parseRefusals(_ bytes: [UInt8], path: String) -> (RefusalFile?, [Diagnostic]) {
  let (root, diagnostics) = readYAML(bytes, path: path)
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  guard let root else { return (nil, decoder.diagnostics) }
  let file = decoder.refusalFile(root)
  return (decoder.hasErrors ? nil : file, decoder.diagnostics)
}

/// Reads `recorded.yaml`. Nil where any error was found.
package func parseRecordedClosings(_ bytes: [UInt8], path: String) -> ([RecordedClosing]?, [Diagnostic]) {
  let (root, diagnostics) = readYAML(bytes, path: path)
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  guard let root else { return (nil, decoder.diagnostics) }
  let closings = decoder.recordedClosings(root)
  return (decoder.hasErrors ? nil : closings, decoder.diagnostics)
}

extension YAMLDecoder {
  fileprivate mutating func refusalFile(_ root: YAMLNode) -> RefusalFile? {
    let known = ["version", "connection", "table", "refusals"]
    guard let fields = self.fields(root, of: "the file", known: known) else { return nil }
    formatVersion(in: fields)
    let connection = requiredText("connection", in: fields)
    let table = fields["table"] == nil ? nil : self.table("table", in: fields)
    let refusals = items("refusals", in: fields).compactMap { refusal($0) }
    guard let connection else { return nil }
    return RefusalFile(connection: ConnectionName(connection), table: table, refusals: refusals)
  }

  private mutating func refusal(_ node: YAMLNode) -> Refusal? {
    let known = ["at", "until", "by", "reason", "pull_request", "findings"]
    guard let fields = self.fields(node, of: "a refusal", known: known) else { return nil }
    let findings = items("findings", in: fields).compactMap { refusedFinding($0) }
    if findings.isEmpty {
      error(node, "a refusal lists no finding", hint: "delete it, or list the findings as - {fingerprint: ...}")
    }
    return Refusal(
      findings: findings, by: optionalText("by", in: fields), reason: optionalText("reason", in: fields),
      at: moment("at", in: fields), until: moment("until", in: fields),
      pullRequest: fields["pull_request"].flatMap { refusalSource($0) })
  }

  private mutating func refusedFinding(_ node: YAMLNode) -> Refusal.Finding? {
    guard let fields = self.fields(node, of: "a finding", known: ["fingerprint", "change"]),
      let fingerprint = requiredText("fingerprint", in: fields)
    else { return nil }
    return Refusal.Finding(fingerprint: fingerprint, words: optionalText("change", in: fields))
  }

  private mutating func refusalSource(_ node: YAMLNode) -> Refusal.Source? {
    guard let fields = self.fields(node, of: "\"pull_request\"", known: ["branch", "id", "url"]) else { return nil }
    let branch = requiredText("branch", in: fields)
    let id = requiredText("id", in: fields)
    let location = optionalText("url", in: fields)
    guard let branch, let id else { return nil }
    return Refusal.Source(branch: branch, id: id, location: location)
  }

  fileprivate mutating func recordedClosings(_ root: YAMLNode) -> [RecordedClosing]? {
    guard let fields = self.fields(root, of: "the file", known: ["version", "recorded"]) else { return nil }
    formatVersion(in: fields)
    return items("recorded", in: fields).compactMap { node in
      guard let fields = self.fields(node, of: "a closing", known: ["pull_request", "at"]) else { return nil }
      let id = requiredText("pull_request", in: fields)
      _ = required("at", in: fields)
      guard let at = moment("at", in: fields), let id else { return nil }
      return RecordedClosing(pullRequest: id, at: at)
    }
  }

  /// A day or a moment, where the key is there.
  private mutating func moment(_ key: String, in fields: YAMLFields) -> Timestamp? {
    guard let node = fields[key], let text = text(node, "\"\(key)\"") else { return nil }
    if let moment = Timestamp(day: text) ?? Timestamp(iso8601: text) { return moment }
    error(
      node, "\"\(key)\" is \(node.shown), not a time",
      hint: "write a day, 2026-12-31, or a moment, 2026-12-31T12:00:00Z")
    return nil
  }
}
