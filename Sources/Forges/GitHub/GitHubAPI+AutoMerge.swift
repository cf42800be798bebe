import DriftCore
import JSON
import Synchronization

/// What GraphQL's changes need besides a number, as this run has learnt. Losing it costs requests.
struct LearntByGitHub: Sendable {
  /// Of pull requests, by number.
  var ids: [Int: String] = [:]
  /// How the repository merges.
  var mergeMethod: String?
}

extension GitHubAPI {
  /// GitHub itself refuses one that nothing is left to wait for, so that none is merged by this request.
  func mergeWhenAllowed(_ number: Int, at head: CommitID, _ activity: String) async throws -> AutoMerge {
    if learnt.withLock({ $0.ids[number] == nil }) { _ = try await pullRequest(number, activity) }
    guard let (id, method) = learnt.withLock({ learnt in learnt.ids[number].map { ($0, learnt.mergeMethod) } }) else {
      throw unreadable("the pull request has no id", activity)
    }
    // Without one GitHub takes a merge commit, which the repository may not allow.
    let how = method.flatMap { ["MERGE", "SQUASH", "REBASE"].contains($0) ? ", mergeMethod: \($0)" : nil } ?? ""
    let text = """
      mutation ($id: ID!, $head: GitObjectID!) {
        enablePullRequestAutoMerge(input: {pullRequestId: $id, expectedHeadOid: $head\(how)}) {
          pullRequest { number }
        }
      }
      """
    let answer = try await ask(
      text, ["id": .string(id), "head": .string(head.text)], activity, isRead: false)
    let errors = answer["errors"]?.array ?? []
    if errors.isEmpty { return .armed }
    return autoMerge(errors.compactMap { $0["message"]?.string }.map(oneLine).joined(separator: "; "))
  }
}

/// What GitHub's words mean; it has no codes for them.
private func autoMerge(_ words: String) -> AutoMerge {
  let folded = words.lowercased()
  if folded.contains("auto merge is not allowed") || folded.contains("auto-merge is not allowed") {
    return .refused("the repository does not allow auto-merge: Settings, General, Allow auto-merge")
  }
  if folded.contains("clean status") || folded.contains("unstable status") || folded.contains("rules not configured") {
    return .refused("GitHub has nothing to wait for: require a check or a review on the protected branch")
  }
  if folded.contains("not accessible") || folded.contains("permission") || folded.contains("not authorized") {
    return .refused("the token may not ask for it; it needs \"Contents: write\" and \"Pull requests: write\"")
  }
  return .notYet(words)
}
