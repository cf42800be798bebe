package import DriftCore
import Transport

extension HostedForge {
  package func comment(on id: String, _ purpose: CommentPurpose, _ text: Markdown) async throws {
    let activity = "commenting on a \(noun)"
    try await write(purpose, text, on: try await ours(id, activity), activity)
  }

  /// The head says enough: what it names is a commit of ours.
  package func mergeWhenAllowed(_ id: String, at head: CommitID) async throws -> AutoMerge {
    let activity = "asking for a \(noun) to be merged by itself"
    try checkCommit(head, activity)
    guard let number = Int(id), number > 0 else {
      throw ForgeError(.noSuchPullRequest, activity, at: "\"\(oneLine(id))\"", "there is no such \(noun) of ours")
    }
    return try await api.mergeWhenAllowed(number, at: head, activity)
  }

  package func leaveToPeople(_ id: String) async throws {
    let activity = "leaving a \(noun) to people"
    let found = try await ours(id, activity)
    if found.state == .open { try await api.leaveToPeople(found, activity) }
  }

  package func closings(of ids: [String]) async throws -> [String: Closing] {
    let found = try await api.closings(of: ids.compactMap { Int($0) }, "asking who closed a \(noun)")
    return Dictionary(found.map { (String($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  package func merged(_ landing: CommitID, into base: String) async throws -> MergedPullRequest? {
    let activity = "looking for the \(noun) of a merged change"
    try checkCommit(landing, activity)
    let found = try await api.merged(landing, into: base, activity)
    // A rebase or a fast-forward of several commits may land with one that is not the last.
    return found.first { $0.mergeCommit == landing } ?? found.first
  }

  /// Looks first: GitHub keeps every status that was ever set, and takes 1,000 of one context.
  package func set(_ status: CommitStatus, on commit: CommitID) async throws -> StatusOutcome {
    let activity = "setting the status of a commit"
    try checkCommit(commit, activity)
    let wanted = HostedStatus(status, for: api.product)
    if try await api.status(wanted.context, of: commit, activity) == wanted { return .set }
    let response = try await api.set(wanted, on: commit, activity)
    if response.status == 200 || response.status == 201 {
      // A sign-in page says 200 as well, and this is told only once.
      _ = try hostedValue(response, api.product, activity, "the statuses of \(commit)")
      return .set
    }
    if isUnknownCommit(response) { return .unknownCommit }
    // GitLab does not take a state that it has, whatever else is said with it.
    let isSame = response.status == 400 && hostedMessages(response).contains { $0.contains("Cannot transition") }
    guard isSame else { throw api.client.refusal(response, "POST", "the statuses of \(commit)", activity) }
    return .set
  }
}

/// One for each person: the last that says yes or no, or that was taken back. `reviews` are in the order of time.
func lastOfEach(_ reviews: [Review]) -> [Review] {
  var last: [String: Review] = [:]
  for review in reviews { last[review.reviewer.lowercased()] = review }
  return last.values.sorted { $0.reviewer.utf8.lexicographicallyPrecedes($1.reviewer.utf8) }
}
