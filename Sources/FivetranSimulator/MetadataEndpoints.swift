import DriftCore
import FoundationEssentials
import JSON

/// Connector types, and the deprecated endpoint with the types of columns: for connections that the scenario gives it,
/// 404 for all others.
extension Account {
  func metadata(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    if request.method != "GET" { return notAllowed }
    if parts.first == "connector-types" { return connectorTypes(request, Array(parts.dropFirst())) }
    guard parts.count == 3, parts[0] == "connectors" || parts[0] == "connections",
      let index = index(of: parts[1]), connections[index].traits.hasMetadata
    else { return noSuchPath }
    let config = connections[index].config
    switch parts[2] {
    case "schemas": return page(config.landedSchemas, request)
    case "tables": return page(config.landedTables, request)
    case "columns": return page(config.landedColumns, request)
    default: return noSuchPath
    }
  }

  /// Static facts of the connector types that the scenario has.
  private func connectorTypes(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    let types = Set(connections.map(\.service)).sorted().map { service -> JSONValue in
      [
        "id": .string(service), "name": .string(service), "type": "Database",
        "description": "", "icons": [], "link_to_docs": "https://fivetran.com/docs",
        "connector_class": "standard",
        "supported_features": [["id": "DATA_BLOCKING"], ["id": "COLUMN_HASHING"]],
      ]
    }
    guard let service = parts.first else { return page(types, request) }
    guard parts.count == 1, let found = types.first(where: { $0["id"]?.string == service }) else {
      return failure(404, "NotFound_ConnectorType", "no such connector type")
    }
    return success(found)
  }
}

extension SchemaConfig {
  /// Tables that are in the destination, each with its schema.
  private var landed: [(schema: Schema, table: Table)] {
    schemas.flatMap { schema in
      schema.tables.filter { $0.landed != nil }.map { (schema, $0) }
    }
  }

  fileprivate var landedSchemas: [JSONValue] {
    schemas.filter { $0.tables.contains { $0.landed != nil } }.map {
      [
        "id": .string(id($0.name.text)), "name_in_source": .string($0.name.text),
        "name_in_destination": .string($0.landedName),
      ]
    }
  }

  fileprivate var landedTables: [JSONValue] {
    landed.map { schema, table in
      [
        "id": .string(id(schema.name.text, table.name.text)), "parent_id": .string(id(schema.name.text)),
        "name_in_source": .string(table.name.text), "name_in_destination": .string(table.landedName),
      ]
    }
  }

  fileprivate var landedColumns: [JSONValue] {
    landed.flatMap { schema, table in
      table.columns.compactMap { column -> JSONValue? in
        guard let type = table.landed?.types[ColumnName(column.landedName)] else { return nil }
        return [
          "id": .string(id(schema.name.text, table.name.text, column.name.text)),
          "parent_id": .string(id(schema.name.text, table.name.text)),
          "name_in_source": .string(column.name.text), "name_in_destination": .string(column.landedName),
          "type_in_source": .string(camelCase(column.type)),
          "type_in_destination": .string(type.uppercased()),
          "is_primary_key": .bool(column.isPrimaryKey), "is_foreign_key": false,
        ]
      }
    }
  }

  /// Opaque, and without padding, as real ones are.
  private func id(_ path: String...) -> String {
    let text = Data(path.joined(separator: "\u{0}").utf8).base64EncodedString()
    return text.replacing("+", with: "-").replacing("/", with: "_").filter { $0 != "=" }
  }

  private func camelCase(_ type: String) -> String {
    switch type.prefix(while: { $0 != "(" }) {
    case "DECIMAL", "BIGDECIMAL": "BigDecimal"
    case "LOCALDATE": "LocalDate"
    case "LOCALDATETIME": "LocalDateTime"
    case "JSON": "Json"
    case let base: base.prefix(1) + base.dropFirst().lowercased()
    }
  }
}
