import DriftCore

extension HostedForge {
  func ours(_ id: String, _ activity: String) async throws -> HostedPullRequest {
    guard let number = Int(id), number > 0, String(number) == id, number <= Int32.max,
      let found = try await api.pullRequest(number, activity)
    else {
      throw ForgeError(
        .noSuchPullRequest, activity, at: "\"\(oneLine(id))\"", "there is no such \(noun) of ours",
        wayOut: "on \(api.product.name) its id is the number behind \(api.product.mark)")
    }
    guard found.isOurs else { throw notOurs(found, activity) }
    return found
  }

  /// The open one of the draft's branch; nil where there is none. Throws where somebody else opened it.
  func find(_ draft: PullRequestDraft, _ activity: String) async throws -> HostedPullRequest? {
    let found = try await api.open(draft.branch, onto: draft.base, activity).filter {
      $0.branch == draft.branch && $0.state == .open && !$0.isForeign
    }
    if let ours = found.first(where: \.isOurs) { return ours }
    if let other = found.first { throw notOurs(other, activity) }
    return nil
  }

  /// Brings an existing one to the draft; nil where the forge does not open it again.
  func write(
    _ draft: PullRequestDraft, over found: HostedPullRequest, reopening: Bool, _ activity: String
  ) async throws -> PullRequest? {
    guard found.state != .merged else { throw merged(found, activity) }
    if found.isUnfinished { try await api.complete(found, draft, activity) }
    let before = found.marker
    let state = reopening || found.state == .open ? .open : before?.state ?? .open
    let text = try HostedText(draft, state: state, for: api.product, activity)
    var edit = HostedEdit()
    if !HostedText.isForeign(title: found.title, marker: before), found.title != text.title { edit.title = text.title }
    if !isSameText(found.body, text.body) { edit.body = text.body }
    if reopening { edit.state = .open }
    edit.labels = labelEdits(remembered: before?.labels ?? [], present: found.labels, wanted: text.marker.labels)
    if !edit.isEmpty {
      guard try await api.edit(found, edit, activity) else { return nil }
    }
    var after = found
    after.body = text.body
    after.isBare = false
    if reopening { after.state = .open }
    // One that Mooring closed and updates all the same stays closed.
    return after.pullRequest
      ?? PullRequest(
        id: String(found.number), branch: draft.branch, state: .open, head: text.marker.head,
        findings: text.marker.findings, textDigest: text.marker.textDigest, location: found.url)
  }

  /// Says why, then closes, and says in the same request who did: afterwards nobody could tell.
  func end(
    _ found: HostedPullRequest, as state: PullRequestMarker.State, _ reason: String, _ activity: String
  ) async throws {
    try await write(.closed, "Mooring closed this: \(reason).\n", on: found, activity)
    _ = try await mark(found, as: state, activity)
  }

  /// Closes it where it is open, and writes into its body who did.
  func mark(
    _ found: HostedPullRequest, as state: PullRequestMarker.State, _ activity: String
  ) async throws -> PullRequestMarker {
    var marker = found.marker ?? PullRequestMarker(branch: found.branch ?? "", head: found.head ?? CommitID(""))
    marker.state = state
    let edit = HostedEdit(body: body(found.body, with: marker), state: found.state == .closed ? nil : .closed)
    _ = try await api.edit(found, edit, activity)
    return marker
  }

  /// Writes the comment for one purpose, or edits the one that is there; does nothing where it says so already.
  func write(
    _ purpose: CommentPurpose, _ text: Markdown, on found: HostedPullRequest, _ activity: String
  ) async throws {
    let comment = HostedComment(purpose, text, for: api.product)
    var old = found.comments?.last { comment.isSamePurpose(as: $0.body) }
    if old == nil, found.comments == nil || found.hasEarlierComments {
      old = try await api.comments(on: found, activity).last { comment.isSamePurpose(as: $0.body) }
    }
    if let old, comment.isSameText(as: old.body) { return }
    try await api.write(comment.body, over: old, on: found, activity)
  }

  func merged(_ found: HostedPullRequest, _ activity: String) -> ForgeError {
    ForgeError(
      .merged, activity, at: place(found), "it was merged meanwhile",
      wayOut: "nothing is lost: the next run sees the merge")
  }

  private func notOurs(_ found: HostedPullRequest, _ activity: String) -> ForgeError {
    ForgeError(
      .notOurs, activity, at: place(found), "somebody else opened it",
      wayOut: "close or merge \(found.url), or run Mooring with the account that opened it")
  }
}
