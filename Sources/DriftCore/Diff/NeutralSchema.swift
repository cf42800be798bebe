import JSON

/// A schema document in the neutral form, indexed but not read: a table's columns stay bytes until they are compared.
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
    /// The bytes of `columns`.
    var columns: Range<Int>
  }

  let bytes: [UInt8]
  private(set) var tables: [Key: Table] = [:]

  /// - Throws: `JSONError` for what is not JSON, `NeutralSchemaError` for what is not this form.
  package init(_ bytes: [UInt8]) throws {
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
      while try reader.nextElement() { try readConnector(&reader) }
    }
    try reader.end()
    if !hasConnectors { throw NeutralSchemaError("\"connectors\" is missing") }
  }

  private mutating func readConnector(_ reader: inout JSONReader) throws {
    var connector = Table(connector: "", service: "", schema: "", name: "", columns: 0..<0)
    var found: [(name: String, columns: Range<Int>)] = []
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
        while try reader.nextElement() { found.append(try readTable(&reader)) }
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

  private func readTable(_ reader: inout JSONReader) throws -> (String, Range<Int>) {
    var name: String?
    var columns: Range<Int>?
    try reader.beginObject()
    while let key = try reader.nextKey() {
      if reader.matches(key, "name") {
        name = try reader.string()
      } else if reader.matches(key, "columns") {
        guard try reader.peek() == .array else {
          throw NeutralSchemaError("\"columns\" of table \"\(name ?? "?")\" is not a list")
        }
        columns = try reader.skip()
      } else {
        _ = try reader.skip()
      }
    }
    guard let name, !name.isEmpty else { throw NeutralSchemaError("a table has no \"name\"") }
    guard let columns else { throw NeutralSchemaError("table \"\(name)\" has no \"columns\"") }
    return (name, columns)
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

/// Byte ranges of the elements of a `columns` list.
func columnRanges(in bytes: [UInt8], _ range: Range<Int>) throws -> [Range<Int>] {
  var reader = JSONReader(Array(bytes[range]))
  var ranges: [Range<Int>] = []
  try reader.beginArray()
  while try reader.nextElement() {
    let element = try reader.skip()
    ranges.append(element.lowerBound + range.lowerBound..<element.upperBound + range.lowerBound)
  }
  return ranges
}

/// Reads one element of a `columns` list.
func readColumn(_ bytes: ArraySlice<UInt8>) throws -> NeutralColumn {
  var reader = JSONReader(Array(bytes))
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
