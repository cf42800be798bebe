/// One table whose files differ between two states of the repository, read and compared.
package struct EditedTable: Sendable {
  package var connection: ConnectionName
  package var policy: ConnectionPolicy
  package var dialect: Dialect
  package var before: TableFiles
  package var after: TableFiles
  /// What the edited contract promises, as if it had been observed, or what has landed; nil where there is no contract
  /// that can be read.
  package var landed: ObservedTable?
  /// The target as it is now, where somebody looked.
  package var target: CatalogueTable?
  /// Change folders that are new or edited, by number.
  package var changes: [CheckedChange]

  package var folder: TableFolder { after.folder }

  /// What the edit of the contract means, by the rules that judge drift.
  package func contractChanges(in project: Project) -> [ClassifiedChange] {
    guard let contract = after.contract, let landed else { return [] }
    guard let promised = before.contract else { return judged([.tableAdded(landed)], project) }
    let observed = ObservedTable(promisedBy: contract, insteadOf: promised, dialect: dialect)
    let landing = diff(from: promised.declaringRenames(to: contract), to: observed, dialect: dialect)
    let edited = contractEdits(from: before, to: after, landing: landing)
    return judged(landing + edited.map { .contractEdited($0) }, project).map { found in
      guard case .columnRemoved(let column) = found.change,
        !contract.columns.contains(where: { $0.name == column.name })
      else { return found }
      var found = found
      found.verdict.message = "no longer promised: whoever reads it can rely on nothing; it stays in the warehouse"
      // Unlike what the source has no more, a promise is given again by writing it.
      found.verdict.reversible = .yes
      return found
    }
  }

  /// What the target lacks of the edited mapping, taken to be as the mapping before said and as `changes` then make it.
  package func targetChanges(after changes: [CheckedChange], in project: Project) -> [ClassifiedChange] {
    guard let mapping = after.mapping, let landed, let promised = promisedTarget else { return [] }
    let target = changes.reduce(promised) {
      $0.after($1.change.actions, mapping: mapping, dialect: dialect)
    }
    let isRendered = isRendered(mapping, landed, after: changes)
    return judged(
      targetDrift(from: mapping, isRendered: isRendered, to: target, landed: landed, dialect: dialect), project)
  }

  /// Whether the target will be as the mapping renders it: a table by what `load.sql` says, a view where one of `changes`
  /// replaces it.
  private func isRendered(_ mapping: Mapping, _ landed: ObservedTable, after changes: [CheckedChange]) -> Bool {
    if mapping.target.kind == .table {
      return mapping.isRendered(in: after.loadBytes) {
        try renderings(of: mapping, landed: landedTypes(of: landed), dialect: dialect)
      }
    }
    if changes.contains(where: { $0.change.actions.contains(.replaceView) }) { return true }
    guard let before = before.mapping, before.feedsSameTarget(as: mapping) else { return true }
    return before.digest == mapping.digest
  }

  /// The target of the mapping as the base promised it, or as it was looked at where the base says nothing of it.
  private var promisedTarget: CatalogueTable? {
    guard let mapping = after.mapping, mapping.target.kind != .none else { return nil }
    if let before = before.mapping, before.feedsSameTarget(as: mapping) {
      return CatalogueTable(promisedBy: before)
    }
    return target
  }

  /// What nothing in a change folder answers for yet: what the target lacks, and red edits of the contract.
  package func unanswered(in project: Project) -> [ClassifiedChange] {
    let answered = changes.flatMap(\.change.findings)
    // What takes a change back answers for everything that the change had written.
    let isUndo = changes.contains { $0.change.undoes != nil }
    let red = contractChanges(in: project).filter { found in
      found.colour == .red && !isUndo
        && !answered.contains { $0.fingerprint == found.fingerprint || $0.column == found.change.column?.text }
    }
    return red + targetChanges(after: changes, in: project).filter { !$0.change.isAboutLoad }
  }

  private func judged(_ changes: [SchemaChange], _ project: Project) -> [ClassifiedChange] {
    guard let table = after.contract?.table else { return [] }
    return classify(
      changes, connection: connection,
      context: RuleContext(
        table: table, service: "", dialect: dialect,
        lookAlikes: lookAlikes(of: changes, among: [before, after].flatMap { $0.contract?.columns.map(\.name) ?? [] })),
      policies: Policies(
        contract: before.contract ?? after.contract, table: table, connection: policy, project: project.policies))
  }
}

extension SchemaChange {
  /// The team's own job runs `load.sql`: what it lacks keeps no change from being applied.
  fileprivate var isAboutLoad: Bool {
    if case .mappingEdited(let target, _) = self { target.kind == .table } else { false }
  }
}

extension Mapping {
  func feedsSameTarget(as other: Mapping) -> Bool {
    target.table == other.target.table && target.kind == other.target.kind
  }
}

/// The tables whose files differ, by folder. Tables of connections that `project` does not have are left out.
package func editedTables(
  from base: ContractState, to edited: ContractState, in project: Project
) -> [EditedTable] {
  let changed = base.changedPaths(to: edited)
  let folders = Set(changed.compactMap(edited.tableFolder)).sorted { $0.path < $1.path }
  // A folder that only lies elsewhere now is the change that it was.
  let merged = Set(base.changeFolders.map(\.digest))
  let moved = edited.changeFolders.filter { !merged.contains($0.digest) }
  return folders.compactMap { folder in
    guard let name = project.connection(of: folder, root: edited.root),
      let policy = project.connections[name],
      let dialect = (project.destinations[policy.destination]?.kind).flatMap(Dialect.named)
    else { return nil }
    var table = EditedTable(
      connection: name, policy: policy, dialect: dialect, before: TableFiles(folder, in: base),
      after: TableFiles(folder, in: edited), changes: [])
    table.landed = table.after.contract.map {
      ObservedTable(promisedBy: $0, insteadOf: nil, dialect: dialect)
    }
    table.changes = moved.filter { $0.tableFolder == folder }.sorted { $0.number < $1.number }.compactMap {
      CheckedChange(
        $0, in: edited, connection: name, landed: table.landed, mapping: table.after.mapping, dialect: dialect)
    }
    return table
  }
}

extension TableFiles {
  fileprivate init(_ folder: TableFolder, in state: ContractState) {
    self.init(
      folder: folder, contract: state.contract(in: folder),
      contractBytes: state.files[folder.contract] ?? [], mapping: state.mapping(in: folder),
      mappingBytes: state.files[folder.mapping] ?? [],
      loadBytes: state.files[folder.load] ?? [])
  }
}

extension Project {
  /// The connection that a table folder belongs to.
  func connection(of folder: TableFolder, root: String) -> ConnectionName? {
    let slugs = folder.path.dropFirst(root.utf8.count + 1).split(separator: "/")
    return connections.keys.sorted().first { slug($0.text) == slugs.first.map(String.init) }
  }

  /// With the policies of `base`, which alone are in force until the merge, and what only this one configures.
  package func judged(by base: Project) -> Project {
    var project = base
    project.connections.merge(connections) { first, _ in first }
    project.destinations.merge(destinations) { first, _ in first }
    return project
  }
}
