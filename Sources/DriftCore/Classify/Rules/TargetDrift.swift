extension Rule {
  static let targetMissing = Rule(
    id: "target.missing", summary: "A mapping names a target that is not there, or that Mooring may not see."
  ) { change, _ in
    guard case .targetMissing(let target) = change else { return nil }
    return verdict(
      "target.missing", .risky, writes: .fails, back: .yes, policy: .review,
      "\(target.table) is not there: create it (target.sql of mooring init), or correct mapping.yaml")
  }

  /// A change went stale, the mapping was edited by hand, or somebody dropped what was applied.
  static let targetColumnMissing = Rule(
    id: "target.columnMissing", summary: "The mapping has a column that its target lacks."
  ) { change, _ in
    guard case .targetColumnMissing(let column) = change else { return nil }
    return verdict(
      "target.columnMissing", .risky, writes: .fails, back: .yes, policy: .review,
      "in the mapping as \(column.type), not in the target; loads that name it fail")
  }

  static let targetTypeNarrower = Rule(
    id: "target.typeNarrower", summary: "A target's column is narrower than the mapping says."
  ) { change, _ in
    guard case .targetTypeNarrower(let column, let found) = change else { return nil }
    return verdict(
      "target.typeNarrower", .safe, writes: .conditional, back: .data, policy: .review,
      "\(found) in the target, \(column.type) in the mapping; wider values fail to load")
  }

  /// Which of the two is right cannot be told from here.
  static let targetTypeDiffers = Rule(
    id: "target.typeDiffers", summary: "A target's column has another type than the mapping says."
  ) { change, _ in
    guard case .targetTypeDiffers(let column, let found) = change else { return nil }
    return verdict(
      "target.typeDiffers", .risky, writes: .conditional, back: .no, policy: .review,
      "\(found) in the target, \(column.type) in the mapping: correct one of the two")
  }
}
