import DriftCore

/// What happens between two runs: the source moves on, syncs finish, people merge, refuse and edit.
extension Outside {
  /// Lands everything, writes the contracts of it, and gives two tables a target.
  func begin() {
    warehouse.land(source.tables)
    let promise = ConnectionPromise(id: SourceSide.connection, changeHandling: source.changeHandling)
    git.writeMain(Self.connectionFile, Array(renderConnectionPromise(promise).utf8), message: "init")
    for name in source.tables.keys.sorted() {
      let table = TableName(schema: SourceSide.schema, name: name)
      guard let landed = warehouse.tables[table] else { continue }
      var observed = ObservedTable(landed: landed, dialect: .postgres)
      observed.source = SourceSide.source(name)
      let folder = TableFolder(root: "contracts", connection: "crm", table: table)
      let server = ContractServer(
        name: "w", type: "postgres", schema: table.schema, connectionID: "crm_id",
        connectorType: "salesforce", groupID: "group")
      let promised = contract(promising: observed, connection: "crm")
      git.writeMain(folder.contract, Array(renderContract(promised, server: server).utf8), message: "init")
      if name == "deal" { continue }
      let target = Target(table: TableName(schema: "analytics", name: name), kind: .table)
      let mapped = mapping(of: observed, connection: "crm", onto: target, dialect: .postgres)
      git.writeMain(folder.mapping, Array(renderMapping(mapped).utf8), message: "init")
      warehouse.tables[target.table] = CatalogueTable(
        name: target.table,
        columns: mapped.columns.map { CatalogueColumn(name: $0.target, physicalType: $0.type) },
        uniqueKeys: [["id"]])
    }
  }

  /// The source changes now and then; what a sync lands is all of it.
  func drift(_ round: Int) {
    for name in source.tables.keys.sorted() where roll(60) {
      let columns = (source.tables[name] ?? [:]).filter { !$0.value.isGone && $0.key != "id" }.keys.sorted()
      // More removals at once are held for a person, which is told elsewhere.
      let mayRemove = newRemovals < 2
      switch pick([0, 1, 2, 3]) {
      case 0: source.tables[name]?["extra_\(round)"] = SourceSide.Column(type: "text")
      case 1:
        if let column = pick(columns), columns.count > 2, mayRemove { source.tables[name]?[column]?.isGone = true }
      case 2:
        if let column = pick(columns), source.tables[name]?[column]?.type == "integer" {
          source.tables[name]?[column]?.type = "bigint"
        }
      default:
        if let column = pick(columns), columns.count > 2, mayRemove, let fact = source.tables[name]?[column] {
          source.tables[name]?[column]?.isGone = true
          source.tables[name]?["\(column)_\(round)"] = SourceSide.Column(type: fact.type)
        }
      }
    }
    if roll(20), let handling = pick(ChangeHandling.allCases) { source.changeHandling = handling }
    source.beginSync()
    if roll(80) { finishSync() }
  }

  /// Columns that the source has given up, that a contract on main still promises, and of which nobody has been told.
  private var newRemovals: Int {
    let files = git.commits[git.main]?.files ?? [:]
    let told = Set((Array(pullRequests.values) + counting).flatMap(\.findings))
    return files.filter { $0.key.hasSuffix("contract.odcs.yaml") }.reduce(0) { count, file in
      guard let contract = promise(of: file.value, file.key) else { return count }
      let columns = source.tables[contract.table.name] ?? [:]
      return count
        + contract.columns.count { column in
          let finding = fingerprint(of: .columnRemoved(column), connection: "crm", table: contract.table)
          return !column.isDeprecated && columns[column.name.text]?.isGone ?? false && !told.contains(finding)
        }
    }
  }

  func sync() {
    source.beginSync()
    finishSync()
  }

  func finishSync() {
    if !source.isSyncing { return }
    warehouse.land(source.tables)
    source.isSyncing = false
    source.succeededAt += 1
  }

  func review() {
    for name in pullRequests.keys.sorted() {
      if roll(50), mergeByItself(name) { continue }
      if roll(50) {
        merge(name)
      } else if roll(20) {
        let closing = Closing(by: "kim", reason: "no: \(name)", at: clock, isSnoozed: roll(40))
        refuse(name, as: closing)
        tally.refused += 1
        if closing.isSnoozed { tally.snoozed += 1 }
      } else if roll(20) {
        editByHand(name)
      }
    }
  }

  func passDays(_ days: Int64) { clock = clock.adding(seconds: days * 86_400) }

  /// The forge no longer lists closed pull requests that are on record.
  func forgetClosed() {
    let book = refusalBook
    refused.removeAll { no in
      guard book.isRecorded(no), roll(30) else { return false }
      tally.forgotten += 1
      return true
    }
  }

