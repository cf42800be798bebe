import DriftCore
import JSON

/// A merged change that had not come to an end when it was seen last.
private struct Awaited: Hashable {
  var table: TableName
  /// `0001-add-tier`.
  var folder: String
  /// A commit of the protected branch that has it.
  var commit: CommitID

  /// Names are from outside and may hold whatever separator we chose.
  var json: JSONValue {
    .array([table.schema, table.name, folder, commit.text].map { .string($0) })
  }

  init(table: TableName, folder: String, commit: CommitID) {
    self.table = table
    self.folder = folder
    self.commit = commit
  }

  init?(_ json: JSONValue) {
    let parts = json.array?.compactMap(\.string) ?? []
    guard parts.count == 4 else { return nil }
    self.init(table: TableName(schema: parts[0], name: parts[1]), folder: parts[2], commit: CommitID(parts[3]))
  }
}

extension Reconciler {
  /// What people took back is a "no" to its findings, as if its pull request had been closed: a change that was undone, and
  /// one that was taken off the protected branch before it was applied. Those that the book does not have yet, as closings.
  func withdrawnFindings(
    _ history: RecordedHistory, in tree: RepositoryTree, only names: Set<ConnectionName>, book: RefusalBook,
    isDryRun: Bool, report: inout RunReport
  ) async throws -> [PullRequest] {
    var closings: [PullRequest] = []
    let recorded = history.all
    for change in recorded {
      guard let other = change.undoneBy else { continue }
      var closing = asClosing(
        change.connection, change.table, "change \(change.address)", "undone by change \(numbered(other))")
      closing.closing?.at = recorded.first { $0.isSameTable(as: change) && $0.number == other }?.at
      if book.isRecorded(closing) { continue }
      // One that lies before a history that was rewritten has no findings that could be read.
      let read = try await outcome { try await mergedFolder(change).1 }
      guard case .success(let merged) = read else { continue }
      closing.findings = merged.findings.map(\.fingerprint).sorted()
      closings.append(closing)
    }
    for name in names.sorted() {
      closings += try await gone(
        from: tree, connection: name, recorded: history.changes(of: name), book: book, isDryRun: isDryRun,
        report: &report)
    }
    return closings
  }

  private func gone(
    from tree: RepositoryTree, connection: ConnectionName, recorded: [RecordedChange], book: RefusalBook,
    isDryRun: Bool, report: inout RunReport
  ) async throws -> [PullRequest] {
    let key = "awaited/\(connection)"
    let kept = try await cache.value(for: key) ?? ""
    var awaited = ((try? JSONValue.parse(Array(kept.utf8)))?.array ?? []).compactMap { Awaited($0) }
    let waiting = report.applied.filter { $0.connection == connection && $0.outcome.isUnfinished }
    for change in waiting where !awaited.contains(where: { $0.table == change.table && $0.folder == change.change }) {
      awaited.append(Awaited(table: change.table, folder: change.change, commit: tree.commit))
    }
    var closings: [PullRequest] = []
    var left: [Awaited] = []
    for one in awaited {
      let path = folders(of: connection, in: tree)[one.table].changes + one.folder
      if tree.files["\(path)/change.yaml"] != nil {
        if waiting.contains(where: { $0.table == one.table && $0.change == one.folder }) { left.append(one) }
        continue
      }
      let number = one.folder.split(separator: "-").first.flatMap { Int($0) } ?? 0
      if recorded.contains(where: { $0.table == one.table && $0.number == number }) {
        continue
      }
      var closing = asClosing(
        connection, one.table, "folder \(path) \(one.commit.short)",
        "taken off the protected branch before it was applied")
      if book.isRecorded(closing) { continue }
      let found = try await outcome { try await repository.tree(of: one.commit) }
      guard case .success(let before) = found, let blob = before.files["\(path)/change.yaml"],
        let bytes = try await repository.blobs([blob])[blob], let change = parseChange(bytes, path: path).0
      else { continue }
      closing.findings = change.findings.map(\.fingerprint).sorted()
      if !closing.findings.isEmpty {
        closings.append(closing)
        left.append(one)
      }
      let digest = changeFolders(in: before, root: root).first { $0.path == path }?.digest ?? ""
      try await tell(
        RecordedChange(
          connection: connection, table: one.table, number: number, digest: digest, commit: one.commit),
        "taken off the protected branch before it was applied: it never runs, and its findings count as refused",
        at: tree.commit, isDryRun: isDryRun, report: &report)
    }
    let text = left.isEmpty ? "" : JSONValue.array(left.map(\.json)).canonicalText
    if !isDryRun, text != kept { try await cache.set(text, for: key) }
    return closings
  }

  private func asClosing(
    _ connection: ConnectionName, _ table: TableName, _ id: String, _ reason: String
  ) -> PullRequest {
    PullRequest(
      id: id, branch: branchName(for: .table(table), of: connection), state: .refused, head: nil, findings: [],
      textDigest: "", location: "", closing: Closing(by: "a merge to \(project.branch)", reason: reason))
  }
}

extension RecordedChange {
  fileprivate func isSameTable(as other: RecordedChange) -> Bool {
    connection == other.connection && table == other.table
  }
}

extension AppliedChange.Outcome {
  fileprivate var isUnfinished: Bool {
    switch self {
    case .waiting, .held, .unapproved, .failed, .planned: true
    case .applied, .adopted, .stale, .withdrawn: false
    }
  }
}
