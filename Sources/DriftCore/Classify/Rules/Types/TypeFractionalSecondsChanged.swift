extension Rule {
  /// More digits can be taken back, fewer are lost.
  static let typeFractionalSecondsChanged = Rule.nested(
    "type.fractionalSecondsChanged", nil, "A moment keeps another count of digits of a second."
  ) { from, to in
    guard case .timestamp = from, case .timestamp = to else { return [] }
    let back: Reversibility = widens(from, to: to) ? .data : .no
    return [
      TypeFinding(
        rule: "type.fractionalSecondsChanged",
        effect: TypeEffect(.risky, writes: .conditional, back: back, policy: .review),
        remark: "equality of moments changes")
    ]
  }
}
