import DriftCore
import JSON
import Synchronization
import Transport

extension HostedKind {
  package static let gitHub = HostedKind(name: "github") { try GitHubAPI($0) }
}

extension HostedProduct {
  /// GitHub takes 65,536 characters of text and 256 of title, and 80 writes a minute.
  static let gitHub = HostedProduct(
    name: "GitHub",
    rights:
      "the token needs \"Pull requests: write\" on this repository; for statuses \"Commit statuses: write\", for the dashboard \"Issues: write\"",
    bodyLimit: 58_000, statusLimit: 140, spacing: .seconds(1))
}

/// GitHub, github.com or Enterprise Server: GraphQL for what reads, REST for what writes.
final class GitHubAPI: HostedAPI {
  static let pageSize = 100
  /// Of each list: 10,000 open ones, as many closed ones.
  static let maximumPages = 100

  let graphQL: String
  let rest: RepositoryREST
  /// What this run has learnt. Losing it costs requests.
  let reviewers = Mutex(KnownReviewers())
  let learnt = Mutex(LearntByGitHub())

  init(_ settings: HostedSettings) throws {
    let names = try settings.names(2...2, form: "owner/name")
    let address = GitHubAddress(rest: try settings.api(or: GitHubAddress.publicAPI))
    let access = GitHubAccess(settings, api: address.rest, owner: names[0], name: names[1])
    graphQL = address.graphQL
    rest = RepositoryREST(
      client: settings.client(.gitHub, api: address.rest) { gitHubHeaders(try await access.value()) }, owner: names[0],
      name: names[1])
  }

  var client: HostedClient { rest.client }
  var collection: String { "\(rest.path)/pulls" }

  func create(_ draft: PullRequestDraft, _ text: HostedText, _ activity: String) async throws -> HTTPResponse {
    let fields: JSONValue = [
      "title": .string(text.title), "head": .string(draft.branch), "base": .string(draft.base),
      "body": .string(text.body),
    ]
    return try await client.send("POST", collection, fields, activity)
  }

  func made(_ answer: JSONValue) -> (number: Int, url: String, branch: String, author: String)? {
    if let number = answer["number"]?.int, let id = answer["node_id"]?.string {
      learnt.withLock { $0.ids[number] = id }
    }
    return rest.made(answer)
  }

  func complete(_ made: HostedPullRequest, _ draft: PullRequestDraft, _ activity: String) async throws {
    try await request(draft.reviewers, for: made, activity)
    // Last: GitHub remembers that it had labels, and lists tell by that whether it was finished.
    let missing = labels(for: draft.colour).filter { !made.labels.contains($0) }
    try await setLabels(LabelEdits(added: missing), of: made.number, activity)
  }

  func edit(_ found: HostedPullRequest, _ edit: HostedEdit, _ activity: String) async throws -> Bool {
    try await rest.edit(found, edit, activity) { try await setLabels(edit.labels, of: found.number, activity) }
  }

  func comments(on found: HostedPullRequest, _ activity: String) async throws -> [HostedNote] {
    var notes: [HostedNote] = []
    var cursor: String?
    for _ in 0..<Self.maximumPages {
      let (pullRequest, next) = try await page(of: found.number, before: cursor, activity)
      notes = (pullRequest.comments ?? []) + notes
      if !pullRequest.hasEarlierComments { return notes }
      guard let next, next != cursor else { throw unreadable("the next page is the same as the last", activity) }
      cursor = next
    }
    throw ForgeError(
      .tooLarge, activity, at: "#\(found.number)",
      "it has more than \(Self.maximumPages * Self.pageSize) comments",
      wayOut: "close it, and the next run opens another")
  }

  func write(
    _ body: String, over note: HostedNote?, on found: HostedPullRequest, _ activity: String
  ) async throws {
    try await rest.write(body, over: note, on: found.number, activity)
  }

  /// A label that the repository lacks is made by this.
  private func setLabels(_ edits: LabelEdits, of number: Int, _ activity: String) async throws {
    try await rest.setLabels(
      added: edits.added.map { .string($0) }, removed: edits.removed, of: number, activity)
  }
}
