/// The files of `refusalsBranch`: which "no" is on record, and what is to be written.
///
/// Of a closing that was recorded once, the files are the truth, whatever the forge lists. One that was not counts by the
/// forge's list.
package struct RefusalBook: Sendable {
  private struct Page: Sendable {
    var bytes: [UInt8]
    var file: RefusalFile
  }

  /// Nil where there is no such branch yet.
  package private(set) var tip: CommitID?
  private var pages: [String: Page] = [:]
  /// Files that cannot be read, by path, and their first problem.
  package private(set) var broken: [String: Diagnostic] = [:]
  private var closings: [RecordedClosing] = []
  private var closingsBytes: [UInt8]?
  /// Paths that were edited, and the newest moment that was written.
  private var edited: Set<String> = []
  /// Pull requests whose refusals do not count although their entries do.
  private var ignored: Set<String> = []
  package private(set) var newest = Timestamp(microseconds: 0)

  /// - Parameter files: of the branch, by path.
  package init(tip: CommitID?, files: [String: [UInt8]]) {
    self.tip = tip
    for (path, bytes) in files {
      if path == recordedClosingsPath {
        let (closings, problems) = parseRecordedClosings(bytes, path: place(path))
        self.closings = closings ?? []
        closingsBytes = bytes
        if closings == nil { broken[path] = problems.sorted().first { $0.severity == .error } }
      } else if Self.isPage(path) {
        let (file, problems) = parseRefusals(bytes, path: place(path))
        if let file {
          pages[path] = Page(bytes: bytes, file: file)
        } else {
          broken[path] = problems.sorted().first { $0.severity == .error }
        }
      }
    }
  }

  /// Whether a file of the branch is one of ours; others are left alone.
  package static func isRead(_ path: String) -> Bool { path == recordedClosingsPath || isPage(path) }

  /// `connection/table.yaml`.
  private static func isPage(_ path: String) -> Bool {
    path.split(separator: "/", omittingEmptySubsequences: false).count == 2
      && (path.hasSuffix(".yaml") || path.hasSuffix(".yml"))
  }

  // MARK: What counts

  /// Every "no" of the files, those that have ended too, by path and then oldest first.
  package var refusals: [(file: RefusalFile, refusal: Refusal)] {
    pages.sorted { $0.key < $1.key }.flatMap { page in
      page.value.file.refusals.filter { !ignored.contains($0.pullRequest?.id ?? "") }.map { (page.value.file, $0) }
    }
  }

  /// Whether the files answer for a closing, so that the forge's list does not.
  package func isRecorded(_ pullRequest: PullRequest) -> Bool {
    closings.contains { $0.pullRequest == pullRequest.id && (pullRequest.closing?.at ?? $0.at) <= $0.at }
  }

  /// Open pull requests that are on record as refused: people opened them again.
  package func reopened(_ pullRequests: [PullRequest], at now: Timestamp) -> Set<String> {
    let closed = Set(pullRequests.filter { $0.state == .refused }.map(\.id))
    let open = pullRequests.filter { $0.state == .open && !closed.contains($0.id) }
    let counting = Dictionary(grouping: refusals.map(\.refusal).filter { $0.counts(at: now) }) { $0.pullRequest?.id }
    return Set(
      open.filter { one in
        // Where a forge gives another proposal of the branch the same id, that one answers other findings.
        counting[one.id]?.answers(one) ?? false
      }.map(\.id))
  }

  // MARK: What is written

  /// Ends whatever counts of these pull requests. An edit that the text does not allow is thrown, and nothing is edited.
  package mutating func end(_ pullRequests: Set<String>, at now: Timestamp) throws(EditRefusal) {
    try end(at: now) { $0.pullRequest.map { pullRequests.contains($0.id) } ?? false }
  }

  private mutating func end(at now: Timestamp, where isMeant: (Refusal) -> Bool) throws(EditRefusal) {
    var after = self
    for (path, page) in pages {
      let edits = page.file.refusals.enumerated().filter { $1.counts(at: now) && isMeant($1) }
        .map { RefusalEdit.end($0.offset, at: now) }
      try after.edit(path, page.file, with: edits)
    }
    if !after.edited.isEmpty { after.newest = max(after.newest, now) }
    self = after
  }

  /// Records one closing: a refusal in the file of each subject, in place of an earlier one of the same pull request.
  ///
  /// - Parameters:
  ///   - known: the drift that is known, by subject.
  ///   - now: when it was closed, where the forge does not say.
  package mutating func record(
    _ pullRequest: PullRequest, of connection: ConnectionName, known: [DriftSubject: [ClassifiedChange]],
    at now: Timestamp
  ) throws(EditRefusal) {
    if let problem = broken[recordedClosingsPath] { throw EditRefusal(diagnostic: problem) }
    let closing = pullRequest.closing ?? Closing()
    let moment = closing.at ?? now
    var after = self
    let earlier = Dictionary(
      grouping: refusals.map(\.refusal).filter { $0.pullRequest?.id == pullRequest.id }, by: \.at
    )
    .filter { $0.value.answers(pullRequest) }
    try after.end(at: moment) { $0.pullRequest?.id == pullRequest.id && earlier[$0.at] != nil }
    for (path, file) in files(for: pullRequest, of: connection, known: known, closing: closing, at: moment) {
      if let problem = broken[path] { throw EditRefusal(diagnostic: problem) }
      guard let page = after.pages[path] else {
        after.pages[path] = Page(bytes: Array(renderRefusals(file).utf8), file: file)
        after.edited.insert(path)
        continue
      }
      try after.edit(path, page.file, with: file.refusals.map { .append($0) })
    }
    let recorded = RecordedClosing(pullRequest: pullRequest.id, at: moment)
    after.closingsBytes = try DriftCore.edit(
      recordedClosings: after.closingsBytes, path: place(recordedClosingsPath), adding: [recorded])
    after.closings.append(recorded)
    after.edited.insert(recordedClosingsPath)
    after.newest = max(after.newest, moment)
    self = after
  }

  /// What these pull requests are on record for does not count from now on, whatever is written.
  package mutating func ignore(_ pullRequests: Set<String>) { ignored.formUnion(pullRequests) }

  /// What is to be committed; empty where nothing is.
  package var edits: [FileEdit] {
    edited.sorted().map { path in
      FileEdit(path: path, bytes: path == recordedClosingsPath ? closingsBytes : pages[path]?.bytes)
    }
  }

  /// The edits are on the branch.
  package mutating func committed(as commit: CommitID) {
    tip = commit
    edited = []
    newest = Timestamp(microseconds: 0)
  }

  private mutating func edit(_ path: String, _ file: RefusalFile, with edits: [RefusalEdit]) throws(EditRefusal) {
    guard !edits.isEmpty, let page = pages[path] else { return }
    pages[path] = Page(
      bytes: try DriftCore.edit(refusals: page.bytes, path: place(path), with: edits), file: file.applying(edits))
    edited.insert(path)
  }

  /// A new refusal for each file that the pull request's findings belong to, by path.
  private func files(
    for pullRequest: PullRequest, of connection: ConnectionName, known: [DriftSubject: [ClassifiedChange]],
    closing: Closing, at moment: Timestamp
  ) -> [(String, RefusalFile)] {
    let asked = Set(pullRequest.findings)
    var found: [DriftSubject: [Refusal.Finding]] = [:]
    for (subject, changes) in known {
      for change in changes where asked.contains(change.fingerprint) {
        let column = change.change.column.map { "\($0): " } ?? ""
        found[subject, default: []].append(
          Refusal.Finding(fingerprint: change.fingerprint, words: brief(column + change.verdict.message)))
      }
    }
    let told = Set(found.values.joined().map(\.fingerprint))
    let rest = asked.subtracting(told).sorted().map { Refusal.Finding(fingerprint: $0) }
    let own = known.keys.first { branchName(for: $0, of: connection) == pullRequest.branch }
    if let own, !rest.isEmpty { found[own, default: []] += rest }
    func file(_ table: TableName?, _ findings: [Refusal.Finding]) -> RefusalFile {
      let refusal = Refusal(
        findings: findings, by: closing.by.map { brief($0, limit: 100) }, reason: closing.reason.map { brief($0) },
        at: moment, until: closing.end(from: moment),
        pullRequest: Refusal.Source(
          branch: pullRequest.branch, id: pullRequest.id,
          location: pullRequest.location.isEmpty ? nil : pullRequest.location))
      return RefusalFile(connection: connection, table: table, refusals: [refusal])
    }
    var files = found.sorted { $0.key < $1.key }.map { subject, findings in
      (refusalsPath(for: subject, of: connection), file(subject.table, findings))
    }
    if own == nil, !rest.isEmpty { files.append((refusalsPath(forBranch: pullRequest.branch), file(nil, rest))) }
    return files
  }
}

extension [Refusal] {
  /// Whether these are together what the pull request was closed for.
  fileprivate func answers(_ pullRequest: PullRequest) -> Bool {
    Set(flatMap(\.findings).map(\.fingerprint)) == Set(pullRequest.findings)
  }
}

private func place(_ path: String) -> String { "\(refusalsBranch):\(path)" }
