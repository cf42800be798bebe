package import JSON

/// A schema document in the neutral form, checked and indexed but not read: columns stay bytes until they are compared.
///
/// `{"connectors":[{"id","service","schema","tables":[{"name","columns":[{"name","type","nullable","pk"}]}]}]}`, types in
/// Fivetran's names.
package struct NeutralSchema: Sendable {
  /// Tells two tables of one name apart by their connector and schema.
  struct Key: Hashable, Sendable {
    var connector: ConnectionName
    var table: TableName
  }

  struct Table: Sendable {
    var connector: String
    var service: String
    var schema: String
    var name: String
    var columns: Columns

    var tableName: TableName { TableName(schema: schema, name: name) }
    var key: Key { Key(connector: ConnectionName(connector), table: tableName) }

    func named(_ name: String) -> Table {
      var table = self
      table.name = name
      return table
    }
  }

  struct Columns: Sendable {
    /// The bytes of the whole list.
    var bytes: Range<Int>
    /// Which of the document's `columns` they are; empty where the schema that this one was read beside has the same bytes.
    var places: Range<Int>
    var isUnchanged = false
  }

  let bytes: JSONBytes
  /// Of the file, for what is wrong with a column; empty where there is none.
  let path: String
  private(set) var tables: [Key: Table] = [:]
  /// The bytes of every column of the document.
  private(set) var columns: [Range<Int>] = []
  private var form = ObjectForm()

  /// - Parameter known: a schema already read: what stands there byte for byte is neither checked nor compared again.
  /// - Throws: `JSONError` for what is not JSON, `NeutralSchemaError` for what is not this form.
  package init(_ bytes: JSONBytes, path: String = "", beside known: NeutralSchema? = nil) throws {
    self.bytes = bytes
    self.path = path
    var reader = JSONReader(bytes)
    try reader.beginObject()
    var hasConnectors = false
    while let key = try reader.nextKey() {
      guard reader.matches(key, "connectors") else {
        try skip(key, &reader, known: ["connectors"])
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
          found.append(try readTable(&reader, of: connector, known))
        }
      } else {
        try skip(key, &reader, known: ["id", "service", "schema", "tables"])
      }
    }
    if connector.connector.isEmpty { throw NeutralSchemaError("a connector has no \"id\"") }
    if connector.schema.isEmpty, !found.isEmpty {
      throw NeutralSchemaError("connector \"\(visible(connector.connector))\" has no \"schema\"")
    }
    tables.reserveCapacity(tables.count + found.count)
    for (name, columns) in found {
      var table = connector.named(name)
      table.columns = columns
      if tables.updateValue(table, forKey: table.key) != nil {
        throw NeutralSchemaError(
          "table \"\(visible(table.tableName.description))\" is there twice in connector \"\(visible(connector.connector))\""
        )
      }
    }
  }

  private mutating func readTable(
    _ reader: inout JSONReader, of connector: Table, _ known: NeutralSchema?
  ) throws -> (name: String, columns: Columns) {
    var name: String?
    var columns: Columns?
    try reader.beginObject()
    while let key = try reader.nextKey() {
      if reader.matches(key, "name") {
        name = try reader.string()
      } else if reader.matches(key, "columns") {
        if let known, let name, let same = known.tables[connector.named(name).key],
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
        try skip(key, &reader, known: ["name", "columns"])
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
    while try reader.nextElement() { columns.append(try reader.skip(like: &form)) }
    return Columns(bytes: start..<reader.position, places: first..<columns.count)
  }
}

/// A document that is not of the neutral form.
package struct NeutralSchemaError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  /// - Parameter path: of the file, where whoever catches this does not know which one it is about.
  init(_ problem: String, in path: String = "") { description = path.isEmpty ? problem : "\(path): \(problem)" }
}

/// Skips what the form does not have; a key that is nearly one of it is not skipped but refused.
private func skip(_ key: JSONText, _ reader: inout JSONReader, known: [String]) throws(JSONError) {
  let name = reader.string(of: key)
  let offset = reader.offset
  if let meant = meantKeys[name.lowercased()] ?? nearKey(name, among: known), known.contains(meant) {
    throw JSONError(offset: offset, problem: "unknown key \"\(visible(name))\"; did you mean \"\(meant)\"?")
  }
  _ = try reader.skip()
}

/// Names that other tools have for ours.
private let meantKeys = [
  "primary_key": "pk", "primarykey": "pk", "is_primary_key": "pk", "isprimarykey": "pk", "is_pk": "pk",
  "is_nullable": "nullable", "isnullable": "nullable",
]

private func nearKey(_ name: String, among known: [String]) -> String? {
  let bytes = Array(name.utf8.prefix(32))
  return known.first { editDistance(bytes, Array($0.utf8)) <= ($0.utf8.count < 4 ? 0 : $0.utf8.count / 4) }
}

/// One column of the neutral form.
struct NeutralColumn {
  var name: ColumnName
  var type: String
  var isNullable: Bool
  var isPrimaryKey: Bool
}

/// Reads one element of a `columns` list. Name and type must be there.
func readColumn(_ bytes: JSONBytes) throws(JSONError) -> NeutralColumn {
  var reader = JSONReader(bytes)
  var name = ""
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
      try skip(key, &reader, known: ["name", "type", "nullable", "pk"])
    }
  }
  if name.isEmpty { throw JSONError(offset: 0, problem: "a column has no \"name\"") }
  if type.isEmpty { throw JSONError(offset: 0, problem: "column \"\(visible(name))\" has no \"type\"") }
  return NeutralColumn(name: ColumnName(name), type: type, isNullable: isNullable, isPrimaryKey: isPrimaryKey)
}
