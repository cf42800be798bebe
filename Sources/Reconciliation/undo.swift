package import DriftCore

extension Reconciler {
  /// Proposes the way back of an applied change: a pull request like any other, by the same path.
  ///
  /// - Parameters:
  ///   - name: `salesforce/salesforce.account/0007`, or the path of its folder.
  ///   - person: who asks, for the audit log; nil where that is not known.
  /// - Throws: `UndoRefusal` with the reason where there is nothing to propose.
  package func undo(_ name: String, askedBy person: String?, on tree: RepositoryTree? = nil) async throws -> RunReport {
    var report = RunReport()
    let tree = try await fetched(tree)
    let ledgers = try await ledgers(for: Array(project.connections.values))
    if let rewritten = try await rewrittenBase(tree, ledgers: ledgers, isDryRun: true) { throw rewritten }
    let (connection, place, number) = try address(name)
    guard let policy = project.connections[connection] else { throw unknown(name) }
    if policy.mode == .observe {
      throw UndoRefusal(
        "connection \"\(connection)\" is in mode observe: nothing is proposed for it",
        hint: "set mode: propose in mooring.yaml")
    }
    let ledger = try ledgers[policy.destination]?.get() ?? []
    let all = recordedChanges(in: ledger).filter { $0.connection == connection }
    let folders = self.folders(of: connection, in: tree)
    let named = all.filter { $0.table == TableName(place) }
    let recorded = named.isEmpty ? all.filter { folders[$0.table].path.hasSuffix("/\(place)") } : named
    let change = try recorded.undoable(number)
    if let waiting = try await unfinishedFolders(in: tree, ledgers: ledgers, only: [connection])
      .first(where: { $0.table == change.table })
    {
      throw UndoRefusal(
        "\(waiting.folder.path) is merged and not finished",
        hint: "let mooring run finish it first, or revert its commit")
    }
    var book = try await refusalBook()
    let pullRequests = try await during("listing our pull requests") { try await forge.pullRequests() }
    let now = now()
    let work = Work(
      tree: tree, root: root, branches: try await repository.branches(), pullRequests: pullRequests,
      refusals: RefusalsInForce(book, pullRequests, at: now))
    let own = folders[change.table].path
    for (branch, open) in work.openWork(of: connection).sorted(by: { $0.key < $1.key }) {
      guard let touched = work.branches[branch].map({ work.places(of: $0) }), touched.contains(own) else { continue }
      throw UndoRefusal(
        open.findings.contains(change.fingerprint)
          ? "the way back is proposed already: \(branch)" : "\(change.table) has an open pull request: \(branch)",
        hint: "merge or close it first; a table is in one pull request at a time (\(open.location))")
    }
    let statuses = try await during("listing the connections") { try await source.connections() }
    let draft = try await undoDraft(of: change, among: recorded, ledger: ledger, work: work, statuses: statuses)
    // Who asks again takes back what they said no to before.
    let said = book.refusals.filter { $0.refusal.findings.contains { $0.fingerprint == change.fingerprint } }
    _ = try await end(
      Set(said.compactMap(\.refusal.pullRequest?.id)), in: &book, at: now, isDryRun: false, report: &report)
    let words = "asked to be undone" + (person.map { " by \(brief($0, limit: 100))" } ?? "")
    try await record(change, words, at: tree.commit)
    let branch = branchName(for: .table(change.table), of: connection)
    let proposal = proposal(
      branch: branch, connection: connection, tables: [draft], model: nil, takesLabel: policy.demand.reviews > 0)
    let open = OpenWork(
      branches: work.branches.filter { $0.key == branch }, pullRequests: [:], kept: [], merged: [])
    var told = ConnectionReport(name: connection, outcome: .looked)
    told.add(.table(change.table), draft.changes, .drifted)
    report.connections = try await perform(
      [Decision(actions: decide([proposal], given: open), report: told)], work: work, isDryRun: false, report: &report)
    for connection in report.connections { await announce(connection, report: &report) }
    return report
  }

  /// Connection, table or last part of its folder, and number.
  private func address(_ name: String) throws -> (ConnectionName, String, Int) {
    var parts = name.split(separator: "/").map(String.init)
    let depth = root.split(separator: "/").count
    if parts.count > 3, parts.prefix(depth).joined(separator: "/") == root { parts.removeFirst(depth) }
    if parts.count == 4, parts[2] == "changes" { parts.remove(at: 2) }
    guard parts.count == 3, let number = parts[2].split(separator: "-").first.flatMap({ Int($0) }), number > 0,
      let connection = project.connections.keys.sorted().first(where: {
        $0.text == parts[0] || slug($0.text) == parts[0]
      })
    else { throw unknown(name) }
    return (connection, parts[1], number)
  }

  private func unknown(_ name: String) -> UndoRefusal {
    let known = project.connections.keys.sorted().map(\.text).joined(separator: ", ")
    return UndoRefusal(
      "\"\(visible(name))\" does not name a change",
      hint:
        "write connection/schema.table/number, such as salesforce/salesforce.account/0007, or the path of its folder; connections are: \(known)"
    )
  }
}
