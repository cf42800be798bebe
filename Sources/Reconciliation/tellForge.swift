import Cryptography
import DriftCore

extension Reconciler {
  /// Shows beside each landing commit, and below the pull request that it came with, what became of its changes.
  ///
  /// Nothing is asked of the forge where it was told the same before. What it does not let us show is a warning.
  func tellForge(
    _ changes: [(open: OpenFolder, applied: AppliedChange)], approvals: inout Approvals, report: inout RunReport
  ) async throws {
    if project.forge.isLocal { return }
    var groups: [CommitID: [(open: OpenFolder, applied: AppliedChange)]] = [:]
    for change in changes {
      guard let landing = approvals.landing(of: change.open) else { continue }
      groups[landing.commit, default: []].append(change)
    }
    for (commit, group) in groups.sorted(by: { $0.key.text < $1.key.text }) {
      // What was there before Mooring came needs no word, and may be hundreds.
      if group.allSatisfy({ $0.applied.outcome == .adopted }) { continue }
      let key = "told/apply/\(commit)"
      let status = applyStatus(of: group.map(\.applied))
      let text = applyComment(on: group.map(\.applied), landed: commit)
      let digest = sha256Hex("\(status.state.rawValue)\n\(text)")
      if try await cache.value(for: key) == digest { continue }
      do {
        if try await forge.set(status, on: commit) == .unknownCommit { continue }
        // A person's own pull request is left to its people: the status says the same.
        if let landing = group.first.flatMap({ approvals.landing(of: $0.open) }),
          let pullRequest = try await approvals.pullRequest(of: landing), pullRequest.branch.hasPrefix("mooring/")
        {
          try await forge.comment(on: pullRequest.id, .applied, text)
        }
        try await cache.set(digest, for: key)
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        report.warnings.append("\(error)")
      }
    }
  }
}
