/// Judges changes by the rules and gives each its colour; those that a policy ignores are left out.
///
/// A change that is several things at once, such as a rename with another type, carries the effects of all of them: the
/// worst of each kind counts, and the worst colour.
package func classify(
  _ changes: [SchemaChange], connection: ConnectionName, context: RuleContext, policies: Policies
) -> [ClassifiedChange] {
  changes.compactMap { change in
    let facets = ([change] + change.facets(context.dialect)).map { weigh($0, context, policies) }.filter {
      $0.colour != nil
    }
    guard var verdict = facets.first?.verdict, let colour = facets.compactMap(\.colour).max() else { return nil }
    for facet in facets.dropFirst() { verdict.add(facet.verdict) }
    let raised = policies.raised(colour, by: change)
    let critical = Reason(author: .policy(verdict.rule), text: "a critical data element: one step up")
    return ClassifiedChange(
      change: change, verdict: verdict, colour: raised,
      reasons: facets.flatMap(\.reasons) + (raised == colour ? [] : [critical]),
      connection: connection, table: context.table)
  }
}

private struct Weighed {
  var verdict: Verdict
  /// Nil for what a policy ignores.
  var colour: Colour?
  var reasons: [Reason]
}

private func weigh(_ change: SchemaChange, _ context: RuleContext, _ policies: Policies) -> Weighed {
  let verdict = judge(change, context)
  let set = policies.policy(for: verdict.rule, columns: change.columns)
  var reasons = [Reason(author: .rule(verdict.rule), text: verdict.message)]
  if let set, set != verdict.policy {
    reasons.append(Reason(author: .policy(verdict.rule), text: "policy says \(set.rawValue)"))
  }
  return Weighed(verdict: verdict, colour: Colour(set ?? verdict.policy), reasons: reasons)
}

private func judge(_ change: SchemaChange, _ context: RuleContext) -> Verdict {
  if let verdict = typeVerdict(of: change) { return verdict }
  for judge in Rule.judges {
    if let verdict = judge(change, context) { return verdict }
  }
  preconditionFailure("the last rule speaks of every change")
}

extension Verdict {
  /// The rule stays the first one's: it names the change.
  fileprivate mutating func add(_ facet: Verdict) {
    readers = max(readers, facet.readers)
    writes = max(writes, facet.writes)
    reversible = max(reversible, facet.reversible)
    message += "; also \(facet.message)"
  }
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