  /// As the branch has it.
  var refusalBook: RefusalBook {
    let tip = git.branches[refusalsBranch]
    return RefusalBook(tip: tip, files: tip.flatMap { git.commits[$0]?.files } ?? [:])
  }

  /// Somebody changes a target behind Mooring's back: drops a column, or adds one that a merged change is about to add.
  func meddle() {
    guard let name = pick(["account", "contact"]) else { return }
    let folder = TableFolder(
      root: "contracts", connection: "crm", table: TableName(schema: SourceSide.schema, name: name))
    let target = TableName(schema: "analytics", name: name)
    guard let bytes = git.commits[git.main]?.files[folder.mapping],
      let mapping = parseMapping(bytes, path: folder.mapping).0, var table = warehouse.tables[target]
    else { return }
    let missing = mapping.columns.filter { column in
      !table.columns.contains { $0.name == column.target }
    }
    if let column = pick(missing) {
      let isNumber = column.type != "text"
      table.columns.append(
        CatalogueColumn(name: column.target, physicalType: isNumber ? "smallint" : column.type))
    } else if let index = pick(table.columns.indices.filter { table.columns[$0].name != "id" }) {
      table.columns.remove(at: index)
    }
    warehouse.tables[target] = table
    tally.meddled += 1
  }

  /// Somebody edits a merged change that has begun, and takes it back later.
  func amend() {
    // What only failed may still run in another form, and is then not to be put back.
    let begun = Set(
      warehouse.ledger.filter { $0.step.step > 0 && $0.state != .failed }.map { "\($0.step.table) \($0.step.change)" })
    let files = git.commits[git.main]?.files ?? [:]
    let paths = files.filter { path, bytes in
      guard path.hasSuffix("/change.yaml"), let change = parseChange(bytes, path: path).0 else { return false }
      return begun.contains("\(change.table) \(change.number)")
    }
    guard let path = pick(paths.keys.sorted()), let bytes = files[path] else { return }
    amended = (path, bytes)
    git.writeMain(path, bytes + Array("# looked at again\n".utf8), message: "amend \(path)")
    tally.amended += 1
  }

  func takeBackAmendment() {
    guard let (path, bytes) = amended else { return }
    amended = nil
    // Somebody may have taken the whole change off main since.
    guard git.commits[git.main]?.files[path] != nil else { return }
    git.writeMain(path, bytes, message: "take back")
  }

  func revertSomething() {
    if git.revertMerge() { tally.reverted += 1 }
  }

  /// Names one of the changes that the ledger has, as people do who want it undone; whatever they said of that before, they
  /// have changed their mind.
  func askForAWayBack() -> String? {
    guard let change = pick(recordedChanges(in: warehouse.ledger)) else { return nil }
    let finding = SchemaChange.changeWithdrawn(WithdrawnChange(number: change.number, digest: change.digest))
    let wanted = fingerprint(of: finding, connection: "crm", table: change.table)
    said.removeAll { $0.pullRequest.findings == [wanted] }
    return "crm/\(change.table)/\(change.number)"
  }

  func editByHand(_ name: String) {
    guard let tip = git.branches[name],
      let path = git.branch(name, at: tip).changes.keys.sorted().first(where: {
        $0.hasSuffix("contract.odcs.yaml") || $0 == Self.connectionFile
      })
    else { return }
    tally.editedByHand += 1
    git.edit(name, path) { $0 + Array("# looked at\n".utf8) }
  }

  func editSomethingByHand() {
    if let name = pick(git.branches.keys.sorted()) { editByHand(name) }
  }

  /// With acknowledgement of what is red. Some forges close the pull request by themselves.
  func merge(_ name: String) {
    let tip = git.branches[name]
    let merged = git.merge(name) { path, bytes in
      path.hasSuffix("/change.yaml")
        ? Array(String(decoding: bytes, as: UTF8.self).replacing("by: \"\"", with: "by: \"kim\"").utf8)
        : bytes
    }
    if merged { tally.merged += 1 }
    if merged, let tip { mergedTips.append(tip) }
    if merged, roll(50) { pullRequests[name] = nil }
  }

  /// Merges what can be merged; of their own branches people delete what they no longer need, as they are told to.
  func finishReviews() {
    for name in pullRequests.keys.sorted() { merge(name) }
    for (name, tip) in git.branches where !git.ours.contains(tip) {
      git.branches[name] = nil
      pullRequests[name] = nil
    }
  }

  func loseCaches() { caches = [:] }

  func set(_ faults: Faults) { self.faults = faults }

  /// Later: what a process held that ended has run out.
  func revive() {
    ended = []
    triedBy = nil
    warned = []
    warehouse.clock = warehouse.clock.adding(seconds: 3600)
  }
}
