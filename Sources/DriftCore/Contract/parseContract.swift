/// Reads an ODCS file of version 3.0.x, 3.1.0 or 3.2.0 that holds one table.
///
/// The value holds the part that Mooring knows; the rest of the file is only checked where the standard closes a list of
/// keys. Nil where any error was found. Reading physical types is the dialect's business.
package func parseContract(_ bytes: [UInt8], path: String) -> (Contract?, [Diagnostic]) {
  let (root, diagnostics) = readYAML(bytes, path: path)
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  guard let root else { return (nil, decoder.diagnostics) }
  let contract = decoder.contract(root)
  return (decoder.hasErrors ? nil : contract, decoder.diagnostics)
}

/// The standard's closed lists of keys, and the words we know in them.
enum ODCS {
  static let root = [
    "version", "kind", "apiVersion", "id", "name", "tenant", "tags", "status", "servers",
    "dataProduct", "description", "domain", "context", "schema", "support", "price", "team",
    "roles", "slaDefaultElement", "slaProperties", "authoritativeDefinitions",
    "customProperties", "contractCreatedTs",
  ]
  static let table = [
    "id", "name", "physicalName", "physicalType", "logicalType", "businessName", "description",
    "dataGranularityDescription", "deprecated", "synonyms", "tags", "properties",
    "relationships", "quality", "context", "authoritativeDefinitions", "customProperties",
  ]
  static let column = [
    "id", "name", "physicalName", "physicalType", "logicalType", "logicalTypeOptions",
    "required", "unique", "primaryKey", "primaryKeyPosition", "businessName", "description",
    "deprecated", "synonyms", "tags", "customProperties", "classification", "encryptedName",
    "criticalDataElement", "partitioned", "partitionKeyPosition", "transformSourceObjects",
    "transformLogic", "transformDescription", "semanticType", "examples", "enum",
    "relationships", "quality", "authoritativeDefinitions", "properties", "items", "map",
  ]
  static let versions = ["v3.2.0", "v3.1.0", "v3.0.2", "v3.0.1", "v3.0.0"]

  enum LogicalType: String, CaseIterable {
    case string, date, timestamp, time, number, integer, object, array, boolean, map, vector
  }

  /// The pattern of the standard's stable ids.
  static func isStableID(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        !scalar.properties.isWhitespace && !".#/\\@!%&^".unicodeScalars.contains(scalar)
      }
  }
}

/// One custom property of ours: since 3.2.0 with a vendor, before that with the vendor before the name.
struct CustomProperty {
  var vendor: String
  var name: String

  var prefixed: String { vendor + name.prefix(1).uppercased() + name.dropFirst() }

  static let sourceSchema = CustomProperty(vendor: "fivetran", name: "sourceSchema")
  static let sourceTable = CustomProperty(vendor: "fivetran", name: "sourceTable")
  static let sourceColumn = CustomProperty(vendor: "fivetran", name: "sourceColumn")
  static let syncMode = CustomProperty(vendor: "fivetran", name: "syncMode")
  static let enabled = CustomProperty(vendor: "fivetran", name: "enabled")
  static let hashed = CustomProperty(vendor: "fivetran", name: "hashed")
  static let driftPolicy = CustomProperty(vendor: "mooring", name: "driftPolicy")
  /// The landed table's schema, where the server does not name it.
  static let schema = CustomProperty(vendor: "mooring", name: "schema")
}

/// The custom properties of one object.
struct CustomProperties {
  /// One property's own mapping, with its value.
  var items: [(name: String, vendor: String?, node: YAMLNode, value: YAMLNode)] = []

  func item(_ property: CustomProperty) -> (node: YAMLNode, value: YAMLNode)? {
    for item in items {
      if item.name == property.name, item.vendor == property.vendor {
        return (item.node, item.value)
      }
      if item.vendor == nil, item.name == property.prefixed { return (item.node, item.value) }
    }
    return nil
  }

  subscript(property: CustomProperty) -> YAMLNode? { item(property)?.value }
}

