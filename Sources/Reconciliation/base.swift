package import DriftCore

extension Reconciler {
  private var baseKey: String { "base" }

  /// Whether the protected branch still goes on from every commit of it that is known; remembers where it is.
  ///
  /// The cache knows what this machine saw last; without it, the ledgers know what was last applied.
  func rewrittenBase(
    _ tree: RepositoryTree, ledgers: Ledgers, isDryRun: Bool
  ) async throws -> RewrittenBase? {
    let cached = try await cache.value(for: baseKey)
    var known = Set([cached].compactMap { $0.map { CommitID($0) } })
    for entries in ledgers.values {
      known.formUnion(knownTips(in: (try? entries.get()) ?? [], of: Set(project.connections.keys)).values)
    }
    for commit in known.sorted() where commit != tree.commit {
      if try await repository.isAncestor(commit, of: tree.commit) { continue }
      // Another run may have seen a later tip, and applied from it, since this one fetched.
      let tip = try await during("fetching the contract repository") { try await repository.fetch() }
      if tip != tree.commit, try await repository.isAncestor(commit, of: tip) { throw BaseMovedOn(tip: tip) }
      return RewrittenBase(known: commit, tip: tree.commit)
    }
    if !isDryRun, cached != tree.commit.text { try await cache.set(tree.commit.text, for: baseKey) }
    return nil
  }

  /// Takes a person's word that the protected branch was meant to be rewritten. It holds for that commit and what comes
  /// after it.
  ///
  /// - Parameter shown: the tip that the person was shown, or the beginning of its id.
  /// - Returns: what was no longer in the history; empty where all of it was.
  package func confirmBase(_ shown: String, on tree: RepositoryTree? = nil) async throws -> [CommitID] {
    let tree = try await fetched(tree)
    let tip = tree.commit
    let isTip = shown.utf8.count >= 7 && tip.text.hasPrefix(shown)
    guard try await isTip ? true : repository.isAncestor(CommitID(shown), of: tip) else {
      throw ConfigurationError(
        "the protected branch is at \(tip), which does not go on from \"\(shown)\": look again, and confirm what is there"
      )
    }
    var gone: Set<CommitID> = []
    for (name, entries) in try await ledgers(for: Array(project.connections.values)).sorted(by: { $0.key < $1.key }) {
      guard let destination = destinations[name] else { continue }
      let ledger = try entries.get()
      for (connection, known) in knownTips(in: ledger, of: Set(project.connections.keys)).sorted(by: { $0.key < $1.key }
      )
      where try await !repository.isAncestor(known, of: tip) {
        gone.insert(known)
        let line = confirmation(of: tip, after: known, for: connection, in: name, ledger: ledger)
        try await beforeAct("confirm the base for \(connection)")
        try await during("writing to the ledger of \"\(name)\"") { try await destination.warehouse.record(line) }
      }
    }
    if let cached = try await cache.value(for: baseKey), try await !repository.isAncestor(CommitID(cached), of: tip) {
      gone.insert(CommitID(cached))
    }
    try await cache.set(tip.text, for: baseKey)
    return gone.sorted()
  }
}

/// Two runs at once, and the other one was later.
private struct BaseMovedOn: Error, CustomStringConvertible {
  let tip: CommitID

  var description: String {
    "the protected branch moved on to \(tip.short) while this run began, and another run has applied from there; "
      + "nothing was done, the next run continues"
  }
}
