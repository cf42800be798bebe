package import JSON

/// A schema document in the neutral form, checked and indexed but not read: columns stay bytes until they are compared.
///
/// `{"connectors":[{"id","service","schema","tables":[{"name","columns":[{"name","type","nullable","pk"}]}]}]}`, types in
/// Fivetran's names.
package struct NeutralSchema: Sendable {
  /// Tells two tables of one name apart by their connector.
  struct Key: Hashable, Sendable {
    var connector: ConnectionName
    var table: ColumnName
  }

  struct Table: Sendable {
    var connector: String
    var service: String
    var schema: String
    var name: String
    var columns: Columns
  }

  struct Columns: Sendable {
    /// The bytes of the whole list.
    var bytes: Range<Int>
    /// Which of the document's `columns` they are; empty where the schema that this one was read beside has the same bytes.
    var places: Range<Int>
    var isUnchanged = false
  }

  let bytes: JSONBytes
  private(set) var tables: [Key: Table] = [:]
  /// The bytes of every column of the document.
  private(set) var columns: [Range<Int>] = []

  /// - Parameter known: a schema already read: what stands there byte for byte is neither checked nor compared again.
  /// - Throws: `JSONError` for what is not JSON, `NeutralSchemaError` for what is not this form.
  package init(_ bytes: JSONBytes, beside known: NeutralSchema? = nil) throws {
    self.bytes = bytes
    var reader = JSONReader(bytes)
    try reader.beginObject()
    var hasConnectors = false
    while let key = try reader.nextKey() {
      guard reader.matches(key, "connectors") else {
        _ = try reader.skip()
        continue
      }
      hasConnectors = true
      try reader.beginArray()
      while try reader.nextElement() { try readConnector(&reader, known) }
    }
    try reader.end()
    if !hasConnectors { throw NeutralSchemaError("\"connectors\" is missing") }
  }

  private mutating func readConnector(
    _ reader: inout JSONReader, _ known: NeutralSchema?
  ) throws {
    var connector = Table(
      connector: "", service: "", schema: "", name: "", columns: Columns(bytes: 0..<0, places: 0..<0))
    var found: [(name: String, columns: Columns)] = []
    try reader.beginObject()
    while let key = try reader.nextKey() {
      if reader.matches(key, "id") {
        connector.connector = try reader.string()
      } else if reader.matches(key, "service") {
        connector.service = try reader.string()
      } else if reader.matches(key, "schema") {
        connector.schema = try reader.string()
      } else if reader.matches(key, "tables") {
        try reader.beginArray()
        while try reader.nextElement() {
          let id = ConnectionName(connector.connector)
          found.append(try readTable(&reader, connector: id, known))
        }
      } else {
        _ = try reader.skip()
      }
    }
    tables.reserveCapacity(tables.count + found.count)
    for (name, columns) in found {
      var table = connector
      table.name = name
      table.columns = columns
      let key = Key(connector: ConnectionName(connector.connector), table: ColumnName(name))
      if tables.updateValue(table, forKey: key) != nil {
        throw NeutralSchemaError(
          "table \"\(name)\" is there twice in connector \"\(connector.connector)\"")
      }
    }
  }

  private mutating func readTable(
    _ reader: inout JSONReader, connector: ConnectionName, _ known: NeutralSchema?
  ) throws -> (name: String, columns: Columns) {
    var name: String?
    var columns: Columns?
    try reader.beginObject()
    while let key = try reader.nextKey() {
      if reader.matches(key, "name") {
        name = try reader.string()
      } else if reader.matches(key, "columns") {
        if let known, let name,
          let same = known.tables[Key(connector: connector, table: ColumnName(name))],
          let range = reader.skip(sameAs: same.columns.bytes, of: known.bytes)
        {
          columns = Columns(bytes: range, places: 0..<0, isUnchanged: true)
          continue
        }
        guard try reader.peek() == .array else {
          throw NeutralSchemaError("\"columns\" of table \"\(name ?? "?")\" is not a list")
        }
        columns = try readColumns(&reader)
      } else {
        _ = try reader.skip()
      }
    }
    guard let name, !name.isEmpty else { throw NeutralSchemaError("a table has no \"name\"") }
    guard let columns else { throw NeutralSchemaError("table \"\(name)\" has no \"columns\"") }
    return (name, columns)
  }

  private mutating func readColumns(_ reader: inout JSONReader) throws -> Columns {
    let start = reader.offset
    let first = columns.count
    try reader.beginArray()
    while try reader.nextElement() { columns.append(try reader.skip()) }
    return Columns(bytes: start..<reader.position, places: first..<columns.count)
  }
}

package struct NeutralSchemaError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String
  init(_ description: String) { self.description = description }
}

/// One column of the neutral form.
struct NeutralColumn {
  var name: ColumnName
  var type: String
  var isNullable: Bool
  var isPrimaryKey: Bool
}

/// Reads one element of a `columns` list.
func readColumn(_ bytes: JSONBytes) throws -> NeutralColumn {
  var reader = JSONReader(bytes)
  var name: String?
  var type = ""
  var isNullable = true
  var isPrimaryKey = false
  try reader.beginObject()
  while let key = try reader.nextKey() {
    if reader.matches(key, "name") {
      name = try reader.string()
    } else if reader.matches(key, "type") {
      type = try reader.string()
    } else if reader.matches(key, "nullable") {
      isNullable = try reader.bool()
    } else if reader.matches(key, "pk") {
      isPrimaryKey = try reader.bool()
    } else {
      _ = try reader.skip()
    }
  }
  guard let name, !name.isEmpty else { throw NeutralSchemaError("a column has no \"name\"") }
  return NeutralColumn(
    name: ColumnName(name), type: type, isNullable: isNullable, isPrimaryKey: isPrimaryKey)
}
