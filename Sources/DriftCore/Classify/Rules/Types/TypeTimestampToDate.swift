extension Rule {
  static let typeTimestampToDate = Rule.retyped("type.timestampToDate", "A moment has become a day.") { from, to in
    guard case .timestamp = from, case .date = to else { return nil }
    return (TypeEffect(.breaking, writes: .ok, back: .no, policy: .block), "the time of day is lost")
  }
}
