extension Rule {
  static let typeTimezoneDropped = Rule.retyped(
    "type.timezoneDropped", .breaking, writes: .ok, back: .data, policy: .block,
    summary: "A point in time has become a clock reading.",
    why:
      "The zone is no longer kept, so the same text may be another moment, and an hour is missing or doubled where clocks change.",
    advice: "Find out in which zone the source writes now. Have readers assume that one, then merge."
  ) { from, to in
    guard case .timestamp(zoned: true, digits: _) = from, case .timestamp(zoned: false, digits: _) = to else {
      return nil
    }
    return "the same text is another moment"
  }
}
