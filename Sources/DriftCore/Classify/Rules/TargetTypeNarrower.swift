extension Rule {
  static let targetTypeNarrower = Rule(
    id: "target.typeNarrower", .safe, writes: .conditional, back: .data, policy: .review,
    summary: "A target's column is narrower than the mapping says.",
    why: "A value that only the wider type holds fails to load.",
    advice: "Merge to widen it in place, or correct the type in mapping.yaml."
  ) { change, _ in
    guard case .targetTypeNarrower(let column, let found) = change else { return nil }
    return "\(found) in the target, \(column.type) in the mapping; wider values fail to load"
  }
}
