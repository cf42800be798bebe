import DriftCore
import JSON
import Transport

extension GitLabForge {
  func list(_ query: String, _ activity: String) async throws -> [GitLabMergeRequest] {
    let path = "\(address.path)?scope=created_by_me&\(query)"
    return try await client.list(path, activity).map { node throws(ForgeError) in
      guard let found = GitLabMergeRequest(node) else {
        throw ForgeError(
          .unreadable, activity, at: client.place("GET", path), "a merge request lacks a field")
      }
      return found
    }
  }

  func mergeRequest(_ id: String, _ activity: String) async throws -> GitLabMergeRequest {
    let none = ForgeError(
      .noSuchPullRequest, activity, at: "!\(oneLine(id))", "there is no such merge request of ours",
      wayOut: "on GitLab a merge request's id is the number behind its exclamation mark")
    guard let iid = Int(id), iid > 0, String(iid) == id else { throw none }
    // A list, because a single one would not say whether it is ours.
    let found = try await list("state=all&iids%5B%5D=\(iid)", activity)
    guard let mergeRequest = found.first(where: { $0.iid == iid && $0.isOurs }) else { throw none }
    return mergeRequest
  }

  /// The open one of the draft's branch; nil where there is none of ours.
  func find(_ draft: PullRequestDraft, _ activity: String) async throws -> GitLabMergeRequest? {
    let names = "source_branch=\(percentEncoded(draft.branch))&target_branch=\(percentEncoded(draft.base))"
    return try await list("state=opened&\(names)", activity).first {
      $0.branch == draft.branch && $0.base == draft.base && $0.isOurs && $0.state == .opened
    }
  }

  func text(
    of draft: PullRequestDraft, state: PullRequestMarker.State = .open, activity: String
  ) throws(ForgeError) -> HostedText {
    var draft = draft
    let digest = textDigest(of: draft)
    draft.body = withoutQuickActions(draft.body)
    return try HostedText(draft, digest: digest, state: state, limits: Self.limits, activity)
  }

  /// Brings an existing one to the draft, in one request; nil where GitLab does not open it again.
  func write(
    _ draft: PullRequestDraft, over found: GitLabMergeRequest, reopening: Bool, _ activity: String
  ) async throws -> PullRequest? {
    guard found.state != .merged else { throw merged(found, activity) }
    let before = found.marker
    let state = reopening || found.state != .closed ? .open : before?.state ?? .open
    let text = try text(of: draft, state: state, activity: activity)
    let edits = labelEdits(
      remembered: before?.labels ?? [], present: found.labels, wanted: text.marker.labels)
    var fields: [JSONMember] = []
    if !HostedText.isForeign(title: found.title, marker: before), found.title != text.title {
      fields.append(JSONMember("title", .string(text.title)))
    }
    if !isSameText(found.description, text.body) { fields.append(JSONMember("description", .string(text.body))) }
    if !edits.added.isEmpty { fields.append(JSONMember("add_labels", .string(edits.added.joined(separator: ",")))) }
    if !edits.removed.isEmpty {
      fields.append(JSONMember("remove_labels", .string(edits.removed.joined(separator: ","))))
    }
    if reopening { fields.append(JSONMember("state_event", "reopen")) }
    if !fields.isEmpty {
      let path = "\(address.path)/\(found.iid)"
      let response = try await client.send("PUT", path, .object(fields), activity, isRepeatable: true)
      if reopening, [400, 405, 409, 422].contains(response.status) { return nil }
      guard response.status == 200 else { throw client.refusal(response, "PUT", path, activity) }
    }
    var after = found
    after.description = text.body
    if reopening { after.state = .opened }
    // One that Mooring closed and updates all the same stays closed.
    return after.pullRequest
      ?? PullRequest(
        id: String(found.iid), branch: found.branch, state: .open, head: text.marker.head,
        findings: text.marker.findings, textDigest: text.marker.textDigest, location: found.url)
  }

  /// Says why, then closes, and says in the same request who did.
  func end(
    _ found: GitLabMergeRequest, as state: PullRequestMarker.State, _ reason: String, _ activity: String
  ) async throws {
    let path = "\(address.path)/\(found.iid)"
    try await comment(HostedComment(.closed, reason), on: found, activity)
    var marker =
      found.marker ?? PullRequestMarker(branch: found.branch, head: found.head ?? CommitID(""))
    marker.state = state
    var fields = [JSONMember("description", .string(body(found.description, with: marker)))]
    if found.state != .closed { fields.append(JSONMember("state_event", "close")) }
    try await client.value("PUT", path, .object(fields), activity, isRepeatable: true)
  }

  func merged(_ found: GitLabMergeRequest, _ activity: String) -> ForgeError {
    ForgeError(
      .merged, activity, at: "!\(found.iid)", "it was merged meanwhile",
      wayOut: "nothing is lost: the next run sees the merge")
  }

  private func comment(
    _ comment: HostedComment, on found: GitLabMergeRequest, _ activity: String
  ) async throws {
    let path = "\(address.path)/\(found.iid)/notes"
    let notes = try await client.list("\(path)?sort=desc&order_by=created_at&per_page=100", activity)
    let old = notes.first { note in
      note["author"]?["username"]?.string == found.author && note["system"]?.bool == false
        && comment.isSamePurpose(as: note["body"]?.string ?? "")
    }
    guard let old, let id = old["id"]?.int else {
      try await client.value("POST", path, ["body": .string(comment.body)], activity, expected: [201])
      return
    }
    if comment.isSameText(as: old["body"]?.string ?? "") { return }
    try await client.value(
      "PUT", "\(path)/\(id)", ["body": .string(comment.body)], activity, isRepeatable: true)
  }
}

/// The text with every line that GitLab would take for an order, such as `/merge`, made plain.
func withoutQuickActions(_ text: String) -> String {
  var result: [UInt8] = []
  var isLineStart = true
  for byte in text.utf8 {
    if isLineStart, byte == UInt8(ascii: "/") { result.append(UInt8(ascii: "\\")) }
    // Blanks before the slash do not make it harmless.
    isLineStart = byte == 0x0A || byte == 0x0D || (isLineStart && (byte == 0x20 || byte == 0x09))
    result.append(byte)
  }
  return String(decoding: result, as: UTF8.self)
}
