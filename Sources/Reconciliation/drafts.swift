import DriftCore

/// What is open for one connection, with what each branch is about.
struct ConnectionWork: Sendable {
  var work: OpenWork
  /// The branch of the open pull request that answers it.
  var branches: [DriftSubject: String]
  /// Members of the shared branch; nil where it is free, none where a person's work stands there.
  var greenMembers: Set<TableName>?
}

extension Reconciler {
  /// Sorts a connection's open pull requests into kept, merged and those to be redone.
  func openWork(
    of connection: ConnectionName, comparison: Comparison, unclear: Set<DriftSubject>, work: Work
  ) async throws -> ConnectionWork {
    let open = work.openWork(of: connection)
    let branches = work.branches(of: connection)
    var result = ConnectionWork(
      work: OpenWork(
        branches: branches, pullRequests: open, kept: [], merged: [],
        refused: work.refusals.branches), branches: [:])
    if branches.isEmpty { return result }
    let subjectOf = subjectsByPath(comparison, connection: connection, work: work)
    for (name, branch) in branches {
      let isGreen = name == greenBranchName(of: connection)
      if let isExact = merge(of: branch, in: work) {
        result.work.merged.insert(name)
        if isExact { result.work.mergedExactly.insert(name) }
      }
      if isGreen, !result.work.isFree(branch) { result.greenMembers = [] }
      guard !result.work.merged.contains(name), let pullRequest = open[name] else { continue }
      let subjects = work.places(of: branch).compactMap { subjectOf[$0] }
      for subject in subjects { result.branches[subject] = name }
      if isGreen { result.greenMembers = Set(subjects.compactMap(\.table)) }
      let start = try await branch.base.asyncMap { try await repository.tree(of: $0) }
      let isKept = isKept(
        pullRequest, branch: branch, subjects: subjects, findings: comparison.changes,
        isGreenBranch: isGreen,
        isUnmoved: { start?.files[$0] == work.tree.files[$0] })
      // What cannot be judged now is left as it is.
      if isKept || subjects.contains(where: unclear.contains) {
        result.work.kept.insert(name)
        let colours = subjects.flatMap { comparison.changes[$0] ?? [] }.map(\.colour)
        if isKept, project.connections[connection]?.mode == .automate, colours.allSatisfy({ $0 == .green }),
          try await !isAskedToMerge(pullRequest, at: branch.tip)
        {
          result.work.ready.insert(name)
        }
      } else if !branch.isOurs {
        result.work.kept.insert(name)
        result.work.theirs[name] = whatMoved(for: subjects, in: comparison, since: pullRequest)
      }
    }
    return result
  }

  /// What to tell about a branch that a person has worked on; nil where it still answers the drift.
  private func whatMoved(
    for subjects: [DriftSubject], in comparison: Comparison, since pullRequest: PullRequest
  ) -> String? {
    let findings = subjects.flatMap { comparison.changes[$0] ?? [] }.map(\.fingerprint).sorted()
    if findings.isEmpty { return "a person has worked on this branch, and the drift is gone: merge or close it" }
    if findings == pullRequest.findings { return nil }
    return "a person has worked on this branch, and the drift has moved on: merge or close it, the rest comes after"
  }

  /// Whether the change folders of a branch are on the protected branch byte for byte (true), as a person amended them
  /// (false), or not at all (nil).
  private func merge(of branch: Branch, in work: Work) -> Bool? {
    let folders = work.changeFolders(of: branch)
    let paths = folders.isEmpty ? Array(branch.changes.keys) : folders.flatMap(\.paths)
    if paths.allSatisfy({ work.tree.files[$0] == branch.changes[$0] ?? nil }) { return true }
    let files = paths.filter { $0.hasSuffix("/change.yaml") }
    return !files.isEmpty && files.allSatisfy { work.tree.files[$0] != nil } ? false : nil
  }

  /// What the files at a path are about: folders of observed tables and of opened contracts that lie elsewhere, and
  /// `connection.yaml`.
  private func subjectsByPath(
    _ comparison: Comparison, connection: ConnectionName, work: Work
  ) -> [String: DriftSubject] {
    var subjects: [String: DriftSubject] = [connectionPath(root: root, connection: connection): .connection]
    let folders = self.folders(of: connection, in: work.tree)
    for table in comparison.snapshot.tables { subjects[folders[table.name].path] = .table(table.name) }
    for (table, files) in comparison.files { subjects[files.folder.path] = .table(table) }
    return subjects
  }

