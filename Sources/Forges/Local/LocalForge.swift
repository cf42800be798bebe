package import DriftCore
import JSON

/// Pull requests as files in a folder: `<slug>.patch` to apply, `<slug>.md` to read, `<slug>.json` for Mooring.
///
/// Each file is whole at every moment, and the JSON is written last: it is what makes a pull request. Closed and refused ones
/// stay for whoever looks later. Errors are `ForgeError`.
package struct LocalForge: Forge {
  private let path: String

  /// The folder is made with the first pull request; its parent must be there.
  package init(folder: String) {
    path = folder
  }

  package func pullRequests() async throws -> [PullRequest] {
    let folder = ManagedFolder(path: path, activity: "listing the pull requests")
    var found: [PullRequest] = []
    for name in try folder.names() where name.hasSuffix(".json") && !name.hasPrefix(".") {
      let slug = String(name.dropLast(".json".count))
      guard let record = try record(slug, in: folder) else { continue }
      switch record.state {
      case .open: found.append(try pullRequest(record, slug, as: .open, in: folder))
      case .refused, .closed: break
      }
      for refusal in record.refusals {
        var refused = try pullRequest(record, slug, as: .refused, in: folder)
        refused.findings = refusal.findings
        refused.closing = refusal.closing
        found.append(refused)
      }
    }
    return found.sorted { $0.branch.utf8.lexicographicallyPrecedes($1.branch.utf8) }
  }

  /// A closed or refused one that the branch has is opened again; what was refused stays refused.
  package func open(_ draft: PullRequestDraft) async throws -> PullRequest {
    let folder = ManagedFolder(path: path, activity: "opening a pull request")
    let slug = try slug(for: draft, folder)
    return try folder.locked { () throws(ForgeError) in
      var opened = PullRequestRecord(draft)
      opened.refusals = try record(slug, in: folder)?.refusals ?? []
      return try write(opened, draft, slug, in: folder)
    }
  }

  /// One that is refused or closed stays so.
  package func update(_ id: String, to draft: PullRequestDraft) async throws -> PullRequest {
    let folder = ManagedFolder(path: path, activity: "updating a pull request")
    if try slug(for: draft, folder) != id {
      throw ForgeError(
        .wrongBranch, folder.activity, at: id, "the draft is for branch \"\(draft.branch)\"")
    }
    return try folder.locked { () throws(ForgeError) in
      let before = try existing(id, in: folder)
      var record = PullRequestRecord(draft)
      record.state = before.state
      record.reason = before.reason
      record.refusals = before.refusals
      return try write(record, draft, id, in: folder)
    }
  }

  /// One that a person refused stays refused.
  package func close(_ id: String, because reason: String) async throws {
    let folder = ManagedFolder(path: path, activity: "closing a pull request")
    try folder.locked { () throws(ForgeError) in
      var record = try existing(id, in: folder)
      if record.state == .refused { return }
      record.state = .closed
      record.reason = reason
      try write(record, id, in: folder)
    }
  }

  package func refuse(_ id: String, as closing: Closing) async throws {
    let folder = ManagedFolder(path: path, activity: "refusing a pull request")
    try folder.locked { () throws(ForgeError) in
      var record = try existing(id, in: folder)
      if record.state == .refused { return }
      record.state = .refused
      record.reason = closing.reason
      record.refusals.append(PullRequestRecord.Refused(findings: record.findings, closing: closing))
      try write(record, id, in: folder)
    }
  }

  /// A file beside the proposal: `<slug>.applied.md`.
  package func comment(on id: String, _ purpose: CommentPurpose, _ text: Markdown) async throws {
    let folder = ManagedFolder(path: path, activity: "commenting on a pull request")
    try folder.locked { () throws(ForgeError) in
      _ = try existing(id, in: folder)
      try folder.write(Array("\(text)".utf8), to: "\(id).\(purpose.rawValue).md")
    }
  }

  /// A folder merges nothing.
  package func mergeWhenAllowed(_ id: String, at head: CommitID) -> AutoMerge {
    .refused("a folder merges nothing by itself")
  }

  package func leaveToPeople(_ id: String) {}

  /// The list tells everything.
  package func closings(of ids: [String]) -> [String: Closing] { [:] }

  package func merged(_ landing: CommitID, into base: String) async throws -> MergedPullRequest? { nil }

  /// A file of its own: `mooring-apply.<commit>.txt`.
  package func set(_ status: CommitStatus, on commit: CommitID) async throws -> StatusOutcome {
    let folder = ManagedFolder(path: path, activity: "setting the status of a commit")
    try checkCommit(commit, folder.activity)
    let context = String(status.context.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    let lines = [status.state.rawValue, visible(status.text)] + (status.location.map { [$0] } ?? [])
    try folder.locked { () throws(ForgeError) in
      try folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(context).\(commit).txt")
    }
    return .set
  }

  package func lift(_ id: String) async throws {
    let folder = ManagedFolder(path: path, activity: "taking back the refusal of a pull request")
    try folder.locked { () throws(ForgeError) in
      var record = try existing(id, in: folder)
      if record.refusals.isEmpty { return }
      record.refusals = []
      if record.state == .refused { record.state = .closed }
      try write(record, id, in: folder)
    }
  }

  // MARK: - Dashboard

  /// `dashboard.md`, whose boxes are ticked with an editor.
  package func dashboard() async throws -> DashboardIssue? {
    let folder = ManagedFolder(path: path, activity: "reading the dashboard")
    return try readDashboard(folder).map {
      DashboardIssue(id: Self.dashboardFile, isOpen: true, body: $0, location: "\(path)/\(Self.dashboardFile)")
    }
  }

  package func openDashboard(_ title: String, _ body: Markdown) async throws -> DashboardIssue {
    let folder = ManagedFolder(path: path, activity: "opening the dashboard")
    try folder.locked { () throws(ForgeError) in
      try folder.write(Array("\(body)".utf8), to: Self.dashboardFile)
    }
    return DashboardIssue(
      id: Self.dashboardFile, isOpen: true, body: "\(body)", location: "\(path)/\(Self.dashboardFile)")
  }

  package func write(_ body: Markdown, over issue: DashboardIssue) async throws -> Bool {
    let folder = ManagedFolder(path: path, activity: "writing the dashboard")
    return try folder.locked { () throws(ForgeError) in
      guard try readDashboard(folder) == issue.body else { return false }
      try folder.write(Array("\(body)".utf8), to: Self.dashboardFile)
      return true
    }
  }

  private static let dashboardFile = "dashboard.md"

  private func readDashboard(_ folder: ManagedFolder) throws(ForgeError) -> String? {
    guard let bytes = try folder.read(Self.dashboardFile) else { return nil }
    let body = String(decoding: bytes, as: UTF8.self)
    return Dashboard.isDashboard(body) ? body : nil
  }

  // MARK: - Files

  private func slug(
    for draft: PullRequestDraft, _ folder: ManagedFolder
  ) throws(ForgeError) -> String {
    if let slug = slug(of: draft.branch) { return slug }
    throw ForgeError(
      .wrongBranch, folder.activity, at: "\"\(draft.branch)\"",
      "only branches under mooring/ have pull requests of Mooring's")
  }

  private func write(
    _ record: PullRequestRecord, _ draft: PullRequestDraft, _ slug: String,
    in folder: ManagedFolder
  ) throws(ForgeError) -> PullRequest {
    try folder.write(draft.patch, to: "\(slug).patch")
    try folder.write(Array(text(of: draft).utf8), to: "\(slug).md")
    try write(record, slug, in: folder)
    return try pullRequest(
      record, slug, as: record.state == .refused ? .refused : .open, in: folder)
  }

  private func write(
    _ record: PullRequestRecord, _ slug: String, in folder: ManagedFolder
  ) throws(ForgeError) {
    try folder.write(Array("\(record.json.prettyText)\n".utf8), to: "\(slug).json")
  }

  private func existing(
    _ id: String, in folder: ManagedFolder
  ) throws(ForgeError) -> PullRequestRecord {
    if !id.contains("/"), !id.hasPrefix("."), let record = try record(id, in: folder) {
      return record
    }
    throw ForgeError(
      .noSuchPullRequest, folder.activity, at: "\"\(id)\"", "there is no such pull request",
      wayOut: "the folder \(path) holds one .json file for each")
  }

  /// Reads the machine form; nil where there is none, or where the file is somebody else's.
  private func record(
    _ slug: String, in folder: ManagedFolder
  ) throws(ForgeError) -> PullRequestRecord? {
    let name = "\(slug).json"
    guard let bytes = try folder.read(name) else { return nil }
    // A file that is not of our form is told apart by what lies beside it.
    if let value = try? JSONValue.parse(bytes), let record = PullRequestRecord(value),
      self.slug(of: record.branch) == slug
    {
      return record
    }
    guard try folder.exists("\(slug).patch") else { return nil }
    throw ForgeError(
      .unreadable, folder.activity, at: "\(path)/\(name)",
      "it lies beside a patch of Mooring's and is not in Mooring's form",
      wayOut: "put back what it held, or delete it with its .patch and .md")
  }

  private func slug(of branch: String) -> String? { Forges.slug(of: branch) }

  private func pullRequest(
    _ record: PullRequestRecord, _ slug: String, as state: PullRequest.State,
    in folder: ManagedFolder
  ) throws(ForgeError) -> PullRequest {
    // Where a file was deleted the text counts as missing, so that it is written again.
    let hasText = try folder.exists("\(slug).md")
    let hasPatch = try folder.exists("\(slug).patch")
    let isWhole = hasText && hasPatch
    return PullRequest(
      id: slug, branch: record.branch, state: state, head: record.head,
      findings: record.findings, textDigest: isWhole ? record.textDigest : "",
      location: "\(path)/\(slug).md")
  }
}
