extension SchemaChange {
  /// What else a change is: a column that got another name may have got another type with it.
  func facets(_ dialect: Dialect) -> [SchemaChange] {
    guard case .columnRenamed(let promise, let column, _) = self else { return [] }
    var facets: [SchemaChange] = []
    if let spelled = promise.physicalType, let type = column.type, dialect.tellsApart(dialect.parseType(spelled), type)
    {
      facets.append(.typeChanged(promise, from: dialect.parseType(spelled), to: column))
    }
    if let isNullable = column.isNullable, !promise.isPrimaryKey, isNullable == promise.isRequired {
      facets.append(isNullable ? .nullabilityRelaxed(promise) : .nullabilityTightened(promise))
    }
    if let isHashed = column.isHashed, isHashed != (promise.isHashed ?? false) {
      facets.append(isHashed ? .columnHashed(promise) : .columnUnhashed(promise))
    }
    return facets
  }

  /// The names that a policy for a column may use for it: of a rename both.
  var columns: [ColumnName] {
    switch self {
    case .columnRenamed(let from, let to, _), .renameSuspected(let from, let to, _),
      .unitSuspected(let from, let to, _):
      [to.name, from.name]
    default: column.map { [$0] } ?? []
    }
  }
}
