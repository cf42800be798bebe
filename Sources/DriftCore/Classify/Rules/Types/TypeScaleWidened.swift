extension Rule {
  static let typeScaleWidened = Rule.retyped(
    "type.scaleWidened", .safe, writes: .conditional, back: .data, policy: .review,
    "A decimal holds more digits behind the point, and no fewer before it."
  ) { from, to in
    guard case .decimal = from, case .decimal = to, widens(from, to: to) else { return nil }
    return ""
  }
}
