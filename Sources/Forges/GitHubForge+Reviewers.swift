import DriftCore
import JSON
import Transport

extension GitHubForge {
  /// Asks for reviews. GitHub refuses all for one that it does not take, so then each is looked up, once a run, and those that
  /// are left are asked once more. A pull request without reviewers is still one, so nothing of this is an error.
  func request(
    _ names: [String], for number: String, author: String?, _ activity: String
  ) async throws {
    let first = reviewers(names, author: author)
    if first.isEmpty { return }
    if try await isAccepted(first, number, activity) { return }
    try await lookUp(first, activity)
    let second = reviewers(names, author: author)
    if second.isEmpty { return }
    if second != first, try await isAccepted(second, number, activity) { return }
    let left = second.users + second.teams.map { "\(client.address.owner)/\($0)" }
    _ = known { $0.unknown.formUnion(left.map { $0.lowercased() }) }
  }

  private func reviewers(_ names: [String], author: String?) -> Reviewers {
    Reviewers(
      names, owner: client.address.owner, author: author, unknown: known { _ in }.unknown)
  }

  /// False where GitHub refuses one of them.
  private func isAccepted(
    _ reviewers: Reviewers, _ number: String, _ activity: String
  ) async throws -> Bool {
    let path = ["pulls", number, "requested_reviewers"]
    var fields: [JSONMember] = []
    if !reviewers.users.isEmpty {
      fields.append(JSONMember("reviewers", .array(reviewers.users.map { .string($0) })))
    }
    if !reviewers.teams.isEmpty {
      fields.append(JSONMember("team_reviewers", .array(reviewers.teams.map { .string($0) })))
    }
    let response = try await client.write(
      "POST", path, .object(fields), activity, isRepeatable: true)
    switch response.status {
    case 201: return true
    case 422, 404, 403: return false
    default: throw hostedRefusal(response, .gitHub, activity, client.place("POST", path))
    }
  }

  private func lookUp(_ reviewers: Reviewers, _ activity: String) async throws {
    var foundOne = false
    for user in reviewers.users {
      if known({ _ in }).valid.contains(user.lowercased()) { continue }
      let response = try await client.read(["collaborators", user], activity)
      let isKnown = response.status == 204
      foundOne = foundOne || !isKnown
      _ = known { known in
        if isKnown { known.valid.insert(user.lowercased()) } else { known.unknown.insert(user.lowercased()) }
      }
    }
    // Where every person is known it was a team: which one, GitHub does not say.
    if foundOne { return }
    let teams = reviewers.teams.map { "\(client.address.owner)/\($0)".lowercased() }
    _ = known { $0.unknown.formUnion(teams) }
  }
}
