import CGit2
package import DriftCore

extension GitRepository {
  package func push(_ updates: [RefUpdate]) async throws -> [RefOutcome] {
    for update in updates { try checkBranchName(update.branch) }
    if Set(updates.map(\.branch)).count < updates.count {
      throw GitError(
        .badBranchName, "pushing", at: address.text, "one branch is moved twice in one push")
    }
    return try locked("pushing") { session, activity in
      switch session.remote {
      case .local(let remote): try push(updates, to: remote, in: session, activity)
      case .hosted(let remote): try push(updates, to: remote, in: session, activity)
      }
    }
  }

  private func push(
    _ updates: [RefUpdate], to remote: LocalRemote, in session: Session, _ activity: Activity
  ) throws(GitError) -> [RefOutcome] {
    let missing = try objects(for: updates, missingIn: remote, session, activity)
    try session.clone.pack(missing, into: "\(remote.folder)/objects", activity)
    git_odb_refresh(remote.database.raw)
    var outcomes: [RefOutcome] = []
    for update in updates {
      let outcome = try remote.move(update, activity) { id in isOurs(id, in: session, activity) }
      let tip: CommitID? =
        switch outcome {
        case .updated: update.target
        case .leaseLost(let found): found
        case .refused: try remote.tip(of: update.branch, activity).map { CommitID($0) }
        }
      try session.clone.remember(
        update.branch, at: tip.flatMap { git_oid(hexadecimal: $0.text) }, activity)
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func push(
    _ updates: [RefUpdate], to remote: HostedRemote, in session: Session, _ activity: Activity
  ) throws -> [RefOutcome] {
    for target in updates.compactMap(\.target) { _ = try commit(target, in: session, activity) }
    let outcomes = try remote.push(updates, activity)
    for (update, outcome) in zip(updates, outcomes) where outcome == .updated {
      // What others put there is not here yet: the next fetch brings it.
      try session.clone.remember(
        update.branch, at: update.target.flatMap { git_oid(hexadecimal: $0.text) }, activity)
    }
    return outcomes
  }

  /// What the remote lacks of the commits that the updates name.
  private func objects(
    for updates: [RefUpdate], missingIn remote: LocalRemote, _ session: Session, _ activity: Activity
  ) throws(GitError) -> [ObjectID] {
    let known = remote.database.raw
    func isMissing(_ id: ObjectID) -> Bool {
      var id = id.git
      return git_odb_exists(known, &id) == 0
    }
    let reader = TreeReader(database: session.clone.database.raw, activity: activity)
    var missing: [ObjectID] = []
    for target in updates.compactMap(\.target) {
      let tip = try commit(target, in: session, activity)
      guard let id = git_commit_id(tip.raw)?.pointee.objectID, isMissing(id) else { continue }
      var base: ObjectID?
      if let parent = git_commit_parent_id(tip.raw, 0)?.pointee {
        guard !isMissing(parent.objectID) else {
          throw activity.error(
            .missingObject, "the remote lacks the parent of \(target)", wayOut: "fetch and draft again")
        }
        base = try tree(of: commit(parent, in: session, activity))
      }
      missing.append(id)
      missing += try reader.objects(of: tree(of: tip), beyond: base).filter(isMissing)
    }
    return missing
  }
}
