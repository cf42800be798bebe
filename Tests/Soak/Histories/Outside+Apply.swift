import DriftCore

/// Promises about what is applied, looked at with each act.
extension Outside {
  /// Promise 1: the statement stands in the merged up.sql of its change, byte for byte.
  func expectMerged(_ statement: MergedStatement) {
    let isMerged = files(of: statement.entry).contains { path, bytes in
      path.hasSuffix("/up.sql") && String(decoding: bytes, as: UTF8.self).contains(statement.text)
    }
    expect(
      isMerged && git.wasMain(CommitID(statement.entry.commit)), "1: ran what was not merged: \(statement.text)")
  }

  /// Promise 1 too: what was reviewed is one content, from the first step to the last. What only failed may be put right.
  func expectOneContent(of entry: LedgerEntry) {
    let lines = warehouse.ledger.filter {
      $0.step.table == entry.step.table && $0.step.change == entry.step.change && $0.state != .failed
    }
    let digests = Set(lines.map(\.digest))
    expect(digests.count <= 1, "1: \(entry.step) ran with another content than the steps before")
  }

  /// Promise 2: each step takes effect once.
  func expectOnce(_ step: StepID) {
    expect(warehouse.effects[step, default: 0] <= 1, "2: \(step) took effect twice")
  }

  /// Promise 2 too: nothing is written by whom somebody else has passed over.
  func expectHeld(_ lease: Lease?) {
    guard let lease else { return }
    expect(warehouse.holds(lease), "2: wrote to \(lease.target) under a lease that was taken over")
  }

  /// What an instance knows of failures when it decides.
  func note(_ ledger: [LedgerEntry], readBy instance: Int) {
    if case .halfOpen = breaker(in: ledger, of: "w", at: clock) {
      warned.insert(instance)
    } else {
      warned.remove(instance)
    }
  }

  /// Promise 2 too: after failures one step of all instances is tried. Who decided before they were written does not know.
  func expectOneTrial(by instance: Int) {
    guard warned.contains(instance) else { return }
    let isAlone = triedBy.map { $0 == instance || ended.contains($0) } ?? true
    expect(isAlone, "2: two instances try a step at once after failures")
    triedBy = instance
  }

  func endTrial(of instance: Int) {
    if triedBy == instance { triedBy = nil }
  }

  /// Promise 7: when a change begins, and before each of its batches, the landed columns are those that it relies on.
  func expectUnmoved(_ statement: MergedStatement) {
    let step = statement.entry.step
    let hasBegun = warehouse.ledger.contains { $0.step.table == step.table && $0.step.change == step.change }
    if hasBegun && statement.entry.kind != "backfill" { return }
    guard let file = files(of: statement.entry).first(where: { $0.key.hasSuffix("/change.yaml") }),
      let change = parseChange(file.value, path: file.key).0
    else { return expect(false, "a merged change cannot be read") }
    for (name, type) in change.footprint.landed {
      let found = warehouse.tables[change.table]?.columns.first { $0.name == name }?.physicalType
      expect(
        found.map(Dialect.postgres.parseType) == type,
        "7: \(step) ran, and \(change.table).\(name) is \(found ?? "not there"), not \(type)")
    }
  }

  /// The change folder that a line is about.
  private func files(of entry: LedgerEntry) -> GitSide.Files {
    let change = entry.step.change
    let number = String(repeating: "0", count: max(0, 4 - String(change).count)) + "\(change)-"
    return (git.commits[CommitID(entry.commit)]?.files ?? [:]).filter {
      $0.key.contains("/\(entry.step.table)/changes/\(number)")
    }
  }
}

/// How looks are spoilt by a mutation.
extension Outside {
  /// A table as the changes on main say that it is.
  func relied(on name: TableName) -> CatalogueTable? {
    guard var table = warehouse.tables[name] else { return nil }
    for (path, bytes) in git.commits[git.main]?.files ?? [:] where path.hasSuffix("/change.yaml") {
      guard let change = parseChange(bytes, path: path).0, change.table == name else { continue }
      for (column, type) in change.footprint.landed {
        guard let index = table.columns.firstIndex(where: { $0.name == column }) else { continue }
        table.columns[index].physicalType = Dialect.postgres.typeName(type) ?? ""
      }
    }
    return table
  }

  /// The ledger's lines, each with the digest that its change has on main now.
  func ledgerAsMainIs() -> [LedgerEntry] {
    guard let tree = try? git.tree(of: git.main) else { return [] }
    let folders = changeFolders(in: tree, root: "contracts")
    return warehouse.ledger.map { entry in
      let table = TableFolder(root: "contracts", connection: "crm", table: entry.step.table)
      guard let folder = folders.first(where: { $0.tableFolder == table && $0.number == entry.step.change }) else {
        return entry
      }
      var entry = entry
      // The line that ends a change is how a run knows that nothing of it is left: that one is looked up by content alone.
      if entry.step.step > 0 { entry.digest = folder.digest }
      return entry
    }
  }
}
