/// A part of a contract that names a column: it says nothing any more once the column is gone.
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

  package init(kind: Kind, name: String, column: ColumnName) {
    self.kind = kind
    self.name = name
    self.column = column
  }
}
