/// A part of a contract that names a column.
package struct ContractReference: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case qualityRule = "quality rule"
    case serviceLevel = "service level"
    case relation
  }

  package var kind: Kind
  /// As a person finds it in the file: a rule's name or metric, a service level's property, a relation's other end.
  package var name: String
  package var column: ColumnName
  /// Whether an edit can make it name another column. One that stands below its column, or in SQL, stays.
  package var canFollow: Bool

  package init(kind: Kind, name: String, column: ColumnName, canFollow: Bool) {
    self.kind = kind
    self.name = name
    self.column = column
    self.canFollow = canFollow
  }
}
