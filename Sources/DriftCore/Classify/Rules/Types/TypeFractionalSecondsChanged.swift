extension Rule {
  /// More digits can be taken back, fewer are lost.
  static let typeFractionalSecondsChanged = Rule.nested(
    "type.fractionalSecondsChanged", nil,
    summary: "A moment keeps another count of digits of a second.",
    why:
      "Moments that were equal may differ now, or the other way round. With fewer digits the order within a second is lost.",
    advice: "Look for joins, keys and cursors on the column, then merge."
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
