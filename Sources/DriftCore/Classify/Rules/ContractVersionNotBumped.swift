extension Rule {
  static let contractVersionNotBumped = Rule(
    id: "contract.versionNotBumped", .safe, writes: .ok, back: .yes, policy: .review,
    summary: "An edit changes what a contract promises and leaves its version.",
    why: "Who pins the version does not learn that the promise is another one.",
    advice:
      "Raise version: the first number for what breaks readers, the second for anything else that lands in another way."
  ) { change, _ in
    guard case .contractEdited(.versionNotBumped(let version, let expected)) = change else { return nil }
    return "what the contract promises changed and its version is still \(version): write \(expected)"
  }
}
