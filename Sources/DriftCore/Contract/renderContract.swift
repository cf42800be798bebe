/// Where a new contract's table lives: what its `servers` block says.
package struct ContractServer: Hashable, Sendable {
  package var name: String
  /// The dialect's id.
  package var type: String
  package var schema: String
  package var connectionID: String
  package var connectorType: String
  package var groupID: String

  package init(
    name: String, type: String, schema: String, connectionID: String, connectorType: String,
    groupID: String
  ) {
    self.name = name
    self.type = type
    self.schema = schema
    self.connectionID = connectionID
    self.connectorType = connectorType
    self.groupID = groupID
  }
}

/// The text of a new contract: ODCS v3.2.0.
///
/// The server is of type `custom`, because the standard wants host and port of a known type and Mooring keeps no address
/// in the repository.
///
/// - Parameter createdAt: left out where the same facts are to give the same text on every day.
package func renderContract(_ contract: Contract, server: ContractServer, createdAt: Timestamp? = nil) -> String {
  var lines = [
    "apiVersion: v3.2.0", "kind: DataContract", "id: \(yamlScalar(contract.id))",
    "version: \(yamlScalar(contract.version))", "status: \(yamlScalar(contract.status))",
    "servers:", "  - server: \(yamlScalar(server.name))", "    type: custom",
    "    schema: \(yamlScalar(contract.table.schema))", "    customProperties:",
    "      - {property: customType, value: \(yamlScalar(server.type))}",
    "      - {property: connectionId, value: \(yamlScalar(server.connectionID)), vendor: fivetran}",
  ]
  if !server.connectorType.isEmpty {
    lines.append(
      "      - {property: connectorType, value: \(yamlScalar(server.connectorType)), vendor: fivetran}")
  }
  lines += [
    "      - {property: destinationGroupId, value: \(yamlScalar(server.groupID)), vendor: fivetran}",
    "schema:", "  - id: tbl_\(slug(contract.table.name))", "    name: \(yamlScalar(contract.table.name))",
    "    physicalName: \(yamlScalar(contract.table.name))",
    "    physicalType: \(contract.isView ? "view" : "table")",
    "    logicalType: object",
  ]
  if let description = contract.description {
    lines.append("    description: \(yamlScalar(description))")
  }
  if contract.isDeprecated { lines.append("    deprecated: true") }
  var properties: [String] = []
  if let source = contract.source {
    properties.append(customLine(.sourceSchema, yamlScalar(source.schema)))
    properties.append(customLine(.sourceTable, yamlScalar(source.name)))
  }
  if let isEnabled = contract.isEnabled { properties.append(customLine(.enabled, "\(isEnabled)")) }
  if let mode = contract.syncMode { properties.append(customLine(.syncMode, mode.rawValue)) }
  if !properties.isEmpty {
    lines.append("    customProperties:")
    lines += properties.map { "      - \($0)" }
  }
  lines.append(contract.columns.isEmpty ? "    properties: []" : "    properties:")
  for column in contract.columns {
    for (index, line) in columnLines(column, in: .latest).enumerated() {
      lines.append((index == 0 ? "      - " : "        ") + line)
    }
  }
  if !contract.policy.isEmpty {
    lines += [
      "customProperties:", "  - property: driftPolicy", "    value:",
    ]
    for (rule, policy) in contract.policy.sorted(by: { $0.key < $1.key }) {
      lines.append("      \(yamlScalar(rule)): \(policy.rawValue)")
    }
    lines.append("    vendor: mooring")
  }
  if let createdAt {
    lines.append("contractCreatedTs: \(yamlScalar(Timestamp(microseconds: createdAt.seconds * 1_000_000).description))")
  }
  return lines.joined(separator: "\n") + "\n"
}

/// One column as block lines, the first without its dash, in the words of the file's version of the standard.
func columnLines(_ column: ContractColumn, in standard: ODCSVersion) -> [String] {
  let column = column.said(in: standard)
  var lines: [String] = []
  if let id = column.id { lines.append("id: \(yamlScalar(id))") }
  lines.append("name: \(yamlScalar(column.name.text))")
  if let type = column.logicalType { lines.append("logicalType: \(yamlScalar(type))") }
  if let type = column.physicalType { lines.append("physicalType: \(yamlScalar(type))") }
  if let description = column.description { lines.append("description: \(yamlScalar(description))") }
  if column.isRequired { lines.append("required: true") }
  if column.isUnique { lines.append("unique: true") }
  if column.isPrimaryKey { lines.append("primaryKey: true") }
  if let position = column.primaryKeyPosition { lines.append("primaryKeyPosition: \(position)") }
  if column.isDeprecated, standard.hasVendors { lines.append("deprecated: true") }
  if let classification = column.classification {
    lines.append("classification: \(yamlScalar(classification))")
  }
  if !column.tags.isEmpty { lines.append("tags: \(yamlList(column.tags))") }
  if !column.synonyms.isEmpty, standard.hasVendors {
    lines.append("synonyms:")
    lines += column.synonyms.map {
      "  - {synonym: \(yamlScalar($0)), source: rename, status: deprecated}"
    }
  }
  var properties: [String] = []
  if let source = column.sourceColumn {
    properties.append(customLine(.sourceColumn, yamlScalar(source), in: standard))
  }
  if let isEnabled = column.isEnabled {
    properties.append(customLine(.enabled, "\(isEnabled)", in: standard))
  }
  if let isHashed = column.isHashed {
    properties.append(customLine(.hashed, "\(isHashed)", in: standard))
  }
  if !standard.hasVendors {
    if column.isDeprecated { properties.append(customLine(.deprecated, "true", in: standard)) }
    if !column.synonyms.isEmpty { properties.append(customLine(.synonyms, yamlList(column.synonyms), in: standard)) }
  }
  if !column.policy.isEmpty {
    let kinds = column.policy.sorted { $0.key < $1.key }.map { "\(yamlScalar($0.key)): \($0.value.rawValue)" }
    properties.append(customLine(.driftPolicy, "{\(kinds.joined(separator: ", "))}", in: standard))
  }
  if !properties.isEmpty {
    lines.append("customProperties:")
    lines += properties.map { "  - \($0)" }
  }
  return lines
}

/// One custom property as a flow mapping.
func customLine(_ property: CustomProperty, _ value: String, in standard: ODCSVersion = .latest) -> String {
  standard.hasVendors
    ? "{property: \(property.name), value: \(value), vendor: \(property.vendor)}"
    : "{property: \(property.prefixed), value: \(value)}"
}
