package import DriftCore
import JSON
import Transport

/// A status as hosted forges take it: with other names for the context and for failure.
func statusFields(
  _ status: CommitStatus, contextName: String, failure: String, limit: Int
) -> JSONValue {
  let state = status.state == .failure ? failure : status.state.rawValue
  let text = String(String.UnicodeScalarView(visible(status.text).unicodeScalars.prefix(limit)))
  var fields: [JSONMember] = [
    JSONMember("state", .string(state)), JSONMember(contextName, .string(status.context)),
    JSONMember("description", .string(text)),
  ]
  if let location = status.location { fields.append(JSONMember("target_url", .string(location))) }
  return .object(fields)
}

/// Refuses what is no commit's full id, before it becomes part of a path.
func checkCommit(_ commit: CommitID, _ activity: String) throws(ForgeError) {
  let isID =
    [40, 64].contains(commit.text.utf8.count)
    && commit.text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  if !isID {
    throw ForgeError(.invalid, activity, at: "\"\(oneLine(commit.text))\"", "it is no commit's full id")
  }
}

private let activity = "setting a commit's status"

extension GitHubForge: StatusBoard {
  package func set(_ status: CommitStatus, on commit: CommitID) async throws {
    try checkCommit(commit, activity)
    let path = ["statuses", commit.text]
    let fields = statusFields(status, contextName: "context", failure: "failure", limit: 140)
    let response = try await client.write("POST", path, fields, activity, isRepeatable: true)
    guard response.status == 201 else {
      throw hostedRefusal(response, .gitHub, activity, client.place("POST", path))
    }
  }
}

extension GitLabForge: StatusBoard {
  package func set(_ status: CommitStatus, on commit: CommitID) async throws {
    try checkCommit(commit, activity)
    let path = "/projects/\(percentEncoded(address.project))/statuses/\(commit.text)"
    let fields = statusFields(status, contextName: "name", failure: "failed", limit: 255)
    let response = try await client.send("POST", path, fields, activity, isRepeatable: true)
    // A state that it has already is an error to GitLab.
    let isSame = response.status == 400 && hostedMessages(response).contains { $0.contains("Cannot transition") }
    guard response.status == 201 || isSame else { throw client.refusal(response, "POST", path, activity) }
  }
}

extension GiteaForge: StatusBoard {
  package func set(_ status: CommitStatus, on commit: CommitID) async throws {
    try checkCommit(commit, activity)
    let fields = statusFields(status, contextName: "context", failure: "failure", limit: 255)
    try await client.value(
      "POST", "\(path)/statuses/\(commit.text)", fields, activity, isRepeatable: true, expected: [201])
  }
}
