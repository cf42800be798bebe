import Cryptography
import DriftCore
import JSON
import Transport

/// What a comment is for. A pull request has at most one for each purpose.
enum CommentKind: String {
  case closed
}

extension GitHubForge {
  /// Writes the comment for one purpose, or edits the one that is there; does nothing where it says so already.
  func comment(
    on found: GitHubPullRequest, kind: CommentKind, _ reason: String, _ activity: String
  ) async throws {
    let text = "Mooring closed this: \(Markdown("\(reason)")).\n"
    let opening = "<!-- mooring:v1 kind=\(kind.rawValue) digest="
    let body = "\(opening)\(sha256Hex(text)) -->\n\n\(text)"
    if let old = found.comments.last(where: { $0.body.hasPrefix(opening) }) {
      let digest = old.body.dropFirst(opening.count).prefix(64)
      if digest == sha256Hex(text) { return }
      let path = ["issues", "comments", old.id]
      let response = try await client.write(
        "PATCH", path, ["body": .string(body)], activity, isRepeatable: true)
      guard response.status == 200 else {
        throw gitHubRefusal(response, activity, client.place("PATCH", path))
      }
      return
    }
    let path = ["issues", String(found.number), "comments"]
    let response = try await client.write("POST", path, ["body": .string(body)], activity)
    guard response.status == 201 else {
      throw gitHubRefusal(response, activity, client.place("POST", path))
    }
  }
}
