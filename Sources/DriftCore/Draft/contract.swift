/// The contract that promises what a table lands now.
package func contract(promising table: ObservedTable, connection: ConnectionName) -> Contract {
  Contract(
    id: "\(slug(connection.text))-\(slug(table.name.schema))-\(slug(table.name.name))",
    version: "1.0.0", table: table.name, isView: table.isView ?? false, source: table.source,
    syncMode: table.syncMode, isEnabled: table.isEnabled, columns: promisedColumns(of: table))
}

private func promisedColumns(of table: ObservedTable) -> [ContractColumn] {
  let columns = table.columns.filter { $0.landed == .present && $0.inSource != .absent }
  let key = table.primaryKey ?? columns.filter { $0.isPrimaryKey == true }.map(\.name)
  return columns.map { column in
    var promise = promise(of: column, in: table)
    promise.primaryKeyPosition = promise.isPrimaryKey ? key.firstIndex(of: column.name).map { $0 + 1 } : nil
    return promise
  }
}

/// The promise of one observed column; its place in the key is told by the whole table.
func promise(of column: ObservedColumn, in table: ObservedTable) -> ContractColumn {
  ContractColumn(
    id: "col_\(slug(column.name.text))", name: column.name, physicalType: column.physicalType,
    logicalType: column.type.flatMap(logicalType), isRequired: column.isNullable == false,
    isUnique: column.isPrimaryKey != true && table.uniqueKeys.contains([column.name]),
    isPrimaryKey: column.isPrimaryKey ?? false,
    sourceColumn: column.sourceName ?? column.name.text,
    isEnabled: column.isEnabled == false ? false : nil,
    isHashed: column.isHashed == true ? true : nil)
}

extension DraftContext {
  /// The promise of a column that is new in the contract. Where people said no to another key, it is no part of one.
  func promise(of column: ObservedColumn) -> ContractColumn {
    var promise = DriftCore.promise(of: column, in: landed)
    let keepsKey = refused.leftOut.contains { if case .primaryKeyChanged = $0.change { true } else { false } }
    if keepsKey { promise.isPrimaryKey = false }
    return promise
  }
}

/// ODCS has no word for JSON, binary and what Mooring does not know.
func logicalType(of type: ColumnType) -> String? {
  switch type {
  case .boolean: "boolean"
  case .integer: "integer"
  case .decimal, .float: "number"
  case .date: "date"
  case .time: "time"
  case .timestamp: "timestamp"
  case .text, .character, .uuid, .xml: "string"
  case .array: "array"
  case .map, .structure: "object"
  case .json, .binary, .vector, .unrecognized: nil
  }
}

/// The mapping of a whole landed table onto a target of the same shape. A column whose name or type cannot be added by
/// Mooring is left out: a person names it.
package func mapping(
  of table: ObservedTable, connection: ConnectionName, onto target: Target, dialect: Dialect
) -> Mapping {
  Mapping(
    connection: connection, source: table.name, target: target,
    columns: table.columns.compactMap { column in
      guard column.landed == .present, column.inSource != .absent, let type = column.type,
        let name = dialect.typeName(type), dialect.canAdd(column.name)
      else { return nil }
      return MappingColumn(
        sources: [column.name], target: column.name, type: name,
        isKey: column.isPrimaryKey ?? false)
    })
}
