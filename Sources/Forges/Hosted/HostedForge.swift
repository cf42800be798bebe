package import DriftCore
import JSON
import Synchronization
import Transport

/// Pull requests on a forge of the network. Errors are `ForgeError` or `TransportError`.
///
/// What a person closes without merging is a refusal; what Mooring closes says so in its own body. It never approves and never
/// merges.
package final class HostedForge: Forge {
  let api: any HostedAPI
  /// Closed by Mooring, by branch, as this run has learnt: reopened where the same commit comes back. Losing it costs requests.
  private let closed = Mutex<[String: HostedPullRequest]>([:])

  package init(_ kind: HostedKind, _ settings: HostedSettings) throws {
    api = try kind.connect(settings)
  }

  package func pullRequests() async throws -> [PullRequest] {
    var seen: Set<Int> = []
    let all = try await api.list("listing the \(noun)s").filter { $0.isOurs && seen.insert($0.number).inserted }
      .sorted { $0.number > $1.number }
    let closed = all.filter { $0.state == .closed && $0.marker?.state == .closed }
    self.closed.withLock {
      $0 = Dictionary(closed.map { ($0.branch ?? "", $0) }, uniquingKeysWith: { newest, _ in newest })
    }
    return all.compactMap(\.pullRequest)
  }

  package func open(_ draft: PullRequestDraft) async throws -> PullRequest {
    let activity = "opening a \(noun)"
    guard slug(of: draft.branch) != nil else {
      throw ForgeError(
        .wrongBranch, activity, at: "\"\(draft.branch)\"",
        "only branches under mooring/ have pull requests of Mooring's")
    }
    // A closed one opens again only as long as its branch has not moved.
    if let closed = try await closed(draft.branch, activity), closed.head == draft.head,
      let reopened = try await write(draft, over: closed, reopening: true, activity)
    {
      return reopened
    }
    let text = try HostedText(draft, state: api.marksBegun(draft) ? .begun : .open, for: api.product, activity)
    let response: HTTPResponse
    do {
      response = try await api.create(draft, text, activity)
    } catch let error as TransportError {
      // Perhaps it was made and only the answer was lost. Looking tells; asking twice could not.
      guard let found = try? await find(draft, activity), isSameText(found.body, text.body) else { throw error }
      return try await finished(found, draft, activity)
    }
    if response.status == 201 {
      return try await finished(try made(response, draft, text, activity), draft, activity)
    }
    return try await openExisting(draft, text, after: response, activity)
  }

  package func update(_ id: String, to draft: PullRequestDraft) async throws -> PullRequest {
    let activity = "updating a \(noun)"
    let found = try await ours(id, activity)
    guard found.branch == draft.branch else {
      throw ForgeError(
        .wrongBranch, activity, at: place(found),
        "it is for branch \"\(oneLine(found.branch ?? ""))\", the draft for \"\(draft.branch)\"")
    }
    guard let written = try await write(draft, over: found, reopening: false, activity) else {
      throw ForgeError(.noSuchPullRequest, activity, at: place(found), "it cannot be changed")
    }
    return written
  }

  /// One that is closed already stays as it is.
  package func close(_ id: String, because reason: String) async throws {
    let activity = "closing a \(noun)"
    let found = try await ours(id, activity)
    if found.state == .open { try await end(found, as: .closed, reason, activity) }
  }

  package func refuse(_ id: String, because reason: String) async throws {
    let activity = "refusing a \(noun)"
    let found = try await ours(id, activity)
    guard found.state != .merged else { throw merged(found, activity) }
    if found.state == .closed, found.marker?.state != .closed { return }
    try await end(found, as: .refused, reason, activity)
  }

  package func lift(_ id: String) async throws {
    let activity = "taking back the refusal of a \(noun)"
    var found = try await ours(id, activity)
    guard found.state == .closed, found.marker?.state != .closed else { return }
    let marker = try await mark(found, as: .closed, activity)
    found.body = body(found.body, with: marker)
    // So that the next proposal for this commit opens it again.
    closed.withLock { [found] in $0[found.branch ?? ""] = found }
  }

  var noun: String { api.product.noun }

  func place(_ found: HostedPullRequest) -> String { "\(api.product.mark)\(found.number)" }

  private func closed(_ branch: String, _ activity: String) async throws -> HostedPullRequest? {
    guard let known = closed.withLock({ $0.removeValue(forKey: branch) }) else { return nil }
    if known.head != nil { return known }
    // The list did not say where its branch is.
    return try? await api.pullRequest(known.number, activity)
  }

  private func made(
    _ response: HTTPResponse, _ draft: PullRequestDraft, _ text: HostedText, _ activity: String
  ) throws -> HostedPullRequest {
    let place = api.client.place("POST", api.collection)
    let answer = try hostedValue(response, api.product, activity, place)
    guard let made = api.made(answer), made.branch == draft.branch else {
      throw ForgeError(.unreadable, activity, at: place, "the answer is about another \(noun)")
    }
    return HostedPullRequest(
      number: made.number, url: made.url, state: .open, title: text.title, body: text.body, branch: draft.branch,
      head: draft.head, isForeign: false, isOwn: true, author: made.author, labels: [], isBare: true)
  }

  /// Where the forge did not say that it made one: it has one already, or made one and a gateway lost the answer.
  private func openExisting(
    _ draft: PullRequestDraft, _ text: HostedText, after response: HTTPResponse, _ activity: String
  ) async throws -> PullRequest {
    let refusal = api.client.refusal(response, "POST", api.collection, activity)
    let isLost = response.status >= 500
    guard isLost || response.status == 409 || response.status == 422 else { throw refusal }
    guard let found = try await find(draft, activity) else {
      guard response.status == 409 else { throw refusal }
      throw ForgeError(
        .notOurs, activity, at: "\"\(draft.branch)\"", "somebody else opened a \(noun) for this branch",
        wayOut: "close or merge it, or run Mooring with the account that opened it")
    }
    if isLost {
      guard isSameText(found.body, text.body) else { throw refusal }
      return try await finished(found, draft, activity)
    }
    guard let written = try await write(draft, over: found, reopening: false, activity) else { throw refusal }
    return written
  }

  /// Whatever was begun and not finished counts as not written, and the next run comes back to it.
  private func finished(
    _ made: HostedPullRequest, _ draft: PullRequestDraft, _ activity: String
  ) async throws -> PullRequest {
    var made = made
    made.isBare = true
    guard let written = try await write(draft, over: made, reopening: false, activity) else {
      throw merged(made, activity)
    }
    return written
  }
}
