package import DriftCore
import JSON
import Synchronization
package import Transport

/// Where a project's API is, and what the project is called.
package struct GitLabAddress: Hashable, Sendable {
  let api: String
  /// `group/subgroup/project`.
  let project: String

  package static let publicAPI = "https://gitlab.com/api/v4"

  /// - Parameters:
  ///   - api: `https://HOST/api/v4`.
  ///   - repository: the project with every group above it.
  package init(api: String = Self.publicAPI, repository: String) throws(ForgeError) {
    let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts.allSatisfy(isRepositoryName) else {
      throw ForgeError(
        .invalid, "reading the forge's settings", at: "forge.repository",
        "\"\(oneLine(repository))\" is not a project", wayOut: "write group/project, as in its web address")
    }
    project = repository
    self.api = try apiBase(api)
  }

  var path: String { "/projects/\(percentEncoded(project))/merge_requests" }
}

/// Merge requests on GitLab, gitlab.com or self-managed. Errors are `ForgeError` or `TransportError`.
///
/// Lists ask for what our own account created, so that no request is needed to learn who we are.
package final class GitLabForge: Forge {
  /// GitLab takes 255 characters of title and 1,048,576 of text, and gives them back with six bytes for each `<`.
  static let limits = TextLimits(product: "GitLab", title: 250, body: 150_000)

  let client: HostedClient
  let address: GitLabAddress
  private let memory = Mutex(Memory())

  /// What this run has learnt. Losing it costs requests.
  private struct Memory {
    var closed: [String: GitLabMergeRequest] = [:]
    /// Ids by user name; nil for one who is not there.
    var users: [String: Int?] = [:]
  }

  package init(
    _ address: GitLabAddress, token: Secret, transport: any HTTPTransport,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.address = address
    let product = HostedProduct(
      name: "GitLab", rights: "the token needs the scope \"api\" and the role Developer in this project")
    client = HostedClient(
      product: product, api: address.api, authorization: HTTPHeader("PRIVATE-TOKEN", secret: token),
      patience: Patience(product: product, transport: transport, pace: Pace(clock, spacing: .milliseconds(200))))
  }

  /// Two requests, and one more for each further 100 of ours that are open or closed without merging.
  package func pullRequests() async throws -> [PullRequest] {
    let activity = "listing the merge requests"
    let query = "order_by=created_at&sort=desc&per_page=100"
    // Closed ones first: one that is closed in between is then in the second list as open, not in neither.
    var found: [Int: GitLabMergeRequest] = [:]
    for state in ["closed", "opened"] {
      for mergeRequest in try await list("state=\(state)&\(query)", activity) { found[mergeRequest.iid] = mergeRequest }
    }
    let all = found.values.filter(\.isOurs).sorted { $0.iid > $1.iid }
    memory.withLock { memory in
      memory.closed = [:]
      for old in all.reversed() where old.state == .closed && old.marker?.state == .closed {
        memory.closed[old.branch] = old
      }
    }
    return all.compactMap(\.pullRequest)
  }

  package func open(_ draft: PullRequestDraft) async throws -> PullRequest {
    let activity = "opening a merge request"
    guard slug(of: draft.branch) != nil else {
      throw ForgeError(
        .wrongBranch, activity, at: "\"\(draft.branch)\"",
        "only branches under mooring/ have merge requests of Mooring's")
    }
    let closed = memory.withLock { $0.closed.removeValue(forKey: draft.branch) }
    if let closed, closed.head == draft.head,
      let reopened = try await write(draft, over: closed, reopening: true, activity)
    {
      return reopened
    }
    let text = try text(of: draft, activity: activity)
    var fields: [JSONMember] = [
      JSONMember("source_branch", .string(draft.branch)), JSONMember("target_branch", .string(draft.base)),
      JSONMember("title", .string(text.title)), JSONMember("description", .string(text.body)),
      JSONMember("labels", .string(text.marker.labels.joined(separator: ","))),
    ]
    let reviewers = try await ids(of: draft.reviewers, activity)
    if !reviewers.isEmpty { fields.append(JSONMember("reviewer_ids", .array(reviewers.map { JSONValue($0) }))) }
    let answer = await create(fields, activity)
    if case .success(let response) = answer, response.status == 201 {
      let place = client.place("POST", address.path)
      guard let made = GitLabMergeRequest(try hostedValue(response, client.product, activity, place)),
        made.branch == draft.branch, let pullRequest = made.pullRequest
      else { throw ForgeError(.unreadable, activity, at: place, "the answer is about another merge request") }
      return pullRequest
    }
    return try await openExisting(draft, text.body, after: answer, activity)
  }

  package func update(_ id: String, to draft: PullRequestDraft) async throws -> PullRequest {
    let activity = "updating a merge request"
    let found = try await mergeRequest(id, activity)
    guard found.branch == draft.branch else {
      throw ForgeError(
        .wrongBranch, activity, at: "!\(id)",
        "it is for branch \"\(oneLine(found.branch))\", the draft for \"\(draft.branch)\"")
    }
    guard let written = try await write(draft, over: found, reopening: false, activity) else {
      throw ForgeError(.noSuchPullRequest, activity, at: "!\(id)", "it cannot be changed")
    }
    return written
  }

  /// One that is closed already stays as it is.
  package func close(_ id: String, because reason: String) async throws {
    let activity = "closing a merge request"
    let found = try await mergeRequest(id, activity)
    if found.state == .closed || found.state == .merged { return }
    try await end(found, as: .closed, reason, activity)
  }

  package func refuse(_ id: String, because reason: String) async throws {
    let activity = "refusing a merge request"
    let found = try await mergeRequest(id, activity)
    guard found.state != .merged else { throw merged(found, activity) }
    if found.state == .closed, found.marker?.state != .closed { return }
    try await end(found, as: .refused, reason, activity)
  }

  /// The numbers of those that GitLab knows. Groups, which cannot review, and unknown names are left out.
  private func ids(of names: [String], _ activity: String) async throws -> [Int] {
    let people = Reviewers(names, owner: "", author: nil, unknown: []).users
    var ids: [Int] = []
    for name in people {
      if let known = memory.withLock({ $0.users[name.lowercased()] }) {
        if let known { ids.append(known) }
        continue
      }
      let path = "/users?username=\(percentEncoded(name))"
      let found = try await client.value("GET", path, nil, activity).array ?? []
      let id = found.first { $0["username"]?.string?.lowercased() == name.lowercased() }?["id"]?.int
      memory.withLock { $0.users[name.lowercased()] = .some(id) }
      if let id { ids.append(id) }
    }
    return ids
  }

  private func create(_ fields: [JSONMember], _ activity: String) async -> Result<HTTPResponse, any Error> {
    do {
      return .success(try await client.send("POST", address.path, .object(fields), activity))
    } catch {
      return .failure(error)
    }
  }

  /// Where GitLab did not say that it made one: it has one already, or made one and the answer was lost. Looking tells which.
  private func openExisting(
    _ draft: PullRequestDraft, _ body: String, after answer: Result<HTTPResponse, any Error>, _ activity: String
  ) async throws -> PullRequest {
    switch answer {
    case .failure(let error):
      guard error is TransportError, let found = try? await find(draft, activity),
        isSameText(found.description, body), let pullRequest = found.pullRequest
      else { throw error }
      return pullRequest
    case .success(let response):
      let refusal = client.refusal(response, "POST", address.path, activity)
      guard response.status == 409 || response.status >= 500 else { throw refusal }
      guard let found = try await find(draft, activity) else {
        if response.status >= 500 { throw refusal }
        throw ForgeError(
          .notOurs, activity, at: "\"\(draft.branch)\"", "somebody else opened a merge request for this branch",
          wayOut: "close or merge it, or run Mooring with the account that opened it")
      }
      if response.status >= 500, !isSameText(found.description, body) { throw refusal }
      guard let written = try await write(draft, over: found, reopening: false, activity) else { throw refusal }
      return written
    }
  }
}
