import DriftCore
import JSON
import Transport

extension GitHubForge {
  /// Writes the comment for one purpose, or edits the one that is there; does nothing where it says so already.
  func comment(
    on found: GitHubPullRequest, kind: CommentKind, _ reason: String, _ activity: String
  ) async throws {
    let comment = HostedComment(kind, reason)
    let body = comment.body
    if let old = found.comments.last(where: { comment.isSamePurpose(as: $0.body) }) {
      if comment.isSameText(as: old.body) { return }
      let path = ["issues", "comments", old.id]
      let response = try await client.write(
        "PATCH", path, ["body": .string(body)], activity, isRepeatable: true)
      guard response.status == 200 else {
        throw hostedRefusal(response, .gitHub, activity, client.place("PATCH", path))
      }
      return
    }
    let path = ["issues", String(found.number), "comments"]
    let response = try await client.write("POST", path, ["body": .string(body)], activity)
    guard response.status == 201 else {
      throw hostedRefusal(response, .gitHub, activity, client.place("POST", path))
    }
  }
}
