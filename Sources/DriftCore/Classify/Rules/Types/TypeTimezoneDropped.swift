extension Rule {
  static let typeTimezoneDropped = Rule.retyped(
    "type.timezoneDropped", .breaking, writes: .ok, back: .data, policy: .block,
    "A point in time has become a clock reading."
  ) {
    from, to in
    guard case .timestamp(zoned: true, digits: _) = from, case .timestamp(zoned: false, digits: _) = to else {
      return nil
    }
    return "the same text is another moment"
  }
}
