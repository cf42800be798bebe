extension Rule {
  static let contractMetadata = Rule(
    id: "contract.metadata", .safe, writes: .ok, back: .yes, policy: .auto,
    summary: "An edit changes owner, support, tags, price or texts of a contract.",
    why: "No query notices.",
    advice: "Nothing, as a rule."
  ) { change, _ in
    guard case .contractEdited(.metadata(let keys)) = change else { return nil }
    return "edited: \(keys.joined(separator: ", "))"
  }
}