extension YAMLDecoder {
  mutating func contract(_ root: YAMLNode) -> Contract? {
    guard let fields = self.fields(root, of: "the contract", known: ODCS.root) else { return nil }
    header(fields)
    if let description = fields["description"], description.entries == nil {
      error(
        description, "the contract's description is \(description.kind), not a mapping",
        hint: "write \"purpose:\" below it")
    }
    let properties = customProperties(in: fields)
    let policy = policies(properties[.driftPolicy], of: "\"driftPolicy\"")
    let id = requiredText("id", in: fields)
    let version = requiredText("version", in: fields)
    let status = optionalText("status", in: fields) ?? "active"
    guard let node = required("schema", in: fields) else { return nil }
    let tables = items("schema", in: fields)
    guard tables.count == 1 else {
      if node.items != nil {
        error(
          tables.count > 1 ? tables[1] : node, "\(tables.count) tables in one contract",
          hint: "keep one table a file")
      }
      return nil
    }
    guard
      var contract = self.table(tables[0], servers: items("servers", in: fields))
    else { return nil }
    contract.id = id ?? ""
    contract.version = version ?? ""
    contract.status = status
    contract.policy = policy
    contract.references = contractReferences(in: root)
    return contract
  }

  private mutating func header(_ fields: YAMLFields) {
    if let kind = requiredText("kind", in: fields), kind != "DataContract" {
      error(fields["kind"] ?? fields.node, "unknown kind \"\(kind)\"", hint: "write DataContract")
    }
    if let version = requiredText("apiVersion", in: fields), !ODCS.versions.contains(version) {
      error(
        fields["apiVersion"] ?? fields.node, "apiVersion \"\(version)\" is not read",
        hint: "one of: \(ODCS.versions.joined(separator: ", "))")
    }
  }

  /// The contract of one table; what stands at the root is left to the caller.
  private mutating func table(_ node: YAMLNode, servers: [YAMLNode]) -> Contract? {
    guard let fields = self.fields(node, of: "the table", known: ODCS.table) else { return nil }
    let name = requiredText("name", in: fields)
    stableID(fields)
    if let type = optionalText("logicalType", in: fields), type != "object", type != "blob" {
      error(
        fields["logicalType"] ?? node, "unknown logicalType \"\(type)\" of a table",
        hint: "write object")
    }
    let properties = customProperties(in: fields)
    let schema = schemaName(servers: servers, properties: properties, table: node)
    let columns = self.columns(fields)
    _ = texts("tags", in: fields)
    _ = synonyms(fields)
    guard let name, let schema else { return nil }
    let physicalName = optionalText("physicalName", in: fields) ?? name
    relationships(items("relationships", in: fields), table: fields, columns: columns)
    for column in columns {
      relationships(items("relationships", in: column.fields), table: fields, columns: columns)
    }
    var source: SourceTable?
    let sourceSchema = customText(.sourceSchema, in: properties)
    let sourceTable = customText(.sourceTable, in: properties)
    if let sourceSchema, let sourceTable {
      source = SourceTable(schema: sourceSchema, name: sourceTable)
    } else if let half = properties[.sourceSchema] ?? properties[.sourceTable] {
      error(half, "sourceSchema and sourceTable belong together", hint: "write both or neither")
    }
    var syncMode: SyncMode?
    if let node = properties[.syncMode], let text = customText(.syncMode, in: properties) {
      syncMode = choice(text, at: node, key: "syncMode")
    }
    return Contract(
      id: "", version: "", table: TableName(schema: schema, name: physicalName),
      isView: optionalText("physicalType", in: fields)?.lowercased().contains("view") ?? false, source: source,
      syncMode: syncMode, isEnabled: customBoolean(.enabled, in: properties),
      isDeprecated: boolean("deprecated", in: fields) ?? false,
      description: optionalText("description", in: fields), columns: columns.map(\.value))
  }

  /// The table's own property; else the first server's schema (BigQuery: dataset).
  private mutating func schemaName(
    servers: [YAMLNode], properties: CustomProperties, table: YAMLNode
  ) -> String? {
    if let schema = customText(.schema, in: properties), !schema.isEmpty { return schema }
    if let schema = servers.first.flatMap({ $0["schema"] ?? $0["dataset"] }), !schema.isEmpty {
      return text(schema, "the server's schema")
    }
    error(
      table, "the table's schema in the destination is not written anywhere",
      hint: "add a server with \"schema:\"")
    return nil
  }

  /// A column with what the checks across columns need.
  private struct DecodedColumn {
    var value: ContractColumn
    var contractName: String
    var fields: YAMLFields
  }

