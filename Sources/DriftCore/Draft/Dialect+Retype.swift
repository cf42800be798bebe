extension Dialect {
  /// The actions that give a column of a table another type without losing a value: none where the warehouse stores both
  /// alike, one where it changes the type in place, else a new column, a copy and two renames that leave the old column.
  /// Nil where a person chooses, or where the steps need a name that Mooring does not give or that is taken.
  package func retype(
    _ name: ColumnName, from: ColumnType, to: ColumnType, taken: [ColumnName]
  ) -> [AlterAction]? {
    switch change(from: from, to: to) {
    case .same: return []
    case .inPlace: return [.setType(name, to)]
    case .needsPerson, .unknown: return nil
    case .addCopySwap:
      let (new, old) = (suffixed(name, "__new"), suffixed(name, "__old"))
      guard canAdd(name), canAdd(new), canAdd(old), !taken.contains(new), !taken.contains(old) else { return nil }
      return [
        .addColumn(new, to), .copyColumn(from: name, from, to: new, to), .renameColumn(from: name, to: old),
        .renameColumn(from: new, to: name),
      ]
    }
  }

  private func suffixed(_ name: ColumnName, _ suffix: String) -> ColumnName {
    ColumnName(name.text + (lexicon.folding == .upper ? suffix.uppercased() : suffix))
  }
}
