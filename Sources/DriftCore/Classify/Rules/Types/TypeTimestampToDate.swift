extension Rule {
  static let typeTimestampToDate = Rule.retyped(
    "type.timestampToDate", .breaking, writes: .ok, back: .no, policy: .block,
    summary: "A moment has become a day.",
    why: "The time of day is gone from new values, and only the source still has it.",
    advice: "Merge where nobody reads the time of day; else have the source keep it."
  ) { from, to in
    guard case .timestamp = from, case .date = to else { return nil }
    return "the time of day is lost"
  }
}
