extension Rule {
  static let typePrecisionWidened = Rule.retyped(
    "type.precisionWidened", .safe, writes: .ok, back: .data, policy: .auto,
    "A decimal holds more digits before the point."
  ) { from, to in
    guard case .decimal(_, let old) = from, case .decimal(let precision, let new) = to, widens(from, to: to),
      precision == nil || old ?? 0 == new ?? 0
    else { return nil }
    return ""
  }
}
