/// What the files alone promise, in the form of what is otherwise observed: so that an edit is judged by the rules that
/// judge drift.

extension ObservedTable {
  /// A table that lands exactly what `contract` promises. What only `before` promises counts as gone.
  init(promisedBy contract: Contract, insteadOf before: Contract?, dialect: Dialect) {
    var columns = contract.columns.map { ObservedColumn(promisedBy: $0, dialect: dialect) }
    let names = Set(columns.map(\.name))
    columns += (before?.columns ?? []).filter { !names.contains($0.name) }.map {
      ObservedColumn(name: $0.name, isPrimaryKey: false, inSource: .absent, landed: .present)
    }
    self.init(
      name: contract.table, source: contract.source ?? SourceTable(schema: "", name: ""),
      isEnabled: contract.isEnabled ?? true, syncMode: contract.syncMode,
      inSource: contract.isDeprecated ? .absent : .present, landed: .present, isView: contract.isView,
      columns: columns.sorted { $0.name < $1.name }, primaryKey: contract.primaryKey)
  }
}

extension ObservedColumn {
  /// A column that was promised ahead of the data is not known to have landed.
  fileprivate init(promisedBy column: ContractColumn, dialect: Dialect) {
    let hasLanded = column.sourceColumn != nil
    self.init(
      name: column.name, sourceName: column.sourceColumn,
      type: column.physicalType.map(dialect.parseType), physicalType: column.physicalType,
      isNullable: !column.isRequired, isPrimaryKey: column.isPrimaryKey,
      isEnabled: hasLanded ? column.isEnabled ?? true : nil,
      isHashed: hasLanded ? column.isHashed ?? false : nil,
      inSource: column.isDeprecated ? .absent : .present, landed: hasLanded ? .present : .unknown)
  }
}

extension Contract {
  /// With the renames that the later contract declares: by a column's id, or by a synonym.
  func declaringRenames(to later: Contract) -> Contract {
    var contract = self
    for index in contract.columns.indices {
      let old = contract.columns[index]
      let heirs = later.columns.filter { new in
        new.name != old.name
          && ((old.id != nil && new.id == old.id) || new.synonyms.contains { ColumnName($0) == old.name })
      }
      contract.columns[index].synonyms += heirs.map(\.name.text)
    }
    return contract
  }
}

extension CatalogueTable {
  /// The target as a mapping says it is. Which of its keys are unique cannot be told from files.
  init(promisedBy mapping: Mapping) {
    self.init(
      name: mapping.target.table, isView: mapping.target.kind == .view,
      columns: mapping.columns.map { CatalogueColumn(name: $0.target, physicalType: $0.type) })
  }

  /// As it will be after `actions`. A view that is replaced shows what the mapping then says.
  func after(_ actions: [AlterAction], mapping: Mapping, dialect: Dialect) -> CatalogueTable {
    var table = self
    for action in actions {
      switch action {
      case .addColumn(let name, let type), .setType(let name, let type):
        table.columns.removeAll { $0.name == name }
        table.columns.append(CatalogueColumn(name: name, physicalType: dialect.typeName(type) ?? type.text))
      case .renameColumn(let from, let to):
        for index in table.columns.indices where table.columns[index].name == from {
          table.columns[index].name = to
        }
      case .dropColumn(let name): table.columns.removeAll { $0.name == name }
      case .replaceView: table.columns = CatalogueTable(promisedBy: mapping).columns
      case .copyColumn, .dropNotNull, .setNotNull, .commentColumn, .commentTable, .addPrimaryKey, .dropPrimaryKey,
        .renameTable, .dropView, .grant, .backfill:
        break
      }
    }
    return table
  }

  /// The target as a change relies on it: what files cannot tell is taken as it was reviewed.
  init?(reliedOnBy change: Change, mapping: Mapping?, dialect: Dialect) {
    guard let name = change.target else { return nil }
    let isView = mapping?.target.kind == .view
    let known = change.footprint.target.compactMap { name, type in
      type.map { CatalogueColumn(name: name, physicalType: dialect.typeName($0) ?? $0.text) }
    }
    self.init(
      name: name, isView: isView, columns: known.sorted { $0.name < $1.name },
      view: isView ? ViewFacts(grants: change.grants) : nil)
  }
}

/// Which of the loader's own columns a landed table may have. Files do not tell, and only the row rules of a mapping
/// depend on them.
let systemColumnCandidates: [[ColumnName]] = [
  ["_fivetran_deleted"], [], ["_fivetran_active"], ["_fivetran_active", "_fivetran_deleted"],
]
