/// Facts of a column that a file says twice, and what an edit of the one makes of the other.

/// The options that change with the physical type; a nil value takes one away. Only what was the old type's own word: a
/// `maxLength` of 20 below `VARCHAR(18)` is somebody's.
func changedOptions(of column: YAMLNode, to physicalType: String) -> [(key: String, value: String?)] {
  guard let options = column.value("logicalTypeOptions")?.entries else { return [] }
  let before = column.value("physicalType")?.text.map(impliedOptions) ?? [:]
  let after = impliedOptions(of: physicalType)
  return options.compactMap { option in
    guard let old = before[option.name], option.value.text == old, after[option.name] != old else { return nil }
    return (option.name, after[option.name])
  }
}

/// The last option goes with the key that holds it.
func setOption(
  _ key: String, _ value: String?, of name: ColumnName, _ text: inout EditableText
) throws(EditRefusal) {
  let node = try column(name, in: tableAgain(text), text)
  guard let options = node["logicalTypeOptions"], let count = options.entries?.count else { return }
  if let value {
    try text.set(key, value, in: options)
  } else if count > 1 {
    try text.remove(key, from: options)
  } else {
    try text.remove("logicalTypeOptions", from: node)
  }
}

/// Lets the source path that ends in the old name of the source's column end in the new one.
func setSourceObject(
  _ value: String, of column: YAMLNode, _ table: YAMLNode, _ text: inout EditableText
) throws(EditRefusal) {
  let properties = CustomProperties(of: table)
  guard let schema = properties[.sourceSchema]?.text, let name = properties[.sourceTable]?.text,
    let old = CustomProperties(of: column)[.sourceColumn]?.text, old != value,
    let path = column["transformSourceObjects"]?.items?.first(where: { $0.text == "\(schema).\(name).\(old)" })
  else { return }
  try text.replace(path, withText: "\(schema).\(name).\(value)")
}
