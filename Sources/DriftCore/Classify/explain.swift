/// Every rule: id, effects, what happens where nobody set a policy, and what it says.
///
/// - Parameter width: of the terminal, in columns; where a line would not end well within it, what a rule says stands below.
package func listOfRules(width: Int = Int.max) -> String {
  let rows =
    [["rule", "readers", "writes", "way back", "default", "what it says"]]
    + Rule.all.map { rule in [rule.id] + (rule.effects?.words ?? Array(repeating: "varies", count: 4)) + [rule.summary]
    }
  let widths = (0..<5).map { column in (rows.map { $0[column].count }.max() ?? 0) + 2 }
  let isWide = widths.reduce(0, +) + 60 <= width
  return rows.map { row in
    let facts = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined()
    return facts + (isWide ? row[5] : "\n    " + row[5])
  }.joined(separator: "\n")
}

/// What a rule says, why, and what to do; why nothing observes a kind that no rule speaks of. Nil where it is neither.
package func explanation(of id: String) -> String? {
  if let kind = UnobservedKind.all.first(where: { $0.ids.contains(id) }) {
    return "\(id)\nNo rule speaks of it: \(kind.reason)."
  }
  guard let rule = Rule.named(id) else {
    let below = rules(below: id)
    if below.isEmpty { return nil }
    return below.map { "\($0.id): \($0.summary)" }.joined(separator: "\n")
      + "\n\nOne policy for all of them, in mooring.yaml: policies: {\(id): auto | review | block | ignore}"
  }
  let effects = rule.effects?.words
  func effect(_ index: Int) -> String { effects?[index] ?? "as the change weighs" }
  return """
    \(id)
    \(rule.summary)

    why         \(rule.why)
    what to do  \(rule.advice)
    readers     \(effect(0))
    writes      \(effect(1))
    way back    \(effect(2))
    policy      \(effect(3)), unless one is set: policies: {\(id): auto | review | block | ignore}
    """
}

/// Those that one policy for `id` is for: `pk.added` and the others of `pk`, or what ends so of `type.widened`.
package func rules(below id: String) -> [Rule] {
  Rule.all.filter { $0.id.hasPrefix(id + ".") || family(of: $0.id) == id }
}

/// The id that was probably meant.
package func nearest(to id: String) -> String? {
  let bytes = Array(id.utf8.prefix(64))
  return Rule.all.map { (editDistance(bytes, Array($0.id.utf8)), $0.id) }
    .filter { $0.0 <= max(2, bytes.count / 3) }.min { $0.0 < $1.0 }?.1
}

extension RuleEffects {
  /// Readers, writes, way back, policy.
  package var words: [String] {
    [readers.rawValue, writes.rawValue, reversible.words.description, policy.rawValue]
  }
}
