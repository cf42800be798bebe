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
      note(change, "merging this promises \(mode.rawValue); to keep the old way, set it back in Fivetran before the next sync")
      noteRows(change, mode, in: context)
    case .primaryKeyChanged(let from, let to):
      contractEdits += from.filter { !to.contains($0) }.map { .setPrimaryKey($0, position: nil) }
      // A position is given to one column at a time: first those that nothing has yet.
      contractEdits += to.enumerated().map { .setPrimaryKey($0.element, position: $0.offset + 1) }
      noteKey(change, to, in: context)
    default: break
    }
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
    guard let mapping = context.files.mapping, mapping.target.kind == .table else { return }
    let mapped = mapping.columns.filter(\.isKey).flatMap(\.sources)
    if Set(mapped) == Set(key) { return }
    note(change, "mapping.yaml merges rows by \(listed(mapped)): let it name the new key, or rows repeat in \(mapping.target.table)")
  }
}