  private mutating func columns(_ table: YAMLFields) -> [DecodedColumn] {
    var columns: [DecodedColumn] = []
    var names: Set<ColumnName> = []
    var contractNames: Set<ColumnName> = []
    var ids: Set<ColumnName> = []
    var positions: [Int: ColumnName] = [:]
    for node in items("properties", in: table) {
      guard let column = self.column(node) else { continue }
      let name = column.value.name
      let isNew = names.insert(name).inserted
      if !contractNames.insert(ColumnName(column.contractName)).inserted || !isNew {
        error(node, "a second column \"\(name)\"", hint: "column names are unique in a table")
      }
      if let id = column.value.id, !ids.insert(ColumnName(id)).inserted {
        error(
          column.fields["id"] ?? node, "a second column with the id \"\(id)\"",
          hint: "an id names one column for good")
      }
      if let position = column.value.primaryKeyPosition {
        if let other = positions.updateValue(name, forKey: position) {
          error(
            column.fields["primaryKeyPosition"] ?? node,
            "columns \"\(other)\" and \"\(name)\" share primaryKeyPosition \(position)")
        }
      }
      columns.append(column)
    }
    return columns
  }

  private mutating func column(_ node: YAMLNode) -> DecodedColumn? {
    guard let fields = self.fields(node, of: "a column", known: ODCS.column),
      let name = requiredText("name", in: fields)
    else { return nil }
    warnWhereReadersDiffer(fields["name"])
    warnWhereReadersDiffer(fields["physicalName"])
    let physicalName = optionalText("physicalName", in: fields) ?? name
    var column = ContractColumn(name: ColumnName(physicalName))
    column.id = stableID(fields)
    column.physicalType = optionalText("physicalType", in: fields)
    column.logicalType = optionalText("logicalType", in: fields)
    column.isRequired = boolean("required", in: fields) ?? false
    column.isUnique = boolean("unique", in: fields) ?? false
    primaryKey(of: &column, fields)
    column.isDeprecated = boolean("deprecated", in: fields) ?? false
    column.classification = optionalText("classification", in: fields)
    column.description = optionalText("description", in: fields)
    column.tags = texts("tags", in: fields)
    column.synonyms = synonyms(fields)
    checkTypes(of: column, fields)
    nested(fields)
    let properties = customProperties(in: fields)
    column.sourceColumn = customText(.sourceColumn, in: properties)
    column.isEnabled = customBoolean(.enabled, in: properties)
    column.isHashed = customBoolean(.hashed, in: properties)
    column.policy = policies(properties[.driftPolicy], of: "\"driftPolicy\" of column \"\(name)\"")
    return DecodedColumn(value: column, contractName: name, fields: fields)
  }

  private mutating func primaryKey(of column: inout ContractColumn, _ fields: YAMLFields) {
    column.isPrimaryKey = boolean("primaryKey", in: fields) ?? false
    guard let position = integer("primaryKeyPosition", in: fields), position != -1,
      let node = fields["primaryKeyPosition"]
    else { return }
    if position < 1 {
      error(node, "primaryKeyPosition is \(position)", hint: "count from 1")
    } else if !column.isPrimaryKey {
      error(
        node, "primaryKeyPosition without primaryKey", hint: "add \"primaryKey: true\"")
    } else {
      column.primaryKeyPosition = position
    }
  }

  private mutating func checkTypes(of column: ContractColumn, _ fields: YAMLFields) {
    guard let node = fields["logicalType"], let text = column.logicalType else {
      if let options = fields["logicalTypeOptions"] {
        error(
          options, "logicalTypeOptions without logicalType", hint: "write both or neither")
      }
      return
    }
    guard let logical: ODCS.LogicalType = choice(text, at: node, key: "logicalType") else { return }
    guard let physical = column.physicalType, let family = familyOf(physical),
      !family.contains(logical)
    else { return }
    warn(
      node, "logicalType \"\(text)\" contradicts physicalType \"\(physical)\"",
      hint: "the physical type counts; write \"\(family[0].rawValue)\"")
  }

  /// Fields of structs, elements of arrays and maps: known keys only. Their types are part of the column's own.
  private mutating func nested(_ fields: YAMLFields) {
    for node in items("properties", in: fields) {
      guard let inner = self.fields(node, of: "a field", known: ODCS.column) else { continue }
      _ = requiredText("name", in: inner)
      nested(inner)
    }
    if let node = fields["items"],
      let inner = self.fields(node, of: "\"items\"", known: ODCS.column)
    {
      nested(inner)
    }
    guard let map = fields["map"],
      let parts = self.fields(map, of: "\"map\"", known: ["key", "value"])
    else { return }
    for key in ["key", "value"] {
      guard let node = required(key, in: parts),
        let inner = self.fields(node, of: "\"\(key)\"", known: ODCS.column)
      else { continue }
      nested(inner)
    }
  }

