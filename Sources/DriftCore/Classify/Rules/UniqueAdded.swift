extension Rule {
  static let uniqueAdded = Rule(
    id: "unique.added", .safe, writes: .conditional, back: .yes, policy: .review,
    summary: "The destination declares a column unique, which the contract does not promise.",
    why: "A row that repeats a value fails to load, if the destination enforces it.",
    advice: "Merge to promise it; where the source may repeat values, drop the constraint."
  ) { change, _ in
    guard case .uniqueAdded = change else { return nil }
    return "is unique in the destination, which the contract does not promise; a repeated value fails to load"
  }
}
