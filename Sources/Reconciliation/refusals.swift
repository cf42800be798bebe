package import DriftCore

extension Reconciler {
  /// What counts as refused now, by the files as of the last fetch and by the forge's list.
  package func refusals(_ listed: [PullRequest]) async throws -> RefusalsInForce {
    let book = try await refusalBook()
    return RefusalsInForce(book, listed, at: now())
  }

  func refusalBook() async throws -> RefusalBook {
    try await during("reading what was refused") {
      guard let tree = try await repository.refusals() else { return RefusalBook(tip: nil, files: [:]) }
      let files = tree.files.filter { RefusalBook.isRead($0.key) }
      let bytes = files.isEmpty ? [:] : try await repository.blobs(Array(files.values))
      return RefusalBook(tip: tree.commit, files: files.compactMapValues { bytes[$0] })
    }
  }

  /// Ends what people took back: by a box of the dashboard, or by opening the pull request again. Returns the pull requests
  /// as they are then.
  func takenBack(
    _ listed: [PullRequest], _ ticks: DashboardTicks, in book: inout RefusalBook, at now: Timestamp, isDryRun: Bool,
    report: inout RunReport
  ) async throws -> [PullRequest] {
    let reopened = book.reopened(listed, at: now)
    let shown = RefusalsInForce(book, listed, at: now).items.compactMap(\.pullRequest?.id)
    let ticked = Set(shown.filter { ticks.contains(.lift(pullRequest: $0)) })
    let isWritten = try await end(reopened.union(ticked), in: &book, at: now, isDryRun: isDryRun, report: &report)
    book.ignore(reopened)
    // What still stands in the files would count again with the next run: its box stays ticked until then.
    if !isWritten || ticked.isEmpty { return listed }
    var left: [PullRequest] = []
    for pullRequest in listed {
      if pullRequest.state == .refused, ticked.contains(pullRequest.id) {
        try await beforeAct("lift \(pullRequest.branch)")
        if try await warning(of: &report, { try await forge.lift(pullRequest.id) }) != nil { continue }
      }
      left.append(pullRequest)
    }
    return left
  }

  func end(
    _ pullRequests: Set<String>, in book: inout RefusalBook, at now: Timestamp, isDryRun: Bool, report: inout RunReport
  ) async throws -> Bool {
    if isDryRun { return false }
    if pullRequests.isEmpty { return true }
    var after = book
    do throws(EditRefusal) {
      try after.end(pullRequests, at: now)
    } catch {
      report.warnings.append("ending a refusal: \(error)")
      return false
    }
    guard try await write(&after, "End what was refused", report: &report) else { return false }
    book = after
    return true
  }

  /// Puts closings on record that only the forge's list has, of the connections that this run has looked at: one commit.
  func record(_ work: Work, in book: RefusalBook, at now: Timestamp, report: inout RunReport) async throws {
    var book = book
    var branches: [String] = []
    let unnamed = report.connections.filter { $0.outcome == .looked }.flatMap { work.refusals.unrecorded(of: $0.name) }
      .filter { $0.closing?.by == nil }.map(\.id)
    let closings =
      unnamed.isEmpty ? [:] : try await warning(of: &report) { try await forge.closings(of: unnamed) } ?? [:]
    for connection in report.connections where connection.outcome == .looked {
      for var pullRequest in work.refusals.unrecorded(of: connection.name).sorted(by: { $0.branch < $1.branch }) {
        if let closing = closings[pullRequest.id] { pullRequest.closing = closing }
        do throws(EditRefusal) {
          try book.record(pullRequest, of: connection.name, known: connection.drift, at: now)
          branches.append(pullRequest.branch)
        } catch {
          report.warnings.append("recording that \(pullRequest.branch) was refused: \(error)")
        }
      }
    }
    _ = try await write(&book, "Record what was refused\n\n\(branches.joined(separator: "\n"))", report: &report)
  }

  /// Commits and pushes the edits, if there are any; false where they did not arrive.
  private func write(_ book: inout RefusalBook, _ message: String, report: inout RunReport) async throws -> Bool {
    let edits = book.edits
    if edits.isEmpty { return true }
    try await beforeAct("record refusals")
    let expected = book.tip
    let time = book.newest
    let written = try await warning(of: &report) { () -> (CommitID, RefOutcome?) in
      let commit = try await repository.commitRefusals(edits, message: message, onto: expected, at: time)
      let update = RefUpdate(branch: refusalsBranch, expected: expected, target: commit)
      return (commit, try await repository.push([update]).first)
    }
    switch written {
    case (let commit, .updated)?:
      book.committed(as: commit)
      return true
    // Another run was faster: the next one has its files.
    case (_, .leaseLost)?, nil: return false
    case (_, .refused(let reason))?:
      report.warnings.append("the remote refused branch \(refusalsBranch): \(reason)")
      return false
    case (_, nil)?:
      report.warnings.append("the remote gave no answer for branch \(refusalsBranch)")
      return false
    }
  }
}
