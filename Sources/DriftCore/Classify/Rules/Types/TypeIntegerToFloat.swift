extension Rule {
  static let typeIntegerToFloat = Rule.nested(
    "type.integerToFloat", nil,
    summary: "A whole number has become a floating one.",
    why:
      "Division no longer rounds. Above 2^24 in 32 bits, and 2^53 in 64, neighbouring whole numbers become one, so that large ids meet.",
    advice: "Where it holds ids or counts of that size, have the source keep whole numbers; else merge."
  ) { from, to in
    guard case .integer = from, case .float(let bits) = to else { return [] }
    let isKept = widens(from, to: to)
    let remark =
      isKept
      ? "every number is kept, and division no longer rounds"
      : "whole numbers above 2^\(bits == 32 ? 24 : 53) are no longer exact"
    return [
      TypeFinding(
        rule: "type.integerToFloat",
        effect: TypeEffect(
          isKept ? .safe : .risky, writes: .ok, back: isKept ? .data : .no, policy: .review),
        remark: remark)
    ]
  }
}
