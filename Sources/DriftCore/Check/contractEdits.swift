/// What an edit of a contract says besides what lands: servers, policies, version, texts.
///
/// - Parameter landing: what the edit says of what lands.
func contractEdits(from before: TableFiles, to after: TableFiles, landing: [SchemaChange]) -> [ContractEditFact] {
  guard let old = before.contract, let new = after.contract,
    let oldRoot = readYAML(before.contractBytes, path: "").root,
    let newRoot = readYAML(after.contractBytes, path: "").root
  else { return [] }
  var facts: [ContractEditFact] = []
  let (from, to) = (oldRoot["servers"]?.canonical ?? "none", newRoot["servers"]?.canonical ?? "none")
  if from != to { facts.append(.server(from: from, to: to)) }
  let kinds = otherPolicies(old, new)
  if !kinds.isEmpty { facts.append(.policy(kinds)) }
  // What a promise made ahead of the data says of it, nobody can rely on yet.
  if !landing.isEmpty, old.version == new.version {
    let isBreaking = landing.contains { Rule.breaks($0) }
    facts.append(.versionNotBumped(old.version, expected: bumped(old.version, by: isBreaking ? .major : .minor)))
  }
  let keys = descriptiveKeys.filter { oldRoot[$0]?.canonical != newRoot[$0]?.canonical }
  if !keys.isEmpty { facts.append(.metadata(keys)) }
  for column in new.columns {
    guard let was = old.columns.first(where: { $0.name == column.name }) else { continue }
    if was.classification != column.classification {
      facts.append(.classification(column, from: was.classification, to: column.classification))
    }
    if was.tags != column.tags { facts.append(.tags(column)) }
    if was.description != column.description { facts.append(.description(column)) }
  }
  return facts
}

private let descriptiveKeys = [
  "name", "status", "domain", "tenant", "dataProduct", "tags", "description", "team", "roles", "support", "price",
]

private func otherPolicies(_ old: Contract, _ new: Contract) -> [String] {
  func differing(_ before: [String: Policy], _ after: [String: Policy]) -> [String] {
    Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
  }
  var kinds = differing(old.policy, new.policy)
  for column in new.columns {
    let was = old.columns.first { $0.name == column.name }?.policy ?? [:]
    kinds += differing(was, column.policy).map { "\(column.name): \($0)" }
  }
  return kinds
}

extension Rule {
  /// Whether a change breaks readers wherever it happens.
  fileprivate static func breaks(_ change: SchemaChange) -> Bool {
    let context = RuleContext(table: TableName(schema: "", name: ""), service: "", dialect: .postgres)
    return all.lazy.compactMap { $0.judge(change, context) }.first?.readers == .breaking
  }
}

extension YAMLNode {
  /// What a value says, whatever its style; keys in the order of the file.
  fileprivate var canonical: String {
    switch content {
    case .scalar(let text, _): text
    case .mapping(let entries, _): "{\(entries.map { "\($0.name): \($0.value.canonical)" }.joined(separator: ", "))}"
    case .sequence(let items, _): "[\(items.map(\.canonical).joined(separator: ", "))]"
    }
  }
}
