extension Rule {
  static let primaryKeyAdded = Rule(
    id: "pk.added", .safe, writes: .conditional, back: .yes, policy: .review,
    summary: "A table without a key has one.",
    why: "From now on rows with the same key replace each other: counts can drop.",
    advice: "Merge to promise the key; give mapping.yaml its key columns where it has a target."
  ) { change, _ in
    guard case .primaryKeyChanged(let from, let to) = change, from.isEmpty else { return nil }
    return "has a key now: \(listed(to)); rows with the same one replace each other"
  }
}
