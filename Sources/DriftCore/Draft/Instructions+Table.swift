extension Instructions {
  /// Promises what the table is now. What it was is brought back in Fivetran or at the source, by closing the proposal.
  mutating func follow(_ change: ClassifiedChange, in context: DraftContext) {
    switch change.change {
    case .tableDisabled:
      contractEdits.append(.setTableEnabled(false))
      note(change, "merging this promises that it is off; to have it synced, switch it on in Fivetran")
    case .tableEnabled:
      contractEdits.append(.setTableEnabled(true))
    case .tableKindChanged(_, let isView):
      contractEdits.append(.setTableKind(isView: isView))
    case .syncModeChanged(_, _, let mode):
      contractEdits.append(.setSyncMode(mode))
      note(
        change,
        "merging this promises \(mode.rawValue); to keep the old way, set it back in Fivetran before the next sync")
      noteRows(change, mode, in: context)
    case .primaryKeyChanged(_, let to):
      key = to
      noteKey(change, to, in: context)
    default: break
    }
  }

  /// After everything else: a column of the new key may be one that is only promised now.
  mutating func writeKey(in context: DraftContext) {
    guard let key, let contract = context.files.contract?.applying(contractEdits) else { return }
    let known = Set(contract.columns.map(\.name))
    contractEdits += contract.columns.filter { $0.isPrimaryKey && !key.contains($0.name) }
      .map { .setPrimaryKey($0.name, position: nil) }
    contractEdits += key.enumerated().filter { known.contains($0.element) }
      .map { .setPrimaryKey($0.element, position: $0.offset + 1) }
  }

  private mutating func noteRows(_ change: ClassifiedChange, _ mode: SyncMode, in context: DraftContext) {
    guard let mapping = context.files.mapping, mapping.target.kind != .none else { return }
    let rows = mapping.rows
    switch mode {
    case .history where rows.history == .all:
      note(change, "rows.history is all: \(mapping.target.table) then has several rows a key")
    case .softDelete where rows.deleted == .include:
      note(change, "rows.deleted is include: \(mapping.target.table) then shows deleted rows")
    case .history, .softDelete, .live: break
    }
  }

  private mutating func noteKey(_ change: ClassifiedChange, _ key: [ColumnName], in context: DraftContext) {
    let isPromised = { (name: ColumnName) in
      context.files.contract?.columns.contains { $0.name == name } ?? false
        || context.landed.columns.contains { $0.name == name && $0.inSource != .absent }
    }
    let unknown = key.filter { !isPromised($0) }
    if !unknown.isEmpty { note(change, "\(listed(unknown)) is not in the contract: promise it there first") }
    guard let mapping = context.files.mapping, mapping.target.kind == .table else { return }
    let mapped = mapping.columns.filter(\.isKey).flatMap(\.sources)
    if Set(mapped) == Set(key) { return }
    note(
      change,
      "mapping.yaml merges rows by \(listed(mapped)): let it name the new key, or rows repeat in \(mapping.target.table)"
    )
  }
}
