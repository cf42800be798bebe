extension Rule {
  static let primaryKeyOrderChanged = Rule(
    id: "pk.orderChanged", .safe, writes: .ok, back: .yes, policy: .ignore,
    summary: "The key has the same columns in another order.",
    why: "No row is another one for it; only an index that readers rely on may be.",
    advice: "Nothing, as a rule."
  ) { change, _ in
    guard case .primaryKeyChanged(let from, let to) = change, Set(from) == Set(to) else { return nil }
    return "key was \(listed(from)), is \(listed(to)): the same columns in another order"
  }
}
