extension Rule {
  static let typePrecisionWidened = Rule.retyped(
    "type.precisionWidened", .safe, writes: .ok, back: .data, policy: .auto,
    summary: "A decimal holds more digits before the point.",
    why: "Every value still fits. A copy elsewhere that has the old digits may refuse larger values.",
    advice:
      "Merge to promise the new digits; a target that reads the column gets them where its warehouse can. Widen copies elsewhere by hand."
  ) { from, to in
    guard case .decimal(_, let old) = from, case .decimal(let precision, let new) = to, widens(from, to: to),
      precision == nil || old ?? 0 == new ?? 0
    else { return nil }
    return "larger numbers fit"
  }
}
