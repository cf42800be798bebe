package import DriftCore
import JSON
import Synchronization
package import Transport

/// Pull requests on Gitea or Forgejo. Errors are `ForgeError` or `TransportError`.
package final class GiteaForge: Forge {
  package enum Product: String, Sendable {
    case gitea = "Gitea"
    case forgejo = "Forgejo"
  }

  let limits: TextLimits
  let client: HostedClient
  /// `/repos/owner/name`.
  let path: String
  let owner: String
  private let memory = Mutex(Memory())

  /// What this run has learnt. Losing it costs requests.
  struct Memory {
    var login: String?
    var closed: [String: GiteaPullRequest] = [:]
    /// Ids by name.
    var labels: [String: Int]?
    /// Lower-case logins of those whom the repository takes as reviewers.
    var reviewers: Set<String>?
  }

  /// - Parameters:
  ///   - api: `https://HOST/api/v1`.
  ///   - repository: `owner/name`.
  package init(
    _ product: Product, api: String, repository: String, token: Secret, transport: any HTTPTransport,
    clock: any Clock<Duration> = ContinuousClock()
  ) throws(ForgeError) {
    let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(isRepositoryName) else {
      throw ForgeError(
        .invalid, "reading the forge's settings", at: "forge.repository",
        "\"\(oneLine(repository))\" is not a repository", wayOut: "write owner/name, as in its web address")
    }
    owner = String(parts[0])
    path = "/repos/\(repository)"
    limits = TextLimits(product: product.rawValue, title: 250, body: 150_000)
    let product = HostedProduct(
      name: product.rawValue, rights: "the token needs write:repository, write:issue and read:user")
    client = HostedClient(
      product: product, api: try apiBase(api),
      authorization: HTTPHeader("Authorization", secret: Secret("token \(token.reveal())")),
      patience: Patience(product: product, transport: transport, pace: Pace(clock, spacing: .milliseconds(200))))
  }

  /// Two requests, and one more for each further 50 that our account ever opened.
  package func pullRequests() async throws -> [PullRequest] {
    let activity = "listing the pull requests"
    let me = try await login(activity)
    let query = "type=pulls&state=all&created_by=\(percentEncoded(me))&limit=50"
    var found: [Int: GiteaPullRequest] = [:]
    for node in try await client.list("\(path)/issues?\(query)", activity) {
      guard var pullRequest = GiteaPullRequest(node) else {
        throw ForgeError(
          .unreadable, activity, at: client.place("GET", "\(path)/issues"), "a pull request lacks a field")
      }
      guard pullRequest.author == me, !pullRequest.isMerged else { continue }
      if pullRequest.branch == nil, pullRequest.state == .open {
        // Somebody took the marker away, and the list does not say which branch it is for.
        pullRequest = try await read(pullRequest.number, activity)
      }
      found[pullRequest.number] = pullRequest
    }
    let all = found.values.sorted { $0.number > $1.number }
    remember { memory in
      memory.closed = [:]
      for old in all.reversed() where old.state == .closed && old.marker?.state == .closed {
        memory.closed[old.branch ?? ""] = old
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
    let closed = remember { $0.closed.removeValue(forKey: draft.branch) }
    if let closed, let now = try? await read(closed.number, activity), now.head == draft.head,
      let reopened = try await write(draft, over: now, reopening: true, activity)
    {
      return reopened
    }
    let text = try HostedText(draft, limits: limits, activity)
    let labels = try await ids(of: text.marker.labels, activity)
    let answer = await create(draft, text, labels, activity)
    if case .success(let response) = answer, response.status == 201 {
      let place = client.place("POST", "\(path)/pulls")
      guard let made = GiteaPullRequest(try hostedValue(response, client.product, activity, place)),
        made.branch == draft.branch, let pullRequest = made.pullRequest
      else { throw ForgeError(.unreadable, activity, at: place, "the answer is about another pull request") }
      try await request(draft.reviewers, for: made, activity)
      return pullRequest
    }
    return try await openExisting(draft, text.body, after: answer, activity)
  }

  package func update(_ id: String, to draft: PullRequestDraft) async throws -> PullRequest {
    let activity = "updating a pull request"
    let found = try await pullRequest(id, activity)
    guard found.branch == draft.branch else {
      throw ForgeError(
        .wrongBranch, activity, at: "#\(id)",
        "it is for branch \"\(oneLine(found.branch ?? ""))\", the draft for \"\(draft.branch)\"")
    }
    guard let written = try await write(draft, over: found, reopening: false, activity) else {
      throw ForgeError(.noSuchPullRequest, activity, at: "#\(id)", "it cannot be changed")
    }
    return written
  }

  /// One that is closed already stays as it is.
  package func close(_ id: String, because reason: String) async throws {
    let activity = "closing a pull request"
    let found = try await pullRequest(id, activity)
    if found.state == .closed { return }
    try await end(found, as: .closed, reason, activity)
  }

  package func refuse(_ id: String, because reason: String) async throws {
    let activity = "refusing a pull request"
    let found = try await pullRequest(id, activity)
    guard !found.isMerged else { throw merged(found, activity) }
    if found.state == .closed, found.marker?.state != .closed { return }
    try await end(found, as: .refused, reason, activity)
  }

  @discardableResult
  func remember<Value: Sendable>(_ change: (inout Memory) -> sending Value) -> Value {
    memory.withLock(change)
  }

  private func create(
    _ draft: PullRequestDraft, _ text: HostedText, _ labels: [Int], _ activity: String
  ) async -> Result<HTTPResponse, any Error> {
    do {
      let fields: JSONValue = [
        "head": .string(draft.branch), "base": .string(draft.base), "title": .string(text.title),
        "body": .string(text.body), "labels": .array(labels.map { JSONValue($0) }),
      ]
      return .success(try await client.send("POST", "\(path)/pulls", fields, activity))
    } catch {
      return .failure(error)
    }
  }

  /// Where it was not said that one was made: there is one already, or one was made and the answer was lost. Looking tells.
  private func openExisting(
    _ draft: PullRequestDraft, _ body: String, after answer: Result<HTTPResponse, any Error>, _ activity: String
  ) async throws -> PullRequest {
    switch answer {
    case .failure(let error):
      guard error is TransportError, let found = try? await find(draft, activity), isSameText(found.body, body),
        let pullRequest = found.pullRequest
      else { throw error }
      try await request(draft.reviewers, for: found, activity)
      return pullRequest
    case .success(let response):
      let refusal = client.refusal(response, "POST", "\(path)/pulls", activity)
      guard response.status == 409 || response.status >= 500, let found = try await find(draft, activity) else {
        throw refusal
      }
      if response.status >= 500 {
        guard isSameText(found.body, body), let pullRequest = found.pullRequest else { throw refusal }
        try await request(draft.reviewers, for: found, activity)
        return pullRequest
      }
      guard let written = try await write(draft, over: found, reopening: false, activity) else { throw refusal }
      return written
    }
  }
}
