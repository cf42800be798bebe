import DriftCore
import JSON

/// The score as tables for people: renames by tier, then every kind of change.
func scoresText(_ scores: [(name: String, score: RenameScore)], usesSourceOrder: Bool) -> String {
  guard let all = scores.first?.score else { return "" }
  var text =
    "\(counted(all.cases, "case")), columns in \(usesSourceOrder ? "the source's order" : "the order of their names")\n\n"
  text += row("renames", ["precision", "recall", "right", "wrong", "labelled"])
  for (name, tally) in all.tiers { text += row(name, tally) }
  text += "\nasserted on a clean hard negative: \(all.assertedOnClean) of \(all.cleanNegatives)\n\n"
  text += row("changes, asserted reading", ["precision", "recall", "right", "wrong", "labelled"])
  for kind in CaseChange.kinds { text += row(kind, all.kinds[kind] ?? Tally()) }
  text += "\ncases told exactly: \(all.exactCases) of \(all.cases)\n"
  if scores.count > 1 {
    text += "\n" + row("system", ["precision", "recall", "right", "wrong", "labelled"])
    for (name, score) in scores.dropFirst() {
      text += row("\(name), asserted", score.asserted) + row("\(name), shown", score.shown)
    }
  }
  return text
}

func scoresJSON(_ scores: [(name: String, score: RenameScore)]) -> JSONValue {
  .array(
    scores.map { name, score in
      object([
        ("name", .string(name)), ("cases", .number(String(score.cases))),
        ("exact_cases", .number(String(score.exactCases))),
        ("renames", object(score.tiers.map { ($0.name, $0.tally.json) })),
        ("clean_hard_negatives", .number(String(score.cleanNegatives))),
        ("asserted_on_clean", .number(String(score.assertedOnClean))),
        ("kinds", object(CaseChange.kinds.map { ($0, (score.kinds[$0] ?? Tally()).json) })),
      ])
    })
}

extension RenameScore {
  fileprivate var tiers: [(name: String, tally: Tally)] {
    [
      ("asserted", asserted), ("with candidates", shown), ("asserted, near pairs too", assertedWithNear),
      ("with candidates, near pairs too", shownWithNear),
    ]
  }
}

extension Tally {
  fileprivate var json: JSONValue {
    object([
      ("precision", precision.map { .number(decimal($0, digits: 4)) } ?? .null),
      ("recall", recall.map { .number(decimal($0, digits: 4)) } ?? .null),
      ("right", .number(String(right))), ("wrong", .number(String(wrong))),
      ("labelled", .number(String(labelled))),
    ])
  }
}

private func row(_ name: String, _ tally: Tally) -> String {
  func share(_ value: Double?) -> String { value.map { decimal($0, digits: 3) } ?? "-" }
  return row(
    name, [share(tally.precision), share(tally.recall), "\(tally.right)", "\(tally.wrong)", "\(tally.labelled)"])
}

private func row(_ name: String, _ cells: [String]) -> String {
  padded(name, 34) + cells.map { String(repeating: " ", count: max(1, 11 - $0.count)) + $0 }.joined() + "\n"
}

/// A number from 0 on with a fixed number of decimals, the same in every locale.
func decimal(_ value: Double, digits: Int) -> String {
  var scale = 1
  for _ in 0..<digits { scale *= 10 }
  let units = Int((value * Double(scale)).rounded())
  let fraction = String(units % scale)
  return "\(units / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}
