/// Policies that apply to one table, nearest first.
package struct Policies: Hashable, Sendable {
  package var layers: [[String: Policy]]

  /// The contract's own word counts before the connection's, and that before the project's.
  package init(contract: Contract?, connection: ConnectionPolicy, project: [String: Policy]) {
    layers = [contract?.policy ?? [:], connection.policies, project]
  }

  package init() { layers = [] }

  /// The policy for a rule: in each layer the exact id first, then its prefixes (`column.added` for
  /// `column.added.sensitive`), `type.widened` and `type.narrowed` for all that end so; nil where nobody set one.
  func policy(for rule: String) -> Policy? {
    for layer in layers where !layer.isEmpty {
      var key = rule
      while true {
        if let policy = layer[key] { return policy }
        if key == rule, let family = family(of: rule), let policy = layer[family] { return policy }
        guard let dot = key.lastIndex(of: ".") else { break }
        key = String(key[..<dot])
      }
    }
    return nil
  }
}

/// `type.widened` for `type.lengthWidened`.
private func family(of rule: String) -> String? {
  if rule == "type.scaleWidened.digitsLost" { return "type.narrowed" }
  guard rule.hasPrefix("type.") else { return nil }
  return rule.hasSuffix("Widened") ? "type.widened" : rule.hasSuffix("Narrowed") ? "type.narrowed" : nil
}

/// Judges changes by the rules and gives each its colour; those that a policy ignores are left out.
package func classify(
  _ changes: [SchemaChange], connection: ConnectionName, context: RuleContext, policies: Policies
) -> [ClassifiedChange] {
  changes.compactMap { change in
    let verdict = judge(change, context)
    let set = policies.policy(for: verdict.rule)
    guard let colour = Colour(set ?? verdict.policy) else { return nil }
    var reasons = [Reason(author: .rule(verdict.rule), text: verdict.message)]
    if let set, set != verdict.policy {
      reasons.append(
        Reason(author: .policy(verdict.rule), text: "policy says \(set.rawValue)"))
    }
    return ClassifiedChange(
      change: change, verdict: verdict, colour: colour, reasons: reasons,
      fingerprint: fingerprint(of: change, connection: connection, table: context.table))
  }
}

/// A change that no rule speaks of is a change that nobody thought about: it is never green.
private func judge(_ change: SchemaChange, _ context: RuleContext) -> Verdict {
  for rule in Rule.all {
    if let verdict = rule.judge(change, context) { return verdict }
  }
  return verdict(
    "unknown", .breaking, writes: .conditional, back: .no, policy: .block,
    "no rule speaks of this change")
}

extension Colour {
  /// Nil for a policy that ignores.
  init?(_ policy: Policy) {
    switch policy {
    case .auto: self = .green
    case .review: self = .yellow
    case .block: self = .red
    case .ignore: return nil
    }
  }
}

/// Adds what the model said. It may raise the effect on readers and with it the colour, never lower either.
package func settle(_ changes: [ClassifiedChange], with opinion: Opinion?, on question: Question?)
  -> [ClassifiedChange]
{
  guard let opinion, let question else { return changes }
  let answers = Dictionary(
    question.items.compactMap { item in opinion.answers[item.id].map { (item.finding, $0) } },
    uniquingKeysWith: { first, _ in first })
  return changes.map { change in
    guard let answer = answers[change.fingerprint] else { return change }
    var settled = change
    if let readers = answer.readers, readers > settled.verdict.readers {
      settled.verdict.readers = readers
      settled.colour = max(settled.colour, .yellow)
      settled.reasons.append(
        Reason(author: .model(opinion.model), text: "raised the effect on readers to \(readers)"))
    }
    if answer.isSensitive, settled.colour == .green {
      settled.colour = .yellow
      settled.reasons.append(Reason(author: .model(opinion.model), text: "may be personal data"))
    }
    if !answer.note.isEmpty {
      settled.reasons.append(Reason(author: .model(opinion.model), text: answer.note))
    }
    return settled
  }
}
