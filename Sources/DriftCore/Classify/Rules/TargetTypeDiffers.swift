extension Rule {
  static let targetTypeDiffers = Rule(
    id: "target.typeDiffers", .risky, writes: .conditional, back: .no, policy: .review,
    summary: "A target's column has another type than the mapping says.",
    why: "Loads fail or convert in ways that nobody reviewed; which of the two is right cannot be told from here.",
    advice: "Correct the type in mapping.yaml and convert, or map to a column of another name."
  ) { change, _ in
    guard case .targetTypeDiffers(let column, let found) = change else { return nil }
    return "\(found) in the target, \(column.type) in the mapping: correct one of the two"
  }
}
