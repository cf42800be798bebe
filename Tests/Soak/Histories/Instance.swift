import DriftCore
import Reconciliation

/// All ports of one running instance. Each call waits for its turn, and may fail.
struct Instance: ConnectionSource, ConnectionPauser, Warehouse, AuditLog, Leases, ContractRepository, ProtectedHistory,
  Forge, Cache,
  Sendable
{
  let outside: Outside
  let baton: Baton
  let number: Int

  private func read<Value: Sendable>(
    _ work: @Sendable (isolated Outside) throws -> Value
  ) async throws -> Value {
    await baton.ask(number)
    return try await outside.read(number, work)
  }

  private func write<Value: Sendable>(
    _ work: @Sendable (isolated Outside) throws -> Value
  ) async throws -> Value {
    await baton.ask(number)
    return try await outside.write(number, work)
  }

  // MARK: Fivetran

  func connections() async throws -> [ConnectionStatus] { try await read { [$0.source.status] } }

  func settings(of connection: ConnectionID) async throws -> ConnectionSettings {
    try await read { $0.source.settings(isHalf: $0.roll($0.faults.half)) }
  }

  func columns(of table: SourceTable, in connection: ConnectionID) async throws -> [ColumnSetting] {
    try await read { outside in
      if outside.source.isMute { throw Refused("too many requests") }
      let columns = outside.source.columns(of: table)
      return outside.mutation == .halfLists ? Array(columns.prefix(columns.count / 2)) : columns
    }
  }

  func patch(_ patch: SettingsPatch, on connection: ConnectionID) async throws {
    try await write { outside in
      outside.expectOneTrial(by: number)
      outside.source.apply(patch)
    }
  }

  func sync(_ connection: ConnectionID, resync tables: [SourceTable]) async throws {
    try await write { outside in
      if outside.source.pause.owner != nil { throw Refused("the connection is paused") }
      outside.expectOneTrial(by: number)
      outside.source.isSyncing = true
    }
  }

  func setPaused(_ isPaused: Bool, on connection: ConnectionID) async throws {
    try await write { $0.setPaused(isPaused) }
  }

  // MARK: The destination

  func catalogue(
    of schemas: [String], each: @Sendable (CatalogueTable) throws -> Void
  ) async throws {
    let tables: [CatalogueTable]
    do {
      tables = try await read { $0.warehouse.tables.values.sorted { $0.name < $1.name } }
    } catch {
      // It comes row by row: a part of it is here when the rest is lost.
      let rows = await outside.warehouse.tables.values.sorted { $0.name < $1.name }
      for table in rows.prefix(rows.count / 2) where schemas.contains(table.name.schema) { try each(table) }
      throw error
    }
    for table in tables where schemas.contains(table.name.schema) { try each(table) }
  }

  func table(_ name: TableName) async throws -> CatalogueTable? {
    try await read { outside in
      outside.tablesRead += 1
      return outside.mutation == .noProbe ? outside.relied(on: name) : outside.warehouse.tables[name]
    }
  }

  func execute(_ merged: MergedStatement) async throws -> StatementOutcome {
    try await write { outside in
      var statement = merged
      if outside.mutation == .otherBytes { statement.text += " " }
      outside.expectMerged(statement)
      if !outside.warehouse.isDone(statement.entry.step) {
        outside.expectUnmoved(statement)
        outside.expectOneTrial(by: number)
      }
      let outcome = try outside.warehouse.execute(
        statement, looksFirst: outside.mutation != .forgetfulLedger)
      outside.endTrial(of: number)
      if case .done = outcome, statement.entry.step.part > 0 {
        outside.tally.backfills += 1
      } else if case .done = outcome {
        outside.tally.statements += 1
      }
      outside.expectOnce(statement.entry.step)
      outside.expectOneContent(of: statement.entry)
      outside.expectHeld(statement.lease)
      return outcome
    }
  }

  func hasSharedKeys(_ key: TableKey) async throws -> Bool { false }

  func ledger() async throws -> [LedgerEntry] {
    try await read { outside in
      let isForgotten = outside.mutation == .forgetfulLedger && outside.roll(20)
      outside.note(outside.warehouse.ledger, readBy: number)
      let lines = outside.mutation == .noDigest ? outside.ledgerAsMainIs() : outside.warehouse.ledger
      return lines.filter { !isForgotten || $0.kind == "ledger" }
    }
  }

  func record(_ entry: LedgerEntry, audit: AuditRecord, under lease: Lease?) async throws {
    try await write { outside in
      try outside.warehouse.keep(lease)
      outside.warehouse.append(entry)
      outside.warehouse.append([audit])
      outside.expectOneContent(of: entry)
      outside.expectHeld(lease)
      if entry.state == .failed { outside.endTrial(of: number) }
      if entry.state == .stale { outside.tally.stale += 1 }
      if entry.state == .done, entry.kind.hasPrefix("undo ") { outside.tally.undone += 1 }
    }
  }

  func append(_ records: [AuditRecord]) async throws {
    if try await read({ $0.warehouse.hasSaid(records) }) { return }
    try await write { $0.warehouse.append(records) }
  }

  func audit(each: @Sendable (String) throws -> Void) async throws {
    for line in try await read({ $0.warehouse.lines }) { try each(line.text) }
  }

  func take(_ target: TableName, as holder: String, over token: Int?) async throws -> LeaseAnswer {
    try await write { $0.warehouse.take(target, as: holder, over: token) }
  }

  func release(_ lease: Lease) async throws {
    try await write { outside in
      outside.warehouse.release(lease)
      outside.endTrial(of: number)
    }
  }

  // MARK: The repository

  func fetch() async throws -> CommitID { try await read { $0.git.main } }

  func tree(of commit: CommitID) async throws -> RepositoryTree {
    try await read { try $0.git.tree(of: commit) }
  }

  func blobs(_ ids: [BlobID]) async throws -> [BlobID: [UInt8]] {
    try await read { outside in
      Dictionary(ids.compactMap { id in outside.git.bytes(of: id).map { (id, $0) } }) { first, _ in first }
    }
  }

  func branches() async throws -> [Branch] {
    try await read { outside in
      outside.git.branches.filter { $0.key.hasPrefix("mooring/") }.sorted { $0.key < $1.key }.map {
        outside.git.branch($0.key, at: $0.value)
      }
    }
  }

  func commit(_ drafts: [CommitDraft]) async throws -> [Result<(id: CommitID, patch: [UInt8]), any Error>] {
    // Objects without a ref are no write: nobody sees them.
    try await read { outside in drafts.map { .success((outside.git.commit($0), [])) } }
  }

  func refusals() async throws -> RepositoryTree? {
    try await read { outside in try outside.git.branches[refusalsBranch].map { try outside.git.tree(of: $0) } }
  }

  func commitRefusals(
    _ edits: [FileEdit], message: String, onto tip: CommitID?, at time: Timestamp
  ) async throws -> CommitID {
    try await read { $0.git.commit(edits, message: "\(message) \(time)", onto: tip) }
  }

  func push(_ updates: [RefUpdate]) async throws -> [RefOutcome] {
    try await write { outside in
      outside.pushes += 1
      return updates.map { wanted in
        var update = wanted
        if outside.mutation == .noLease { update.expected = outside.git.branches[update.branch] }
        outside.expectOursReplaced(by: update)
        return outside.git.push(update)
      }
    }
  }

  func landings(of paths: [String], at tip: CommitID) async throws -> [String: Landing] {
    try await read { $0.git.landings(of: paths, at: tip) }
  }

  func signer(of commit: CommitID) async throws -> CommitSigner {
    try await read { $0.git.signers[commit].map { .allowed($0) } ?? .unsigned }
  }

  func isSame(_ path: String, in one: CommitID, as other: CommitID) async throws -> Bool? {
    try await read { $0.git.isSame(path, in: one, as: other) }
  }

  func isAncestor(_ old: CommitID, of new: CommitID) async throws -> Bool {
    try await read { $0.git.isAncestor(old, of: new) }
  }

  // MARK: The forge

  func merged(_ landing: CommitID, into base: String) async throws -> MergedPullRequest? {
    try await read { $0.merged[landing] }
  }

  func pullRequests() async throws -> [PullRequest] {
    try await read { outside in
      (outside.pullRequests.values + outside.refused).sorted { ($0.branch, $0.id) < ($1.branch, $1.id) }
    }
  }

  func open(_ draft: PullRequestDraft) async throws -> PullRequest { try await write { $0.show(draft) } }

  func update(_ id: String, to draft: PullRequestDraft) async throws -> PullRequest {
    try await write { $0.show(draft) }
  }

  func close(_ id: String, because reason: String) async throws {
    try await write { $0.pullRequests[id] = nil }
  }

  func refuse(_ id: String, as closing: Closing) async throws {
    try await write { $0.refuse(id, as: closing) }
  }

  func mergeWhenAllowed(_ id: String, at head: CommitID) async throws -> AutoMerge {
    try await write { $0.askToMerge(id, at: head) }
  }

  func leaveToPeople(_ id: String) async throws {
    try await write { outside in
      outside.leftToPeople.append(id)
      outside.armed[id] = nil
    }
  }

  func closings(of ids: [String]) async throws -> [String: Closing] {
    try await read { outside in
      outside.askedWhoClosed += 1
      return outside.closings.filter { ids.contains($0.key) }
    }
  }

  func comment(on id: String, _ purpose: CommentPurpose, _ text: Markdown) async throws {
    try await write { $0.comments[id] = "\(text)" }
  }

  func set(_ status: CommitStatus, on commit: CommitID) async throws -> StatusOutcome {
    try await write { outside in
      if let refusal = outside.forgeRefusal { throw Refused(refusal) }
      guard outside.git.commits[commit] != nil else { return .unknownCommit }
      outside.statuses[commit] = status
      return .set
    }
  }

  func lift(_ id: String) async throws {
    try await write { outside in
      outside.refused.removeAll { $0.id == id }
      outside.said.removeAll { $0.pullRequest.id == id }
    }
  }

  func dashboard() async throws -> DashboardIssue? {
    try await read { outside in
      if let refusal = outside.forgeRefusal { throw Refused(refusal) }
      return outside.dashboard
    }
  }

  func openDashboard(_ title: String, _ body: Markdown) async throws -> DashboardIssue {
    try await write { outside in
      let issue = DashboardIssue(id: "1", isOpen: true, body: "\(body)", location: "1")
      outside.dashboard = issue
      return issue
    }
  }

  func write(_ body: Markdown, over issue: DashboardIssue) async throws -> Bool {
    try await write { outside in
      guard outside.dashboard?.body == issue.body else { return false }
      outside.dashboard?.body = "\(body)"
      return true
    }
  }

  // MARK: The cache

  func value(for key: String) async throws -> String? {
    await outside.caches[number]?[key]
  }

  func set(_ value: String, for key: String) async throws {
    await outside.remember(value, for: key, instance: number)
  }
}

