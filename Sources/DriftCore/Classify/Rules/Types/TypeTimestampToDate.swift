extension Rule {
  static let typeTimestampToDate = Rule.retyped(
    "type.timestampToDate", .breaking, writes: .ok, back: .no, policy: .block,
    "A moment has become a day."
  ) { from, to in
    guard case .timestamp = from, case .date = to else { return nil }
    return "the time of day is lost"
  }
}
