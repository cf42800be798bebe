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
    let id = try await nodeID(of: number, activity)
    let method = learnt.withLock(\.mergeMethod)
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

extension GitHubAPI {
  /// GitHub keeps the wish when somebody pushes.
  func leaveToPeople(_ found: HostedPullRequest, _ activity: String) async throws {
    if !found.isAutoMerged { return }
    let text = """
      mutation ($id: ID!) {
        disablePullRequestAutoMerge(input: {pullRequestId: $id}) {
          pullRequest { number }
        }
      }
      """
    let answer = try await ask(
      text, ["id": .string(try await nodeID(of: found.number, activity))], activity, isRead: false)
    let errors = (answer["errors"]?.array ?? []).compactMap { $0["message"]?.string }
    if !errors.isEmpty { throw unreadable(errors.map(oneLine).joined(separator: "; "), activity) }
  }

  private func nodeID(of number: Int, _ activity: String) async throws -> String {
    if learnt.withLock({ $0.ids[number] == nil }) { _ = try await pullRequest(number, activity) }
    guard let id = learnt.withLock({ $0.ids[number] }) else {
      throw unreadable("the pull request has no id", activity)
    }
    return id
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