extension Outside {
  /// The branch's name is the id: a second pull request of one branch is the same one.
  func show(_ draft: PullRequestDraft) -> PullRequest {
    expectManners(of: draft)
    expectNoFalseRemoval(at: draft.head)
    let shown = PullRequest(
      id: draft.branch, branch: draft.branch, state: .open, head: draft.head,
      findings: draft.findings.sorted(), textDigest: "", location: draft.branch)
    pullRequests[draft.branch] = shown
    colours[draft.branch] = draft.colour
    tally.proposed += 1
    return shown
  }

  /// Only what is green, and only what Mooring itself pushed, may be handed over.
  func askToMerge(_ id: String, at head: CommitID) -> AutoMerge {
    expect(colours[id] == .green, "5: \(id) was handed to the forge, and is \(colours[id]?.rawValue ?? "unknown")")
    expect(git.ours.contains(head), "5: \(id) was handed to the forge at \(head), which a person wrote")
    askedToMerge.append(id)
    if git.branches[id] != head { return .notYet("its branch is somewhere else") }
    if autoMerge == .armed { armed[id] = head }
    return autoMerge
  }

  /// The forge merges what it was handed, as long as nobody has pushed since.
  func mergeByItself(_ name: String) -> Bool {
    guard let head = armed[name], git.branches[name] == head else { return false }
    armed[name] = nil
    tally.automated += 1
    merge(name)
    return true
  }

  func tellClosing(of branch: String, _ closing: Closing) {
    for id in refused.filter({ $0.branch == branch }).map(\.id) { closings[id] = closing }
  }

  func refuse(_ id: String, as closing: Closing? = nil) {
    guard var no = pullRequests.removeValue(forKey: id) else { return }
    no.state = .refused
    no.closing = closing ?? Closing(at: clock)
    refused.append(no)
    said.append((no, no.closing?.end(from: clock)))
  }

  func remember(_ value: String, for key: String, instance: Int) {
    if !ended.contains(instance) { caches[instance, default: [:]][key] = value }
  }
}
