extension YAMLDecoder {
  /// The contract of one table; what stands at the root is left to the caller. A name that is not written, which is an
  /// error, is empty.
  mutating func table(_ node: YAMLNode, in root: YAMLNode) -> Contract? {
    guard node.entries != nil else { return nil }
    let properties = customProperties(of: node)
    let schema = schemaName(servers: root.value("servers")?.items ?? [], properties: properties, table: node)
    let columns = self.columns(of: node)
    let name = nameInDestination(of: node)
    let contract = Contract(
      id: "", version: "", table: TableName(schema: schema ?? "", name: name ?? ""),
      isView: node.value("physicalType")?.text?.lowercased().contains("view") ?? false, source: source(properties),
      syncMode: syncMode(properties), isEnabled: customBoolean(.enabled, in: properties),
      isDeprecated: isDeprecated(node, properties), description: node.value("description")?.text,
      columns: columns.filter(\.isPhysical).map(\.value))
    return referring(contract, in: root, table: node, columns: columns)
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

  private mutating func source(_ properties: CustomProperties) -> SourceTable? {
    let schema = customText(.sourceSchema, in: properties)
    let table = customText(.sourceTable, in: properties)
    if let schema, let table { return SourceTable(schema: schema, name: table) }
    if let half = properties[.sourceSchema] ?? properties[.sourceTable] {
      error(half, "sourceSchema and sourceTable belong together", hint: "write both or neither")
    }
    return nil
  }

  private mutating func syncMode(_ properties: CustomProperties) -> SyncMode? {
    guard let node = properties[.syncMode], let text = customText(.syncMode, in: properties) else { return nil }
    return choice(text, at: node, key: "syncMode")
  }

  /// The key of v3.2.0, or the custom property that stands for it before.
  mutating func isDeprecated(_ node: YAMLNode, _ properties: CustomProperties) -> Bool {
    node.value("deprecated")?.boolean ?? customBoolean(.deprecated, in: properties) ?? false
  }
}
