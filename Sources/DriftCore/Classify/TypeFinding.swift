/// What one rule says of two types, somewhere inside a column.
struct TypeFinding: Sendable {
  /// Without a place it is about the column itself; else the way to it: `address.zip`, `tags[]`, `prices{value}`.
  var path = ""
  var rule: String
  var effect: TypeEffect
  /// For the reviewer.
  var remark: String

  fileprivate var rank: (Int, ReaderEffect) {
    let policies: [Policy] = [.ignore, .auto, .review, .block]
    return (policies.firstIndex(of: effect.policy) ?? 0, effect.readers)
  }

  /// As it is seen one level further out; what has a place already keeps its rule.
  func inside(_ place: String, as rule: String) -> TypeFinding {
    var finding = self
    finding.path = path.isEmpty || path.first == "[" || path.first == "{" ? place + path : "\(place).\(path)"
    if path.isEmpty { finding.rule = rule }
    return finding
  }
}

struct TypeEffect: Sendable {
  var readers: ReaderEffect
  var writes: WriteEffect
  var back: Reversibility
  var policy: Policy

  init(_ readers: ReaderEffect, writes: WriteEffect, back: Reversibility, policy: Policy) {
    self.readers = readers
    self.writes = writes
    self.back = back
    self.policy = policy
  }
}

/// Everything that the rules say of two types. Of two types of one nested kind each rule may speak, of others the first
/// that has something to say.
func typeFindings(from: ColumnType, to: ColumnType) -> [TypeFinding] {
  if from == to { return [] }
  let isInside = from.isNested && from.family == to.family
  if isInside { return Rule.types.flatMap { $0.types?(from, to) ?? [] } }
  for rule in Rule.types {
    if let findings = rule.types?(from, to), !findings.isEmpty { return findings }
  }
  return []
}

/// What the rules about types say of a change, all of them at once; nil for a change of something else.
func typeVerdict(of change: SchemaChange) -> Verdict? {
  guard case .typeChanged(_, let from, let column) = change, let to = column.type else { return nil }
  let findings = typeFindings(from: from, to: to)
  // The first of equals, so that the answer does not vary.
  guard let worst = findings.reduce(nil, worse) else { return nil }
  let effect = worst.effect
  return verdict(
    worst.rule, effect.readers, writes: effect.writes, back: effect.back, policy: effect.policy,
    message(of: change, findings))
}

extension Rule {
  /// A rule about a type that became another; `remark` is not asked about what is inside two arrays, maps or structures.
  ///
  /// - Parameter remark: for the reviewer; nil where the rule does not speak of these types.
  static func retyped(
    _ id: String, _ readers: ReaderEffect, writes: WriteEffect, back: Reversibility, policy: Policy,
    summary: String, why: String, advice: String, remark: @escaping @Sendable (ColumnType, ColumnType) -> String?
  ) -> Rule {
    let effect = TypeEffect(readers, writes: writes, back: back, policy: policy)
    return nested(id, effect, summary: summary, why: why, advice: advice) { from, to in
      if from.isNested, from.family == to.family { return [] }
      return remark(from, to).map { [TypeFinding(rule: id, effect: effect, remark: $0)] } ?? []
    }
  }

  /// A rule about two types that weighs by degrees, or about what is inside two of one nested kind.
  ///
  /// - Parameter effect: nil where it varies, such as with what is found further inside.
  static func nested(
    _ id: String, _ effect: TypeEffect?, summary: String, why: String, advice: String,
    types: @escaping @Sendable (ColumnType, ColumnType) -> [TypeFinding]
  ) -> Rule {
    let effects = effect.map {
      RuleEffects(readers: $0.readers, writes: $0.writes, reversible: $0.back, policy: $0.policy)
    }
    var rule = Rule(id: id, effects, summary: summary, why: why, advice: advice) { change, _ in
      typeVerdict(of: change).flatMap { $0.rule == id ? $0 : nil }
    }
    rule.types = types
    return rule
  }
}

private func worse(_ left: TypeFinding?, _ right: TypeFinding) -> TypeFinding? {
  guard let left else { return right }
  return right.rank > left.rank ? right : left
}

private func message(of change: SchemaChange, _ findings: [TypeFinding]) -> String {
  guard case .typeChanged(let promise, _, let to) = change else { return "" }
  let spelled = "\(promise.physicalType ?? "unknown") became \(to.physicalType ?? "unknown")"
  let limit = 5
  var remarks = findings.prefix(limit).map { $0.path.isEmpty ? $0.remark : "\($0.path): \($0.remark)" }
  if findings.count > limit { remarks.append("\(findings.count - limit) more") }
  return remarks.isEmpty ? spelled : "\(spelled): \(remarks.joined(separator: "; "))"
}

/// Fields that both have, those that went and those that came; a pair that differs in case or underscores only is one
/// field under a new name.
func fieldPairs(
  _ from: ColumnType, _ to: ColumnType
) -> (
  kept: [(StructureField, StructureField)], renamed: [(StructureField, StructureField)],
  removed: [StructureField], added: [StructureField]
)? {
  guard case .structure(let old) = from, case .structure(let new) = to else { return nil }
  let kept = old.compactMap { field in new.first { $0.name == field.name }.map { (field, $0) } }
  var removed = old.filter { field in !new.contains { $0.name == field.name } }
  var added = new.filter { field in !old.contains { $0.name == field.name } }
  func plain(_ field: StructureField) -> String { field.name.text.lowercased().filter { $0 != "_" } }
  var renamed: [(StructureField, StructureField)] = []
  for field in removed {
    let alike = added.filter { plain($0) == plain(field) }
    guard alike.count == 1, removed.count(where: { plain($0) == plain(field) }) == 1 else { continue }
    renamed.append((field, alike[0]))
  }
  removed.removeAll { field in renamed.contains { $0.0.name == field.name } }
  added.removeAll { field in renamed.contains { $0.1.name == field.name } }
  return (kept, renamed, removed, added)
}
