import JSON

/// One table before and after, as a corpus gives it: all that a detector may see.
///
/// `{"id","table"?,"table_after"?,"before":{"columns":[{"name","type","nullable"?,"primary_key"?}]},"after":...}`, `null`
/// where the table did not exist.
package struct SchemaCase: Hashable, Sendable {
  package struct Column: Hashable, Sendable {
    package var name: ColumnName
    /// Fivetran's name.
    package var type: String
    package var isNullable: Bool?
    package var isPrimaryKey: Bool?

    package init(name: ColumnName, type: String, isNullable: Bool? = nil, isPrimaryKey: Bool? = nil) {
      self.name = name
      self.type = type
      self.isNullable = isNullable
      self.isPrimaryKey = isPrimaryKey
    }
  }

  package var id: String
  package var tableBefore: String
  package var tableAfter: String
  /// In the source's order; nil where there is no such table.
  package var before: [Column]?
  package var after: [Column]?

  package init(id: String, tableBefore: String, tableAfter: String, before: [Column]?, after: [Column]?) {
    self.id = id
    self.tableBefore = tableBefore
    self.tableAfter = tableAfter
    self.before = before
    self.after = after
  }
}

/// What is known of a case, for scoring alone.
package struct CaseTruth: Hashable, Sendable {
  package var changes: Set<CaseChange>
  package var tags: Set<String>
  /// Which system the case was taken from, for figures apart.
  package var system: String
}

/// One change of a case, comparable between what is labelled and what was found.
package enum CaseChange: Hashable, Sendable {
  case columnAdded(ColumnName)
  case columnRemoved(ColumnName)
  case columnRenamed(from: ColumnName, to: ColumnName)
  /// The column's new name.
  case typeChanged(ColumnName)
  case tableAdded(String)
  case tableRemoved(String)
  case tableRenamed(from: String, to: String)

  package static let kinds = [
    "column_added", "column_removed", "column_renamed", "type_changed", "table_added", "table_removed",
    "table_renamed",
  ]

  package var kind: String {
    switch self {
    case .columnAdded: "column_added"
    case .columnRemoved: "column_removed"
    case .columnRenamed: "column_renamed"
    case .typeChanged: "type_changed"
    case .tableAdded: "table_added"
    case .tableRemoved: "table_removed"
    case .tableRenamed: "table_renamed"
    }
  }
}

/// A line of a corpus that is not in the form described.
package struct CaseError: Error, Hashable, Sendable, CustomStringConvertible {
  package var line: Int
  package var description: String
}

/// Reads a corpus, one JSON object a line. What is seen and what is known come apart, so that nothing can look; of a case
/// without `labels` nothing is known.
///
/// - Throws: `CaseError` for the first line that cannot be read.
package func readCases(_ bytes: [UInt8]) throws(CaseError) -> [(seen: SchemaCase, known: CaseTruth?)] {
  var cases: [(seen: SchemaCase, known: CaseTruth?)] = []
  for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
    let document: JSONValue
    do {
      document = try JSONValue.parse(Array(line))
    } catch {
      throw CaseError(line: index + 1, description: "line \(index + 1): \(error)")
    }
    guard let seen = SchemaCase(document) else {
      throw CaseError(
        line: index + 1, description: "line \(index + 1): not a case with an id and the columns before and after")
    }
    let known = CaseTruth(document)
    if known == nil, let labels = document["labels"], !labels.isNull {
      throw CaseError(line: index + 1, description: "line \(index + 1): its labels are not in the form described")
    }
    cases.append((seen, known))
  }
  return cases
}

extension SchemaCase {
  fileprivate init?(_ document: JSONValue) {
    guard let id = document["id"]?.string else { return nil }
    let table = document["table"]?.string ?? ""
    self.id = id
    tableBefore = table
    tableAfter = document["table_after"]?.string ?? table
    for (side, path) in [("before", \SchemaCase.before), ("after", \SchemaCase.after)] {
      guard let value = document[side] else { return nil }
      if value.isNull { continue }
      guard let columns = value["columns"]?.array?.map(Column.init), !columns.contains(nil) else { return nil }
      self[keyPath: path] = columns.compactMap(\.self)
    }
  }
}

extension SchemaCase.Column {
  fileprivate init?(_ value: JSONValue) {
    guard let name = value["name"]?.string, let type = value["type"]?.string else { return nil }
    self.init(
      name: ColumnName(name), type: type, isNullable: value["nullable"]?.bool,
      isPrimaryKey: value["primary_key"]?.bool)
  }
}

extension CaseTruth {
  fileprivate init?(_ document: JSONValue) {
    guard let labels = document["labels"]?.array else { return nil }
    let changes = labels.map(CaseChange.init)
    if changes.contains(nil) { return nil }
    self.init(
      changes: Set(changes.compactMap(\.self)), tags: Set((document["tags"]?.array ?? []).compactMap(\.string)),
      system: document["system"]?.string ?? "")
  }
}

extension CaseChange {
  fileprivate init?(_ label: JSONValue) {
    let column = label["column"]?.string.map { ColumnName($0) }
    let (from, to) = (label["from"]?.string, label["to"]?.string)
    switch (label["kind"]?.string, column, from, to) {
    case ("column_added", let column?, _, _): self = .columnAdded(column)
    case ("column_removed", let column?, _, _): self = .columnRemoved(column)
    case ("type_changed", let column?, _, _): self = .typeChanged(column)
    case ("column_renamed", _, let from?, let to?):
      self = .columnRenamed(from: ColumnName(from), to: ColumnName(to))
    case ("table_added", _, _, let to?): self = .tableAdded(to)
    case ("table_removed", _, let from?, _): self = .tableRemoved(from)
    case ("table_renamed", _, let from?, let to?): self = .tableRenamed(from: from, to: to)
    default: return nil
    }
  }
}
