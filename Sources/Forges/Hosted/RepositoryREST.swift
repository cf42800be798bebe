import DriftCore
import JSON
import Transport

/// What the REST interfaces of GitHub, Gitea and Forgejo have in common, of one repository.
struct RepositoryREST: Sendable {
  let client: HostedClient
  let owner: String
  let name: String

  var path: String { "/repos/\(owner)/\(name)" }

  /// Number, address, branch and author in the answer about a new pull request.
  func made(_ answer: JSONValue) -> (number: Int, url: String, branch: String, author: String)? {
    guard let number = answer["number"]?.int, let url = answer["html_url"]?.string,
      let branch = answer["head"]?["ref"]?.string, let author = answer["user"]?["login"]?.string
    else { return nil }
    return (number, url, branch, author)
  }

  /// Labels come before the body, which remembers them: after a crash in between they are there, and remembered later. Of one
  /// that is to be opened again they come last, because it may be refused.
  func edit(
    _ found: HostedPullRequest, _ edit: HostedEdit, _ activity: String, setLabels: () async throws -> Void
  ) async throws -> Bool {
    var fields: [JSONMember] = []
    if let title = edit.title { fields.append(JSONMember("title", .string(title))) }
    if let body = edit.body { fields.append(JSONMember("body", .string(body))) }
    if let state = edit.state { fields.append(JSONMember("state", state == .open ? "open" : "closed")) }
    if !edit.reopens { try await setLabels() }
    if !fields.isEmpty {
      let path = "\(path)/pulls/\(found.number)"
      guard
        try await client.edit("PATCH", path, found.number, .object(fields), reopens: edit.reopens, activity)
      else { return false }
    }
    if edit.reopens { try await setLabels() }
    return true
  }

  /// - Parameters:
  ///   - added: as the forge takes them.
  ///   - removed: as the forge has them in a path.
  func setLabels(
    added: [JSONValue], removed: [String], of number: Int, _ activity: String
  ) async throws {
    let path = "\(path)/issues/\(number)/labels"
    if !added.isEmpty {
      try await client.value("POST", path, ["labels": .array(added)], activity, isRepeatable: true)
    }
    for label in removed {
      let place = "\(path)/\(percentEncoded(label))"
      let response = try await client.send("DELETE", place, nil, activity, isRepeatable: true)
      // Somebody else may have taken it away meanwhile.
      guard [200, 204, 404].contains(response.status) else {
        throw client.refusal(response, "DELETE", place, activity)
      }
    }
  }

  /// Asks for reviews; false where the forge refuses one of them, and then all.
  func request(_ reviewers: Reviewers, for number: Int, _ activity: String) async throws -> Bool {
    if reviewers.isEmpty { return true }
    var fields: [JSONMember] = []
    if !reviewers.users.isEmpty {
      fields.append(JSONMember("reviewers", .array(reviewers.users.map { .string($0) })))
    }
    if !reviewers.teams.isEmpty {
      fields.append(JSONMember("team_reviewers", .array(reviewers.teams.map { .string($0) })))
    }
    let path = "\(path)/pulls/\(number)/requested_reviewers"
    let response = try await client.send("POST", path, .object(fields), activity, isRepeatable: true)
    switch response.status {
    case 201: return true
    case 422, 404, 403: return false
    default: throw client.refusal(response, "POST", path, activity)
    }
  }

  func openIssue(_ fields: JSONValue, _ activity: String) async throws -> HTTPResponse {
    try await client.send("POST", "\(path)/issues", fields, activity)
  }

  func writeIssue(_ number: Int, _ body: String, _ activity: String) async throws {
    try await client.value(
      "PATCH", "\(path)/issues/\(number)", ["body": .string(body)], activity, isRepeatable: true, expected: [200, 201])
  }

  /// Nil where a field is missing, or it is a pull request.
  func hosted(issue node: JSONValue, isOwn: Bool = true) -> HostedIssue? {
    guard node["pull_request"]?.isNull ?? true, let number = node["number"]?.int,
      let url = node["html_url"]?.string, let state = node["state"]?.string, let body = nullableText(node["body"]),
      node["user"]?["login"]?.string != nil
    else { return nil }
    return HostedIssue(
      number: number, url: url, isOpen: state == "open", body: body, isOwn: isOwn)
  }

  /// - Parameter query: that asks for the longest page.
  func status(
    _ context: String, of commit: CommitID, query: String, _ activity: String
  ) async throws -> HostedStatus? {
    let path = "\(path)/commits/\(commit)/status?\(query)"
    let response = try await client.send("GET", path, nil, activity)
    if response.status == 404 || response.status == 422 { return nil }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    let place = client.place("GET", path)
    let found = try hostedValue(response, client.product, activity, place)["statuses"]?.array ?? []
    guard let status = found.first(where: { $0["context"]?.string == context }),
      // Gitea's own word for it.
      let state = (status["state"] ?? status["status"])?.string
    else { return nil }
    return HostedStatus(
      context: context, state: state, text: status["description"]?.string ?? "",
      location: status["target_url"]?.string.flatMap { $0.isEmpty ? nil : $0 })
  }

  func set(_ status: HostedStatus, on commit: CommitID, _ activity: String) async throws -> HTTPResponse {
    try await client.send(
      "POST", "\(path)/statuses/\(commit)", status.fields(contextName: "context"), activity, isRepeatable: true)
  }

  func write(
    _ body: String, over note: HostedNote?, on number: Int, _ activity: String
  ) async throws {
    if let note {
      let path = "\(path)/issues/comments/\(note.id)"
      try await client.value("PATCH", path, ["body": .string(body)], activity, isRepeatable: true)
    } else {
      let path = "\(path)/issues/\(number)/comments"
      try await client.value("POST", path, ["body": .string(body)], activity, expected: [201])
    }
  }
}
