import DriftCore
import Synchronization

/// Takes new pull requests, and nothing else.
final class MemoryForge: Forge {
  private let opened = Mutex<[PullRequest]>([])

  var count: Int { opened.withLock { $0.count } }

  func forget() { opened.withLock { $0 = [] } }

  func pullRequests() async throws -> [PullRequest] { opened.withLock { $0 } }

  func open(_ draft: PullRequestDraft) async throws -> PullRequest {
    let made = PullRequest(
      id: draft.branch, branch: draft.branch, state: .open, head: draft.head, findings: draft.findings,
      textDigest: "", location: "")
    opened.withLock { $0.append(made) }
    return made
  }

  func update(_ id: String, to draft: PullRequestDraft) async throws -> PullRequest { throw unexpected }
  func mergeWhenAllowed(_ id: String, at head: CommitID) async throws -> AutoMerge { throw unexpected }
  func leaveToPeople(_ id: String) async throws { throw unexpected }
  func closings(of ids: [String]) async throws -> [String: Closing] { throw unexpected }
  func close(_ id: String, because reason: String) async throws { throw unexpected }
  func refuse(_ id: String, as closing: Closing) async throws { throw unexpected }
  func lift(_ id: String) async throws { throw unexpected }
  func comment(on id: String, _ purpose: CommentPurpose, _ text: Markdown) async throws { throw unexpected }
  func merged(_ landing: CommitID, into base: String) async throws -> MergedPullRequest? { throw unexpected }
  func set(_ status: CommitStatus, on commit: CommitID) async throws -> StatusOutcome { throw unexpected }
  func dashboard() async throws -> DashboardIssue? { nil }
  func openDashboard(_ title: String, _ body: Markdown) async throws -> DashboardIssue { throw unexpected }
  func write(_ body: Markdown, over issue: DashboardIssue) async throws -> Bool { throw unexpected }

  private var unexpected: BenchmarkError {
    BenchmarkError(description: "the forge was asked for something else than a new pull request")
  }
}
