import DriftCore

extension TableName {
  /// A glob over `schema.table` is written as Fivetran spells names, or as the warehouse does.
  func isMatched(by glob: String) -> Bool {
    matches(description, glob: glob) || matches(description.lowercased(), glob: glob)
  }
}
