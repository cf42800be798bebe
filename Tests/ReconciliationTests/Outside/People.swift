import DriftCore

/// What happens between two runs: the source moves on, syncs finish, people merge, refuse and edit.
extension Outside {
  /// Lands everything, writes the contracts of it, and gives two tables a target.
  func begin() {
    warehouse.land(source.tables)
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
      switch pick([0, 1, 2, 3]) {
      case 0: source.tables[name]?["extra_\(round)"] = SourceSide.Column(type: "text")
      case 1:
        if let column = pick(columns), columns.count > 2 { source.tables[name]?[column]?.isGone = true }
      case 2:
        if let column = pick(columns), source.tables[name]?[column]?.type == "integer" {
          source.tables[name]?[column]?.type = "bigint"
        }
      default:
        if let column = pick(columns), columns.count > 2, let fact = source.tables[name]?[column] {
          source.tables[name]?[column]?.isGone = true
          source.tables[name]?["\(column)_\(round)"] = SourceSide.Column(type: fact.type)
        }
      }
    }
    source.isSyncing = true
    if roll(80) { finishSync() }
  }

  func finishSync() {
    if !source.isSyncing { return }
    warehouse.land(source.tables)
    source.isSyncing = false
    source.succeededAt += 1
  }

  func review() {
    for name in pullRequests.keys.sorted() {
      if roll(50) {
        merge(name)
      } else if roll(20) {
        refuse(name)
        tally.refused += 1
      } else if roll(20) {
        editByHand(name)
      }
    }
  }

  func editByHand(_ name: String) {
    guard let tip = git.branches[name],
      let path = git.branch(name, at: tip).changes.keys.sorted().first(where: {
        $0.hasSuffix("contract.odcs.yaml")
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
    let merged = git.merge(name) { path, bytes in
      path.hasSuffix("/change.yaml")
        ? Array(String(decoding: bytes, as: UTF8.self).replacing("by: \"\"", with: "by: \"kim\"").utf8)
        : bytes
    }
    if merged { tally.merged += 1 }
    if merged, roll(50) { pullRequests[name] = nil }
  }

  func loseCaches() { caches = [:] }

  func set(_ faults: Faults) { self.faults = faults }

  func revive() { ended = [] }
}
