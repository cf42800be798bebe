package import DriftCore
import JSON
import Synchronization
package import Transport

/// Pull requests on GitHub, github.com or Enterprise Server. Errors are `ForgeError` or `TransportError`.
///
/// What a person closes without merging is a refusal; what Mooring closes says so in its own body. It never approves and never
/// merges.
package final class GitHubForge: Forge {
  /// GitHub takes 65,536 characters of text and 256 of title.
  static let limits = TextLimits(product: "GitHub", title: 250, body: 58_000)
  static let pageSize = 100
  /// Of each list: 10,000 open ones, as many closed ones.
  static let maximumPages = 100

  let client: GitHubClient
  private let memory = Mutex(Memory())

  /// What this run has learnt. Losing it costs requests.
  private struct Memory {
    /// Closed by Mooring, by branch: reopened where the same commit comes back.
    var closed: [String: GitHubPullRequest] = [:]
    var reviewers = KnownReviewers()
  }

  package init(
    _ address: GitHubAddress, credential: GitHubCredential, transport: any HTTPTransport,
    clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Timestamp
  ) {
    client = GitHubClient(
      address: address,
      access: GitHubAccess(credential, address: address, transport: transport, now: now),
      patience: Patience(product: .gitHub, transport: transport, pace: Pace(clock, spacing: .seconds(1))))
  }

  /// One request for each 100 that are open or closed without merging, whichever are more.
  package func pullRequests() async throws -> [PullRequest] {
    let all = try await list("listing the pull requests")
    memory.withLock { memory in
      memory.closed = [:]
      for found in all.reversed() where found.state == .closed && found.marker?.state == .closed {
        memory.closed[found.branch] = found
      }
    }
    return all.compactMap(\.pullRequest)
  }

  package func open(_ draft: PullRequestDraft) async throws -> PullRequest {
    let activity = "opening a pull request"
    guard slug(of: draft.branch) != nil else {
      throw ForgeError(
        .wrongBranch, activity, at: "\"\(draft.branch)\"",
        "only branches under mooring/ have pull requests of Mooring's")
    }
    let closed = memory.withLock { $0.closed.removeValue(forKey: draft.branch) }
    // GitHub opens a closed one again only as long as its branch has not moved.
    if let closed, closed.head == draft.head,
      let reopened = try await write(draft, over: closed, reopening: true, activity)
    {
      return reopened
    }
    let text = try HostedText(draft, limits: Self.limits, activity)
    let answer = await create(draft, text, activity)
    if case .success(let response) = answer, response.status == 201 {
      let created = try created(response, draft, text, activity)
      return try await finish(created.pullRequest, draft, author: created.author, activity)
    }
    return try await openExisting(draft, text.body, after: answer, activity)
  }

  package func update(_ id: String, to draft: PullRequestDraft) async throws -> PullRequest {
    let activity = "updating a pull request"
    let found = try await pullRequest(id, withComments: false, activity)
    guard found.branch == draft.branch else {
      throw ForgeError(
        .wrongBranch, activity, at: "#\(id)",
        "it is for branch \"\(oneLine(found.branch))\", the draft for \"\(draft.branch)\"")
    }
    guard let written = try await write(draft, over: found, reopening: false, activity) else {
      throw ForgeError(.noSuchPullRequest, activity, at: "#\(id)", "it cannot be changed")
    }
    return written
  }

  /// One that is closed already stays as it is.
  package func close(_ id: String, because reason: String) async throws {
    let activity = "closing a pull request"
    let found = try await pullRequest(id, withComments: true, activity)
    if found.state != .open { return }
    try await comment(on: found, kind: .closed, reason, activity)
    try await set(.closed, of: found, activity)
  }

  package func refuse(_ id: String, because reason: String) async throws {
    let activity = "refusing a pull request"
    let found = try await pullRequest(id, withComments: true, activity)
    guard found.state != .merged else { throw merged(found, activity) }
    if found.state == .closed, found.marker?.state != .closed { return }
    try await comment(on: found, kind: .closed, reason, activity)
    try await set(.refused, of: found, activity)
  }

  private func create(
    _ draft: PullRequestDraft, _ text: HostedText, _ activity: String
  ) async -> Result<HTTPResponse, any Error> {
    do {
      let fields: JSONValue = [
        "title": .string(text.title), "head": .string(draft.branch), "base": .string(draft.base),
        "body": .string(text.body),
      ]
      return .success(try await client.write("POST", ["pulls"], fields, activity))
    } catch {
      return .failure(error)
    }
  }

  /// Where GitHub did not say that it made one: it has one already, or made one and the answer was lost. Looking tells which;
  /// asking twice could not.
  private func openExisting(
    _ draft: PullRequestDraft, _ body: String, after answer: Result<HTTPResponse, any Error>,
    _ activity: String
  ) async throws -> PullRequest {
    switch answer {
    case .failure(let error):
      guard error is TransportError, let found = try? await find(draft, activity), found.body == body
      else { throw error }
      return try await finish(found, draft, author: nil, activity)
    case .success(let response):
      let refusal = hostedRefusal(response, .gitHub, activity, client.place("POST", ["pulls"]))
      guard response.status == 422 || response.status >= 500, let found = try await find(draft, activity)
      else { throw refusal }
      if response.status >= 500 {
        guard found.body == body else { throw refusal }
        return try await finish(found, draft, author: nil, activity)
      }
      guard let written = try await write(draft, over: found, reopening: false, activity) else { throw refusal }
      return written
    }
  }

  func known(_ change: (inout KnownReviewers) -> Void) -> KnownReviewers {
    memory.withLock { memory in
      change(&memory.reviewers)
      return memory.reviewers
    }
  }
}
