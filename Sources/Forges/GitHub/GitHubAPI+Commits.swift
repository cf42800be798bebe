import DriftCore
import JSON
import Transport

extension GitHubAPI {
  func status(_ context: String, of commit: CommitID, _ activity: String) async throws -> HostedStatus? {
    try await rest.status(context, of: commit, query: "per_page=100", activity)
  }

  func set(_ status: HostedStatus, on commit: CommitID, _ activity: String) async throws -> HTTPResponse {
    try await rest.set(status, on: commit, activity)
  }

  /// One request, reviews included.
  func merged(_ landing: CommitID, into base: String, _ activity: String) async throws -> [MergedPullRequest] {
    let field = """
      object(oid: $oid) {
        ... on Commit {
          associatedPullRequests(first: 20) {
            nodes {
              number state headRefName headRefOid baseRefName isCrossRepository mergedAt
              author { login }
              mergedBy { login }
              mergeCommit { oid }
              labels(first: 100) { nodes { name } }
              reviews(last: 100, states: [APPROVED, CHANGES_REQUESTED, DISMISSED]) {
                pageInfo { hasPreviousPage }
                nodes {
                  state viewerDidAuthor authorCanPushToRepository
                  author { login __typename }
                  commit { oid }
                }
              }
            }
          }
        }
      }
      """
    let repository = try await query("$oid: GitObjectID!", field, ["oid": .string(landing.text)], activity)
    let nodes = repository["object"]?["associatedPullRequests"]?["nodes"]?.array ?? []
    return try nodes.filter {
      $0["state"]?.string == "MERGED" && $0["baseRefName"]?.string == base && $0["isCrossRepository"]?.bool == false
    }.map { node throws(ForgeError) in
      guard let number = node["number"]?.int, let head = node["headRefOid"]?.string,
        let branch = node["headRefName"]?.string,
        let reviews = node["reviews"]?["nodes"]?.array,
        let hasMore = node["reviews"]?["pageInfo"]?["hasPreviousPage"]?.bool
      else { throw unreadable("a merged pull request lacks a field", activity) }
      if hasMore {
        // One of those that are not there may be a person's only "no".
        throw ForgeError(
          .tooLarge, activity, at: "#\(number)", "it has more than 100 reviews",
          wayOut: "approve the change by a signed commit, or propose it anew")
      }
      let author = node["author"]?["login"]?.string
      return MergedPullRequest(
        id: String(number), branch: branch, head: CommitID(head),
        mergeCommit: node["mergeCommit"]?["oid"]?.string.map { CommitID($0) },
        mergedBy: node["mergedBy"]?["login"]?.string,
        mergedAt: node["mergedAt"]?.string.flatMap(Timestamp.init(iso8601:)),
        labels: sorted((node["labels"]?["nodes"]?.array ?? []).compactMap { $0["name"]?.string }),
        reviews: lastOfEach(reviews.compactMap { review($0, author: author) }))
    }.sorted { (Int($0.id) ?? 0) > (Int($1.id) ?? 0) }
  }

  /// Nil for a state that is no yes or no.
  private func review(_ node: JSONValue, author: String?) -> Review? {
    let states: [String: Review.State] = [
      "APPROVED": .approved, "CHANGES_REQUESTED": .changesRequested, "DISMISSED": .dismissed,
    ]
    guard let state = node["state"]?.string.flatMap({ states[$0] }) else { return nil }
    // Null where the account is gone.
    let reviewer = node["author"]?["login"]?.string
    return Review(
      reviewer: reviewer ?? "ghost", state: state, commit: node["commit"]?["oid"]?.string.map { CommitID($0) },
      isBot: node["author"]?["__typename"]?.string != "User" || node["viewerDidAuthor"]?.bool != false,
      mayApprove: reviewer != nil && reviewer?.lowercased() != author?.lowercased()
        && node["authorCanPushToRepository"]?.bool == true)
  }
}