  private mutating func synonyms(_ fields: YAMLFields) -> [String] {
    let known = ["synonym", "id", "description", "locale", "source", "status", "customProperties"]
    return items("synonyms", in: fields).compactMap { node in
      self.fields(node, of: "a synonym", known: known).flatMap { requiredText("synonym", in: $0) }
    }
  }

  @discardableResult
  private mutating func stableID(_ fields: YAMLFields) -> String? {
    guard let id = optionalText("id", in: fields) else { return nil }
    if !ODCS.isStableID(id) {
      error(
        fields["id"] ?? fields.node, "the id \"\(id)\" holds a character that ids cannot have",
        hint: "leave out blanks and . # / \\ @ ! % & ^")
    }
    return id
  }

  private mutating func warnWhereReadersDiffer(_ node: YAMLNode?) {
    guard let node, case .scalar(let text, .plain) = node.content, isAmbiguous(text) else { return }
    warn(
      node, "other readers take \(text) for something else than a text",
      hint: "put it in quotes")
  }

  /// References to this table's own columns must find them; other tables are in other files.
  private mutating func relationships(
    _ nodes: [YAMLNode], table: YAMLFields, columns: [DecodedColumn]
  ) {
    for node in nodes {
      for end in ["from", "to"] {
        guard let value = node[end] else { continue }
        for reference in value.items ?? [value] {
          guard let text = reference.text else { continue }
          let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
          let path = text.split(separator: "/").map(String.init)
          let isFound: Bool
          if parts.count == 2, parts[0] == table["name"]?.text {
            isFound = columns.contains { $0.contractName == parts[1] }
          } else if path.count == 4, path[0] == "schema", path[1] == table["id"]?.text {
            isFound = columns.contains { $0.value.id == path[3] }
          } else {
            isFound = true
          }
          if !isFound {
            error(reference, "the relationship to \"\(text)\" points nowhere")
          }
        }
      }
    }
  }

  // MARK: Custom properties

  private mutating func customProperties(in fields: YAMLFields) -> CustomProperties {
    var properties = CustomProperties()
    let known = ["property", "value", "id", "description", "vendor"]
    for node in items("customProperties", in: fields) {
      guard let item = self.fields(node, of: "a custom property", known: known),
        let name = requiredText("property", in: item)
      else { continue }
      // A value may be an empty text or null, which is nobody's setting but a legal property.
      guard let value = node["value"] else {
        error(node, "the custom property \"\(name)\" lacks \"value\"", hint: "add \"value:\"")
        continue
      }
      let vendor = optionalText("vendor", in: item)
      if properties.items.contains(where: { $0.name == name && $0.vendor == vendor }) {
        error(node, "a second custom property \"\(name)\"")
      }
      properties.items.append((name, vendor, node, value))
    }
    return properties
  }

  private mutating func customText(_ property: CustomProperty, in properties: CustomProperties)
    -> String?
  {
    guard let node = properties[property], !node.isEmpty else { return nil }
    return text(node, "\"\(property.name)\"")
  }

  private mutating func customBoolean(_ property: CustomProperty, in properties: CustomProperties)
    -> Bool?
  {
    guard let node = properties[property] else { return nil }
    switch node.content {
    case .scalar("true", .plain): return true
    case .scalar("false", .plain): return false
    default:
      error(node, "\"\(property.name)\" is \(node.shown), not true or false")
      return nil
    }
  }
}

/// The logical types that fit a physical one, best first; nil where the spelling alone does not tell.
private func familyOf(_ physicalType: String) -> [ODCS.LogicalType]? {
  let word = physicalType.prefix { $0 != "(" && $0 != " " && $0 != "_" }.lowercased()
  return families[word]
}

private let families: [String: [ODCS.LogicalType]] = [
  "varchar": [.string], "char": [.string], "text": [.string], "string": [.string],
  "boolean": [.boolean], "bool": [.boolean],
  "smallint": [.integer, .number], "integer": [.integer, .number], "int": [.integer, .number],
  "bigint": [.integer, .number], "int64": [.integer, .number],
  "numeric": [.number, .integer], "decimal": [.number, .integer], "number": [.number, .integer],
  "real": [.number], "double": [.number], "float": [.number], "float64": [.number],
  "date": [.date], "timestamp": [.timestamp], "timestamptz": [.timestamp],
  "datetime": [.timestamp], "uuid": [.string],
]
