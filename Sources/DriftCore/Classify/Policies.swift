/// Policies that apply to one table, nearest first.
package struct Policies: Hashable, Sendable {
  struct Layer: Hashable, Sendable {
    /// By rule id or its prefix.
    var kinds: [String: Policy] = [:]
    var columns: [ColumnName: [String: Policy]] = [:]
  }

  var layers: [Layer]
  /// What the contract calls critical data elements.
  private(set) var critical: Set<ColumnName> = []

  /// The contract's own word counts before that of `mooring.yaml`; there a table's before its connection's, and that
  /// before the project's. In each place a column's counts before its table's.
  package init(contract: Contract?, table: TableName, connection: ConnectionPolicy, project: [String: Policy]) {
    var promise = Layer(kinds: contract?.policy ?? [:])
    for column in contract?.columns ?? [] where !column.policy.isEmpty { promise.columns[column.name] = column.policy }
    let tables = connection.tables.filter { matches(table.description, glob: $0.pattern) }
    // A name without a star is nearer than one with.
    let nearest = tables.filter { !$0.isPattern } + tables.filter(\.isPattern)
    layers =
      [promise] + nearest.map { Layer(kinds: $0.policies, columns: $0.columns) }
      + [Layer(kinds: connection.policies), Layer(kinds: project)]
    critical = Set((contract?.columns ?? []).filter(\.isCritical).map(\.name))
  }

  package init() { layers = [] }

  /// The policy for a rule: in each place the exact id first, then its prefixes (`column.added` for
  /// `column.added.sensitive`), and `type.widened` and `type.narrowed` for all that end so; nil where nobody set one.
  ///
  /// - Parameter columns: the names that the change is about: of a rename both.
  func policy(for rule: String, columns: [ColumnName] = []) -> Policy? {
    for layer in layers {
      for column in columns {
        if let policy = layer.columns[column]?.nearest(to: rule) { return policy }
      }
      if let policy = layer.kinds.nearest(to: rule) { return policy }
    }
    return nil
  }
}

extension [String: Policy] {
  fileprivate func nearest(to rule: String) -> Policy? {
    if isEmpty { return nil }
    var key = rule
    while true {
      if let policy = self[key] { return policy }
      if key == rule, let family = family(of: rule), let policy = self[family] { return policy }
      guard let dot = key.lastIndex(of: ".") else { return nil }
      key = String(key[..<dot])
    }
  }
}

/// `type.widened` for `type.lengthWidened`.
func family(of rule: String) -> String? {
  if rule == "type.scaleWidened.digitsLost" { return "type.narrowed" }
  guard rule.hasPrefix("type.") else { return nil }
  return rule.hasSuffix("Widened") ? "type.widened" : rule.hasSuffix("Narrowed") ? "type.narrowed" : nil
}
