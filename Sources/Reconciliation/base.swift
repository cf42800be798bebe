import Cryptography
package import DriftCore

extension Reconciler {
  private var baseKey: String { "base" }

  /// Whether the protected branch still goes on from every commit of it that is known; remembers where it is.
  ///
  /// The cache knows what this machine saw last; without it, the ledgers know what was last applied.
  func rewrittenBase(
    _ tree: RepositoryTree, ledgers: Ledgers, isDryRun: Bool
  ) async throws -> RewrittenBase? {
    var applied: Set<CommitID> = []
    for entries in ledgers.values {
      applied.formUnion(knownTips(in: (try? entries.get()) ?? [], of: Set(project.connections.keys)).values)
    }
    let seen = SeenBase(try await cache.value(for: baseKey))
    let now = SeenBase(tip: tree.commit, applied: applied)
    // What went before the commit that was seen last goes before whatever follows it.
    let unchecked = (seen.map { [$0.tip] } ?? []) + (seen?.digest == now.digest ? [] : applied.sorted())
    for commit in unchecked where commit != tree.commit {
      if try await repository.isAncestor(commit, of: tree.commit) { continue }
      // Another run may have seen a later tip, and applied from it, since this one fetched.
      let tip = try await during("fetching the contract repository") { try await repository.fetch() }
      if tip != tree.commit, try await repository.isAncestor(commit, of: tip) { throw BaseMovedOn(tip: tip) }
      return RewrittenBase(known: commit, tip: tree.commit)
    }
    if !isDryRun, seen != now { try await cache.set(now.text, for: baseKey) }
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
        try await during("writing to the ledger of \"\(name)\"") {
          try await destination.warehouse.record(line, audit: signed(AuditRecord(of: line)), under: nil)
        }
      }
    }
    if let seen = SeenBase(try await cache.value(for: baseKey)),
      try await !repository.isAncestor(seen.tip, of: tip)
    {
      gone.insert(seen.tip)
    }
    try await cache.set(SeenBase(tip: tip, applied: []).text, for: baseKey)
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

/// Where the protected branch was when it was looked at last, and a digest of the commits that the ledgers named then.
private struct SeenBase: Hashable {
  let tip: CommitID
  let digest: String

  init(tip: CommitID, applied: Set<CommitID>) {
    self.tip = tip
    digest = sha256Hex(applied.sorted().map(\.text).joined(separator: "\n"))
  }

  /// Nil where nothing was kept.
  init?(_ text: String?) {
    guard let parts = text?.split(separator: " "), parts.count == 2 else { return nil }
    tip = CommitID(String(parts[0]))
    digest = String(parts[1])
  }

  var text: String { "\(tip) \(digest)" }
}
