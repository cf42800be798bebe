import DriftCore
import JSON
import Transport

extension GitLabAPI {
  /// GitLab merges at once where no pipeline is under way, so that it is asked only while one is.
  func mergeWhenAllowed(_ number: Int, at head: CommitID, _ activity: String) async throws -> AutoMerge {
    let path = "\(collection)/\(number)"
    let found = try await client.value("GET", path, nil, activity)
    if found["sha"]?.string != head.text { return .notYet("its branch is not where it was pushed to yet") }
    guard let status = found["head_pipeline"]?["status"]?.string else {
      return .notYet("no pipeline has begun for it; without one GitLab would merge it at once")
    }
    guard underWay.contains(status) else {
      return .notYet("its pipeline is \"\(oneLine(status))\": GitLab would merge it at once, or never")
    }
    // GitLab before 17.11 knows only the second.
    let fields: JSONValue = [
      "sha": .string(head.text), "auto_merge": true, "merge_when_pipeline_succeeds": true,
    ]
    let place = "\(path)/merge"
    let response = try await client.send("PUT", place, fields, activity, isRepeatable: true)
    switch response.status {
    case 200: return .armed
    case 401, 403: return .refused("the account may not merge into the protected branch")
    case 405, 406, 409, 422: return .notYet("GitLab cannot merge it as it is now")
    default: throw client.refusal(response, "PUT", place, activity)
    }
  }
}

extension GitLabAPI {
  /// GitLab ends it by itself with the next push.
  func leaveToPeople(_ found: HostedPullRequest, _ activity: String) async throws {}
}

/// States of a pipeline that has not ended (docs.gitlab.com/api/pipelines).
private let underWay: Set<String> = ["created", "waiting_for_resource", "preparing", "pending", "running"]
