import DriftCore
import JSON
import Transport

extension GiteaAPI {
  /// Gitea merges at once where no check is pending, so that it is asked only while one is.
  func mergeWhenAllowed(_ number: Int, at head: CommitID, _ activity: String) async throws -> AutoMerge {
    let checks = try await client.value("GET", "\(rest.path)/commits/\(head)/status", nil, activity)
    guard checks["state"]?.string == "pending", checks["total_count"]?.int ?? 0 > 0 else {
      return .notYet("no check is pending on it; without one \(client.product.name) would merge it at once")
    }
    let fields: JSONValue = [
      "Do": "merge", "merge_when_checks_succeed": true, "head_commit_id": .string(head.text),
    ]
    let path = "\(collection)/\(number)/merge"
    let response = try await client.send("POST", path, fields, activity)
    switch response.status {
    case 200, 201: return .armed
    case 409:
      let isAsked = hostedMessages(response).contains { $0.contains("already scheduled") }
      return isAsked ? .armed : .notYet("its branch is not where it was pushed to yet")
    case 403: return .refused("the account may not merge into the protected branch")
    case 405, 422: return .notYet("\(client.product.name) cannot merge it as it is now")
    default: throw client.refusal(response, "POST", path, activity)
    }
  }

  /// Gitea keeps the wish when somebody pushes, and does not list it.
  func leaveToPeople(_ found: HostedPullRequest, _ activity: String) async throws {
    let path = "\(collection)/\(found.number)/merge"
    let response = try await client.send("DELETE", path, nil, activity, isRepeatable: true)
    // 404: it would not merge it, or has done so.
    guard [200, 204, 404].contains(response.status) else { throw client.refusal(response, "DELETE", path, activity) }
  }
}
