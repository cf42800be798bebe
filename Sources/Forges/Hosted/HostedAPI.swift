import DriftCore
import JSON
import Transport

/// What the interface of a forge can do, one request or so each. What is done when is `HostedForge`'s business.
///
/// Every `activity` says for an error what it was all about.
protocol HostedAPI: Sendable {
  var client: HostedClient { get }
  /// Path of the pull requests below the API.
  var collection: String { get }

  /// Those of our account that are open or closed without merging, perhaps with others.
  func list(_ activity: String) async throws -> [HostedPullRequest]
  /// One by its number, whoever opened it where the forge tells; nil where there is none.
  func pullRequest(_ number: Int, _ activity: String) async throws -> HostedPullRequest?
  /// Open ones of a branch.
  func open(_ branch: String, onto base: String, _ activity: String) async throws -> [HostedPullRequest]
  /// Asks for a new one; the answer is about one, or says why there is none.
  func create(_ draft: PullRequestDraft, _ text: HostedText, _ activity: String) async throws -> HTTPResponse
  /// Number, address, branch and author of what `create` made.
  func made(_ answer: JSONValue) -> (number: Int, url: String, branch: String, author: String)?
  /// Whether a new one has to say of itself that `complete` is still to come, because nothing else tells.
  func marksBegun(_ draft: PullRequestDraft) -> Bool
  /// Gives a new one what `create` could not: labels, reviewers. Doing it again is harmless.
  func complete(_ made: HostedPullRequest, _ draft: PullRequestDraft, _ activity: String) async throws
  /// Changes one that is there; false where it was to be opened again and the forge does not.
  func edit(_ found: HostedPullRequest, _ edit: HostedEdit, _ activity: String) async throws -> Bool
  /// Asks for an open one to be merged by the forge itself, at this head.
  func mergeWhenAllowed(_ number: Int, at head: CommitID, _ activity: String) async throws -> AutoMerge
  /// Takes that back, where the forge would still do it.
  func leaveToPeople(_ found: HostedPullRequest, _ activity: String) async throws
  /// What the list does not tell of closed ones, by number.
  func closings(of numbers: [Int], _ activity: String) async throws -> [Int: Closing]
  /// Our own comments, oldest first, however many there are.
  func comments(on found: HostedPullRequest, _ activity: String) async throws -> [HostedNote]
  /// Writes a comment, or over one that is there.
  func write(_ body: String, over note: HostedNote?, on found: HostedPullRequest, _ activity: String) async throws
  /// Merged ones, of this repository and into one branch, that a commit came with, newest first, with what people said of them.
  func merged(_ landing: CommitID, into base: String, _ activity: String) async throws -> [MergedPullRequest]
  /// The newest status of one context; nil where there is none, or no such commit.
  func status(_ context: String, of commit: CommitID, _ activity: String) async throws -> HostedStatus?
  func set(_ status: HostedStatus, on commit: CommitID, _ activity: String) async throws -> HTTPResponse
  /// Issues of our account, oldest first, the dashboard among them.
  ///
  /// - Parameter isThorough: whether to look where a cheap look would not find it, because a person took a label away.
  func issues(isThorough: Bool, _ activity: String) async throws -> [HostedIssue]
  func issue(_ number: Int, _ activity: String) async throws -> HostedIssue?
  func openIssue(_ title: String, _ body: String, _ activity: String) async throws -> HTTPResponse
  func made(issue answer: JSONValue) -> HostedIssue?
  func writeIssue(_ number: Int, _ body: String, _ activity: String) async throws
}

/// An issue as a forge has it.
struct HostedIssue: Hashable, Sendable {
  var number: Int
  var url: String
  var isOpen: Bool
  var body: String
  /// Our own account opened it.
  var isOwn: Bool

  var dashboard: DashboardIssue? {
    guard isOwn, Dashboard.isDashboard(body) else { return nil }
    return DashboardIssue(id: String(number), isOpen: isOpen, body: body, location: url)
  }
}

extension HostedAPI {
  var product: HostedProduct { client.product }

  func marksBegun(_ draft: PullRequestDraft) -> Bool { false }

  func closings(of numbers: [Int], _ activity: String) async throws -> [Int: Closing] { [:] }
}

/// What is to be changed of a pull request; nil leaves it.
struct HostedEdit: Hashable, Sendable {
  enum State { case open, closed }

  var title: String?
  var body: String?
  var state: State?
  var labels = LabelEdits()

  var isEmpty: Bool { self == HostedEdit() }
  var reopens: Bool { state == .open }
}

/// A comment that our own account wrote.
struct HostedNote: Hashable, Sendable {
  /// Larger than 32 bits on GitHub.
  var id: String
  var body: String
}
