extension Rule {
  static let columnDisabled = Rule(
    id: "column.disabled", summary: "Fivetran no longer syncs a promised column."
  ) { change, _ in
    guard case .columnDisabled = change else { return nil }
    return verdict(
      "column.disabled", .risky, writes: .ok, back: .yes, policy: .review,
      "switched off in Fivetran; it goes stale or fills with NULL")
  }

  static let columnEnabled = Rule(
    id: "column.enabled", summary: "Fivetran syncs a column that the contract has switched off."
  ) { change, _ in
    guard case .columnEnabled = change else { return nil }
    return verdict(
      "column.enabled", .safe, writes: .ok, back: .yes, policy: .review, "switched on in Fivetran")
  }

  static let columnHashed = Rule(
    id: "column.hashed.on", summary: "Values arrive hashed that were promised in clear text."
  ) { change, _ in
    guard case .columnHashed = change else { return nil }
    return verdict(
      "column.hashed.on", .breaking, writes: .ok, back: .data, policy: .review,
      "values are hashed now: joins and filters on them find nothing, without an error")
  }

  static let columnUnhashed = Rule(
    id: "column.hashed.off", summary: "Values arrive in clear text that were promised hashed."
  ) { change, _ in
    guard case .columnUnhashed = change else { return nil }
    return verdict(
      "column.hashed.off", .breaking, writes: .ok, back: .yes, policy: .block,
      "promised hashed, lands in clear text")
  }

  static let nullabilityRelaxed = Rule(
    id: "null.relaxed", summary: "A column that was never NULL may be."
  ) { change, _ in
    guard case .nullabilityRelaxed = change else { return nil }
    return verdict(
      "null.relaxed", .risky, writes: .ok, back: .yes, policy: .review,
      "may be NULL now: joins, counts and filters change")
  }

  static let nullabilityTightened = Rule(
    id: "null.tightened", summary: "A column that could be NULL no longer may."
  ) { change, _ in
    guard case .nullabilityTightened = change else { return nil }
    return verdict(
      "null.tightened", .safe, writes: .fails, back: .yes, policy: .block,
      "is NOT NULL in the destination, which the contract does not promise")
  }
}
