/// The text of a `mapping.yaml`.
package func renderMapping(_ mapping: Mapping) -> String {
  var lines = [
    "version: 1",
    "source: {connection: \(yamlScalar(mapping.connection.text)), table: \(mapping.source.yaml.inline)}",
  ]
  var target = "target: {table: \(mapping.target.table.yaml.inline), kind: \(mapping.target.kind.rawValue)"
  target += ", fed_by: \(yamlScalar(mapping.target.fedBy))"
  if let owner = mapping.target.owner { target += ", owner: \(yamlScalar(owner))" }
  lines.append(target + "}")
  lines.append(
    "rows: {deleted: \(mapping.rows.deleted.rawValue), history: \(mapping.rows.history.rawValue)}")
  if mapping.columns.isEmpty {
    lines.append("columns: []")
  } else {
    lines.append("columns:")
    lines += mapping.columns.map { "  - \(mappingLine($0))" }
  }
  return lines.joined(separator: "\n") + "\n"
}

/// One column as a flow mapping.
func mappingLine(_ column: MappingColumn) -> String {
  var parts = [
    "source: \(sourcesText(column.sources))", "target: \(yamlScalar(column.target.text))",
    "type: \(yamlScalar(column.type))",
  ]
  if column.conversion != .none { parts.append("convert: \(column.conversion.yaml)") }
  if column.isKey { parts.append("key: true") }
  return "{\(parts.joined(separator: ", "))}"
}

/// One name, or a list of several.
func sourcesText(_ sources: [ColumnName]) -> String {
  sources.count == 1 ? yamlScalar(sources[0].text) : yamlList(sources.map(\.text))
}

extension Conversion {
  /// As `convert` spells it.
  var yaml: String {
    if case .jsonField(let name) = self { return "{json_field: \(yamlScalar(name))}" }
    return Self.words.first { $0.conversion == self }?.word ?? "none"
  }
}
