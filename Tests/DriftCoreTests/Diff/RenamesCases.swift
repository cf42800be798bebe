import DriftCore

/// Removed or added columns from short texts: `name` is text that may be NULL, `name:LONG!` a long that may not.
func subjects(_ columns: [String]) -> [RenameSubject] {
  columns.map { text in
    let isRequired = text.hasSuffix("!")
    let parts = (isRequired ? String(text.dropLast()) : text).split(separator: ":").map(String.init)
    return RenameSubject(
      name: ColumnName(parts[0]), type: ColumnType(fivetran: parts.count > 1 ? parts[1] : "STRING"),
      isNullable: !isRequired)
  }
}

/// `from>to` for each pair, `from>to?` where it is only a candidate, sorted.
func renamesFound(
  _ removed: [String], _ added: [String], table: String = "orders", tableAfter: String? = nil
) -> [String] {
  let (old, new) = (subjects(removed), subjects(added))
  return detectRenames(
    removed: old, added: new, setting: RenameSetting(tableBefore: table, tableAfter: tableAfter ?? table)
  )
  .map { "\(old[$0.removed].name)>\(new[$0.added].name)" + ($0.tier == .candidate ? "?" : "") }
  .sorted()
}
