extension Rule {
  static let changeWithdrawn = Rule(
    id: "change.withdrawn", .breaking, writes: .conditional, back: .data, policy: .block,
    summary: "An applied change is to be undone: people asked for it, or took it off the protected branch.",
    why: "Whoever has read what the change brought finds it gone, and values that only it held go with it.",
    advice: "Merge to run the way back that was reviewed with the change, or close the pull request to keep it."
  ) { change, _ in
    guard case .changeWithdrawn(let undone) = change else { return nil }
    return "\(undone.name), which was applied, is undone: \(undone.effects.joined(separator: ", "))"
  }
}
