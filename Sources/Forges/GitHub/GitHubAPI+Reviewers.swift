import DriftCore
import JSON
import Synchronization
import Transport

/// Reviewers that this run has already asked about, in lower case.
struct KnownReviewers: Hashable, Sendable {
  var valid: Set<String> = []
  var unknown: Set<String> = []
}

extension GitHubAPI {
  /// Asks for reviews. GitHub refuses all for one that it does not take, so then each is looked up, once a run, and those that
  /// are left are asked once more. A pull request without reviewers is still one, so nothing of this is an error.
  func request(_ names: [String], for made: HostedPullRequest, _ activity: String) async throws {
    let first = reviewers(names, for: made)
    if try await rest.request(first, for: made.number, activity) { return }
    try await lookUp(first, activity)
    let second = reviewers(names, for: made)
    if second.isEmpty { return }
    if second != first, try await rest.request(second, for: made.number, activity) { return }
    forget(second.users + second.teams.map { "\(rest.owner)/\($0)" })
  }

  private func reviewers(_ names: [String], for made: HostedPullRequest) -> Reviewers {
    Reviewers(names, owner: rest.owner, author: made.author, unknown: reviewers.withLock({ $0.unknown }))
  }

  private func forget(_ names: [String]) {
    reviewers.withLock { $0.unknown.formUnion(names.map { $0.lowercased() }) }
  }

  private func lookUp(_ found: Reviewers, _ activity: String) async throws {
    var foundOne = false
    for user in found.users {
      if reviewers.withLock({ $0.valid.contains(user.lowercased()) }) { continue }
      let path = "\(rest.path)/collaborators/\(percentEncoded(user))"
      if try await client.send("GET", path, nil, activity).status == 204 {
        _ = reviewers.withLock { $0.valid.insert(user.lowercased()) }
      } else {
        foundOne = true
        forget([user])
      }
    }
    // Where every person is known it was a team: which one, GitHub does not say.
    if !foundOne { forget(found.teams.map { "\(rest.owner)/\($0)" }) }
  }
}
