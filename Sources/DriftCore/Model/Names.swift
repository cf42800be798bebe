/// A name from outside, compared by its UTF-8 bytes.
///
/// Swift compares `String` by Unicode canonical equivalence, so "é" typed in two ways would be one column;
/// to a warehouse they are two.
package protocol ExactName: Hashable, Comparable, Sendable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  var text: String { get }
  init(_ text: String)
}

extension ExactName {
  package init(stringLiteral value: String) { self.init(value) }

  package var description: String { text }

  package static func == (left: Self, right: Self) -> Bool { sameBytes(left.text, right.text) }

  package static func < (left: Self, right: Self) -> Bool {
    precedes(left.text, right.text)
  }

  package func hash(into hasher: inout Hasher) { hashBytes(of: text, into: &hasher) }
}

/// A column, as the destination spells it.
package struct ColumnName: ExactName {
  package let text: String
  package init(_ text: String) { self.text = text }
}

/// A connection, as `mooring.yaml` calls it. Fivetran's own identifier is a `ConnectionID`.
package struct ConnectionName: ExactName {
  package let text: String
  package init(_ text: String) { self.text = text }
}

/// Fivetran's identifier of a connection, such as `iodize_impressive`. Opaque.
package struct ConnectionID: ExactName {
  package let text: String
  package init(_ text: String) { self.text = text }
}

/// A user, group or role of a warehouse.
package struct RoleName: ExactName {
  package let text: String
  package init(_ text: String) { self.text = text }
}

/// A destination, as `mooring.yaml` calls it.
package struct DestinationName: ExactName {
  package let text: String
  package init(_ text: String) { self.text = text }
}

/// A table or view in a destination: its schema and its name, as the destination spells them.
package struct TableName: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let schema: String
  package let name: String

  package init(schema: String, name: String) {
    self.schema = schema
    self.name = name
  }

  /// Reads `schema.name`, split at the first dot; nil where either part would be empty.
  package init?(_ text: String) {
    guard let dot = text.firstIndex(of: ".") else { return nil }
    let schema = String(text[..<dot])
    let name = String(text[text.index(after: dot)...])
    if schema.isEmpty || name.isEmpty { return nil }
    self.init(schema: schema, name: name)
  }

  package var description: String { "\(schema).\(name)" }

  package static func == (left: Self, right: Self) -> Bool {
    sameBytes(left.name, right.name) && sameBytes(left.schema, right.schema)
  }

  package static func < (left: Self, right: Self) -> Bool {
    sameBytes(left.schema, right.schema)
      ? precedes(left.name, right.name) : precedes(left.schema, right.schema)
  }

  package func hash(into hasher: inout Hasher) {
    hashBytes(of: schema, into: &hasher)
    hashBytes(of: name, into: &hasher)
  }
}

/// A table as the source spells it: the keys of Fivetran's schema config.
package struct SourceTable: Hashable, Sendable, CustomStringConvertible {
  package let schema: String
  package let name: String

  package init(schema: String, name: String) {
    self.schema = schema
    self.name = name
  }

  package var description: String { "\(schema).\(name)" }

  package static func == (left: Self, right: Self) -> Bool {
    sameBytes(left.name, right.name) && sameBytes(left.schema, right.schema)
  }

  package func hash(into hasher: inout Hasher) {
    hashBytes(of: schema, into: &hasher)
    hashBytes(of: name, into: &hasher)
  }
}

func sameBytes(_ left: String, _ right: String) -> Bool {
  let (left, right) = (left.utf8.span, right.utf8.span)
  guard left.count == right.count else { return false }
  for index in left.indices where left[index] != right[index] { return false }
  return true
}

/// Whether `left` stands before `right` in the order of their bytes.
private func precedes(_ left: String, _ right: String) -> Bool {
  let (left, right) = (left.utf8.span, right.utf8.span)
  for index in 0..<min(left.count, right.count) where left[index] != right[index] {
    return left[index] < right[index]
  }
  return left.count < right.count
}

private func hashBytes(of text: String, into hasher: inout Hasher) {
  var text = text
  text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  hasher.combine(UInt8(0xFF))
}
