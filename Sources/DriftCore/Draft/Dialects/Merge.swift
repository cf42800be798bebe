/// Statements for warehouses that have MERGE and keys that nobody enforces.
struct Merge: Sendable {
  /// A value as one that can be compared for equality.
  let comparable: @Sendable (String, ColumnType) -> String

  /// Fills columns of every row at once, where a value differs.
  func backfill(_ plan: Backfill) -> String {
    let source = source(of: plan.load, columns: plan.load.keys + plan.columns)
    return into(plan.load.target, source, keys: plan.load.keys) + "\n" + update(plan.columns)
  }

  /// Inserts or updates by key, then deletes what the row rules now leave out; may be run again at any time.
  func load(_ load: Load) -> [String] {
    let names = load.columns.map(\.name)
    let values = load.columns.filter { !$0.isKey }
    var upsert = into(load.target, source(of: load, columns: load.columns), keys: load.keys)
    if !values.isEmpty { upsert += "\n" + update(values) }
    upsert += "\nWHEN NOT MATCHED THEN INSERT (\(names.joined(separator: ", ")))"
    upsert += "\n  VALUES (\(names.map { "s.\($0)" }.joined(separator: ", ")))"
    guard !load.conditions.isEmpty else { return [upsert] }
    let gone = into(load.target, leftOut(of: load), keys: load.keys) + "\nWHEN MATCHED THEN DELETE"
    return [upsert, gone]
  }

  /// Rows without a key are left out: NULL equals nothing, so they would be inserted again each time.
  private func source(of load: Load, columns: [Load.Column]) -> String {
    var part = load
    part.columns = columns
    part.conditions += load.keys.map { "\($0.value) IS NOT NULL" }
    return select(part) { "\($0.value) AS \($0.name)" }
  }

  /// Keys of which every landed row is left out by the rules. A key may have several rows, of which one is current.
  private func leftOut(of load: Load) -> String {
    var part = load
    part.columns = load.keys
    part.conditions = load.keys.map { "\($0.value) IS NOT NULL" }
    let rules = load.conditions.joined(separator: " AND ")
    let places = (1...load.keys.count).map(String.init).joined(separator: ", ")
    return select(part) { "\($0.value) AS \($0.name)" }
      + "\nGROUP BY \(places)\nHAVING MAX(CASE WHEN \(rules) THEN 1 ELSE 0 END) = 0"
  }

  private func into(_ target: String, _ source: String, keys: [Load.Column]) -> String {
    let indented = source.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    let matches = keys.map { "t.\($0.name) = s.\($0.name)" }.joined(separator: " AND ")
    return "MERGE INTO \(target) AS t\nUSING (\n\(indented)\n) AS s\nON \(matches)"
  }

  private func update(_ columns: [Load.Column]) -> String {
    let differences = columns.map {
      "\(comparable("t.\($0.name)", $0.type)) IS DISTINCT FROM \(comparable("s.\($0.name)", $0.type))"
    }
    let assignments = columns.map { "\($0.name) = s.\($0.name)" }
    return "WHEN MATCHED AND (\(differences.joined(separator: " OR "))) THEN UPDATE SET\n  "
      + assignments.joined(separator: ",\n  ")
  }
}
