extension Rule {
  static let typeFloatNarrowed = Rule.retyped(
    "type.floatNarrowed", .risky, writes: .fails, back: .no, policy: .block,
    "A floating number keeps fewer digits."
  ) {
    from, to in
    guard case .float = from, case .float = to else { return nil }
    return "values are rounded"
  }
}
