extension Policies {
  /// The colour of a change, one step up where it is about a column that the contract calls a critical data element. What a
  /// policy ignores stays ignored.
  func raised(_ colour: Colour, by change: SchemaChange) -> Colour {
    if critical.isDisjoint(with: change.landedColumns) { return colour }
    return colour == .green ? .yellow : .red
  }
}

extension SchemaChange {
  /// The columns of the landed table that the change is about, or that feed the target's column that it is about.
  fileprivate var landedColumns: [ColumnName] {
    switch self {
    case .targetColumnMissing(let column), .targetTypeNarrower(let column, _), .targetTypeDiffers(let column, _):
      column.sources
    default: columns
    }
  }
}