  /// Asks the model about each drifted table, settles, and drafts. A table that cannot be drafted is reported and left.
  func drafts(
    for comparison: Comparison, withdrawn: [TableName: TableDraft], connection: Observed, work: Work,
    ledger: [LedgerEntry],
    result: inout ConnectionReport, report: inout RunReport
  ) async throws -> [TableName: TableDraft] {
    guard let destination = destinations[connection.policy.destination] else { return [:] }
    var drafts: [TableName: TableDraft] = [:]
    for (subject, judged) in comparison.changes.sorted(by: { $0.key < $1.key }) {
      if let table = subject.table, let draft = withdrawn[table] {
        drafts[table] = draft
        result.add(subject, judged, .drifted)
        continue
      }
      guard let table = subject.table, var landed = comparison.observed(table) else { continue }
      let files =
        comparison.files[table]
        ?? TableFiles(folder: freeFolder(for: table, of: connection.name, comparison: comparison, work: work))
      let question = question(
        about: judged, connection: connection.name, service: connection.status.service,
        table: table, mapping: files.mapping, dialect: destination.dialect,
        model: model?.name ?? "")
      let opinion = try await opinion(on: question, report: &report)
      let changes = settle(judged, with: opinion, on: question)
      var target: CatalogueTable?
      if let mapping = files.mapping, mapping.target.kind != .none {
        target = comparison.live.byName[mapping.target.table]
        if target?.isView == true, !destination.dialect.takesEveryView {
          target = try await destination.warehouse.table(mapping.target.table)
        }
        // The metadata endpoint knows no keys and no system columns; the warehouse itself does.
        if case .metadata = connection.types,
          let live = try await destination.warehouse.table(table)
        {
          landed.uniqueKeys = live.uniqueKeys.map { $0.sorted() }
          landed.systemColumns = live.columns.map(\.name).filter { isSystemColumn($0.text) }
        }
      }
      let context = DraftContext(
        connection: connection.name, service: connection.status.service,
        settingsOwner: connection.policy.settingsOwner, files: files, landed: landed,
        target: target,
        number: nextNumber(
          for: table, connection: connection.name, folder: files.folder, work: work,
          ledger: ledger),
        superseded: isAboutTarget(changes)
          ? Superseded(table: table, of: connection.name, in: ledger) : nil,
        server: server(for: connection, schema: table.schema),
        dialect: destination.dialect, firstSeen: try await firstSeen(changes, of: connection.status),
        refused: comparison.refused[table] ?? RefusedParts())
      do {
        drafts[table] = try draft(changes, answers: answers(opinion, question), in: context)
        result.add(subject, changes, .drifted)
      } catch {
        result.add(subject, changes, .unreadable("\(error)"))
      }
    }
    return drafts
  }

  /// Where a table without a contract gets one: a folder that holds another table's is that one's.
  private func freeFolder(
    for table: TableName, of connection: ConnectionName, comparison: Comparison, work: Work
  ) -> TableFolder {
    let folders = self.folders(of: connection, in: work.tree)
    let isTaken = comparison.files.contains { $0.key != table && $0.value.folder == folders[table] }
    return isTaken ? folders.marked(table) : folders[table]
  }

  /// 1 + the highest of the base tree and the ledger.
  func nextNumber(
    for table: TableName, connection: ConnectionName, folder: TableFolder, work: Work,
    ledger: [LedgerEntry]
  ) -> Int {
    let inLedger = ledger.filter {
      $0.step.connection == connection && $0.step.table == table
    }.map(\.step.change)
    return 1 + max(work.lastChange(of: folder), inLedger.max() ?? 0)
  }

  /// What a stale change leaves behind is that the target lacks something.
  private func isAboutTarget(_ changes: [ClassifiedChange]) -> Bool {
    changes.contains { change in
      switch change.change {
      case .targetColumnMissing, .targetTypeNarrower: true
      default: false
      }
    }
  }

  func server(for connection: Observed, schema: String) -> ContractServer {
    ContractServer(
      name: connection.policy.destination.text,
      type: project.destinations[connection.policy.destination]?.kind ?? "custom",
      schema: schema, connectionID: connection.policy.id.text,
      connectorType: connection.status.service, groupID: connection.status.groupID)
  }

  /// The kept answer, or the model's; nil where there is no model, or it did not answer.
  private func opinion(on question: Question?, report: inout RunReport) async throws
    -> Opinion?
  {
    guard let model, let question else { return nil }
    let key = "opinion/\(question.fingerprint)"
    do {
      if let kept = try await cache.value(for: key), let opinion = Opinion(kept: kept) {
        return opinion
      }
      progress("\(question.table): asking \(model.name)")
      try await beforeAct("ask the model")
      let opinion = try await model.answer(question)
      report.usage.modelTokens += opinion.tokens ?? 0
      try await cache.set(opinion.kept, for: key)
      return opinion
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      report.warnings.append(
        "the model did not answer about \(question.table); rules alone judged it: \(error)")
      return nil
    }
  }

  private func answers(_ opinion: Opinion?, _ question: Question?) -> [String: Opinion.Answer] {
    guard let opinion, let question else { return [:] }
    return Dictionary(
      question.items.compactMap { item in opinion.answers[item.id].map { (item.finding, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}

extension Optional where Wrapped: Sendable {
  fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows
    -> Result?
  {
    guard let value = self else { return nil }
    return try await transform(value)
  }
}
