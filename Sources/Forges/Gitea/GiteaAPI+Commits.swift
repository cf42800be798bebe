import DriftCore
import JSON
import Transport

extension GiteaAPI {
  func status(_ context: String, of commit: CommitID, _ activity: String) async throws -> HostedStatus? {
    try await rest.status(context, of: commit, query: "limit=50", activity)
  }

  func set(_ status: HostedStatus, on commit: CommitID, _ activity: String) async throws -> HTTPResponse {
    try await rest.set(status, on: commit, activity)
  }

  /// Gitea 1.22 and Forgejo 7 know which merge a commit came with; before, none is found.
  func merged(_ landing: CommitID, into base: String, _ activity: String) async throws -> [MergedPullRequest] {
    let path = "\(rest.path)/commits/\(landing)/pull"
    let response = try await client.send("GET", path, nil, activity)
    if response.status == 404 { return [] }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    let node = try hostedValue(response, client.product, activity, client.place("GET", path))
    guard node["merged"]?.bool == true, node["base"]?["ref"]?.string == base,
      let repository = node["base"]?["repo_id"]?.int, node["head"]?["repo_id"]?.int == repository
    else { return [] }
    guard let number = node["number"]?.int, let head = node["head"]?["sha"]?.string,
      let branch = node["head"]?["ref"]?.string, let author = node["user"]?["login"]?.string
    else { throw ForgeError(.unreadable, activity, at: client.place("GET", path), "the pull request lacks a field") }
    return [
      MergedPullRequest(
        id: String(number), branch: branch, head: CommitID(head),
        mergeCommit: node["merge_commit_sha"]?.string.map { CommitID($0) },
        mergedBy: node["merged_by"]?["login"]?.string,
        mergedAt: node["merged_at"]?.string.flatMap(Timestamp.init(iso8601:)),
        labels: sorted((node["labels"]?.array ?? []).compactMap { $0["name"]?.string }),
        reviews: try await reviews(of: number, author: author, activity))
    ]
  }

  private func reviews(of number: Int, author: String, _ activity: String) async throws -> [Review] {
    let me = try await account(activity)
    let states: [String: Review.State] = ["APPROVED": .approved, "REQUEST_CHANGES": .changesRequested]
    let all = try await client.list("\(collection)/\(number)/reviews?limit=50", activity)
    return lastOfEach(
      all.sorted { $0["id"]?.int ?? 0 < $1["id"]?.int ?? 0 }.compactMap { node in
        // A team's request for a review has no user.
        guard let state = node["state"]?.string.flatMap({ states[$0] }), let reviewer = node["user"]?["login"]?.string
        else { return nil }
        // Stale: the branch has moved since, whatever commit is named.
        let commit = node["stale"]?.bool == false ? node["commit_id"]?.string.map { CommitID($0) } : nil
        return Review(
          reviewer: reviewer, state: node["dismissed"]?.bool == true ? .dismissed : state, commit: commit,
          isBot: me.wrote(node),
          // Official: by somebody whose review counts for the protected branch.
          mayApprove: node["official"]?.bool == true && reviewer != author)
      })
  }
}
