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
    /// They are those of the schema that this one was read beside.
    var isUnchanged = false
  }

  let bytes: [UInt8]
  private(set) var tables: [Key: Table] = [:]

  /// - Parameter known: a schema already read: what stands there byte for byte is neither checked nor compared again.
  /// - Throws: `JSONError` for what is not JSON, `NeutralSchemaError` for what is not this form.
  package init(_ bytes: [UInt8], beside known: NeutralSchema? = nil) throws {
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
    var connector = Table(connector: "", service: "", schema: "", name: "", columns: 0..<0)
    var found: [(name: String, columns: Range<Int>, isUnchanged: Bool)] = []
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
    for (name, columns, isUnchanged) in found {
      var table = connector
      table.name = name
      table.columns = columns
      table.isUnchanged = isUnchanged
      let key = Key(connector: ConnectionName(connector.connector), table: ColumnName(name))
      if tables.updateValue(table, forKey: key) != nil {
        throw NeutralSchemaError(
          "table \"\(name)\" is there twice in connector \"\(connector.connector)\"")
      }
    }
  }

  private func readTable(
    _ reader: inout JSONReader, connector: ConnectionName, _ known: NeutralSchema?
  ) throws -> (String, Range<Int>, Bool) {
    var name: String?
    var columns: Range<Int>?
    var isUnchanged = false
    try reader.beginObject()
    while let key = try reader.nextKey() {
      if reader.matches(key, "name") {
        name = try reader.string()
      } else if reader.matches(key, "columns") {
        if let known, let name,
          let same = known.tables[Key(connector: connector, table: ColumnName(name))],
          let range = reader.skip(sameAs: same.columns, of: known.bytes)
        {
          columns = range
          isUnchanged = true
          continue
        }
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
    return (name, columns, isUnchanged)
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

/// Byte ranges of the elements of a `columns` list that a reader has checked.
func columnRanges(in bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
  var ranges: [Range<Int>] = []
  var depth = 0
  var start = range.lowerBound + 1
  var isInString = false
  var at = range.lowerBound
  func add(upTo end: Int) {
    var (first, last) = (start, end)
    while first < last, isBlank(bytes[first]) { first += 1 }
    while first < last, isBlank(bytes[last - 1]) { last -= 1 }
    if first < last { ranges.append(first..<last) }
  }
  while at < range.upperBound {
    let byte = bytes[at]
    if isInString {
      if byte == UInt8(ascii: "\\") {
        at += 1
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
    } else {
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { add(upTo: at) }
      case UInt8(ascii: ",") where depth == 1:
        add(upTo: at)
        start = at + 1
      default: break
      }
    }
    at += 1
  }
  return ranges
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

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
