package import DriftCore

/// One column that gets a type, or another type without a person, as a dialect writes it.
package struct TypeStory: Sendable, CustomStringConvertible {
  package static let table = TableName(schema: "analytics", name: "account")

  package var column: ColumnName
  /// Nil where the column is new.
  package var from: ColumnType?
  package var to: ColumnType
  package var statements: [String]
  package var description: String

  /// Every type as a new column, then every pair of types that a warehouse follows, in place or by steps.
  package static func all(_ dialect: Dialect) throws -> [TypeStory] {
    let types = dialect.writableTypes
    let column = ColumnName(dialect.folded("x"))
    let table = TableName(schema: dialect.folded(table.schema), name: dialect.folded(table.name))
    func story(_ from: ColumnType?, _ to: ColumnType) throws -> TypeStory? {
      let actions: [AlterAction] =
        if let from {
          (try? dialect.retype(
            RetypedColumn(column, isKey: false, isRequired: false), from: from, to: to, taken: [])) ?? []
        } else {
          [.addColumn(column, to)]
        }
      if actions.isEmpty { return nil }
      let old = from.flatMap(dialect.typeName) ?? "new"
      return try TypeStory(
        column: column, from: from, to: to, statements: actions.map { try dialect.alter(table, $0) },
        description: "\(old) to \(dialect.typeName(to) ?? "")")
    }
    return try types.compactMap { try story(nil, $0) }
      + types.flatMap { from in try types.compactMap { try story(from, $0) } }
  }
}
