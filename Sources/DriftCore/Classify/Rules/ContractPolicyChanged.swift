extension Rule {
  static let contractPolicyChanged = Rule(
    id: "contract.policyChanged", .safe, writes: .ok, back: .yes, policy: .review,
    summary: "An edit changes which drift of a table needs a person.",
    why: "What was reviewed may pass by itself from then on.",
    advice: "Let the table's owner review it."
  ) { change, _ in
    guard case .contractEdited(.policy(let kinds)) = change else { return nil }
    return "another policy for \(kinds.joined(separator: ", "))"
  }
}
