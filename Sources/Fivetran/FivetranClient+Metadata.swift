package import DriftCore

extension FivetranClient {
  /// Of one list. What it would cut off cannot be told from what is not there, so a full list counts as too long.
  static let metadataLimit = 10_000

  package func landedTypes(
    of connection: ConnectionID
  ) async throws -> [TableName: [ColumnName: String]]? {
    guard let schemas = try await metadata("schemas", of: connection),
      let tables = try await metadata("tables", of: connection),
      let columns = try await metadata("columns", of: connection)
    else { return nil }
    let schemaNames = Dictionary(
      schemas.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    var tableNames: [String: TableName] = [:]
    for table in tables {
      guard let schema = table.parentID.flatMap({ schemaNames[$0] }) else { continue }
      tableNames[table.id] = TableName(schema: schema, name: table.name)
    }
    var types: [TableName: [ColumnName: String]] = [:]
    for column in columns {
      guard let table = column.parentID.flatMap({ tableNames[$0] }), let type = column.type else {
        continue
      }
      types[table, default: [:]][ColumnName(column.name)] = type
    }
    return types
  }

  /// Nil where the account has no such endpoint or the list is too long.
  private func metadata(_ kind: String, of connection: ConnectionID) async throws -> [Entity]? {
    let call = Call(segments: ["metadata", "connectors", connection.text, kind])
    var entities: [Entity] = []
    do {
      let isWhole = try await pages(call) { item throws(UnreadableBody) in
        entities.append(try Entity(item))
        return entities.count < Self.metadataLimit
      }
      return isWhole ? entities : nil
    } catch let error as FivetranError where error.isAbsence {
      return nil
    }
  }
}

/// A schema, table or column of the metadata endpoint.
private struct Entity {
  var id: String
  /// Nil for a schema.
  var parentID: String?
  /// In the destination.
  var name: String
  /// The destination's spelling; nil where it is not known.
  var type: String?

  init(_ item: Field) throws(UnreadableBody) {
    id = try item.required("id").string()
    parentID = try item["parent_id"]?.string()
    name = try item.required("name_in_destination").string()
    type = try item["type_in_destination"]?.string()
  }
}

extension FivetranError {
  /// What an account without the endpoint answers: 403, 404, 405 or 410.
  var isAbsence: Bool {
    switch code {
    case .forbidden, .notFound, .noSchemaConfig, .unsupported: true
    default: false
    }
  }
}
