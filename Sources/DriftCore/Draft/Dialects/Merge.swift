/// Statements for warehouses that have MERGE and keys that nobody enforces.
struct Merge: Sendable {
  /// A value as one that can be compared for equality.
  let comparable: @Sendable (String, ColumnType) -> String

  /// Fills columns of every row at once, where a value differs.
  func backfill(_ plan: Backfill) -> String {
    let source = keyedSource(plan.load, columns: plan.load.keys + plan.columns)
    return into(plan.load.target, source, keys: plan.load.keys) + "\n" + update(plan.columns)
  }

  /// Inserts or updates by key, then deletes what the row rules now leave out; may be run again at any time.
  func load(_ load: Load) -> [String] {
    let names = load.columns.map(\.name)
    let values = load.columns.filter { !$0.isKey }
    var upsert = into(load.target, keyedSource(load, columns: load.columns), keys: load.keys)
    if !values.isEmpty { upsert += "\n" + update(values) }
    upsert += "\nWHEN NOT MATCHED THEN INSERT (\(names.joined(separator: ", ")))"
    upsert += "\n  VALUES (\(names.map { "s.\($0)" }.joined(separator: ", ")))"
    guard !load.conditions.isEmpty else { return [upsert] }
    let gone = into(load.target, keysLeftOut(load), keys: load.keys) + "\nWHEN MATCHED THEN DELETE"
    return [upsert, gone]
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

/// Rows without a key are left out: NULL equals nothing, so they would be inserted again each time.
func keyedSource(_ load: Load, columns: [Load.Column]) -> String {
  var part = load
  part.columns = columns
  part.conditions += load.keys.map { "\($0.value) IS NOT NULL" }
  return select(part) { "\($0.value) AS \($0.name)" }
}

/// Keys of which every landed row is left out by the rules. A key may have several rows, of which one is current.
func keysLeftOut(_ load: Load) -> String {
  var part = load
  part.columns = load.keys
  part.conditions = load.keys.map { "\($0.value) IS NOT NULL" }
  let rules = load.conditions.joined(separator: " AND ")
  let places = (1...load.keys.count).map(String.init).joined(separator: ", ")
  return select(part) { "\($0.value) AS \($0.name)" }
    + "\nGROUP BY \(places)\nHAVING MAX(CASE WHEN \(rules) THEN 1 ELSE 0 END) = 0"
}

/// Appends rows that are not there yet, as often as they landed: for warehouses without EXCEPT ALL, so equal rows are
/// numbered.
///
/// - Parameters:
///   - grouped: a value as one that can be grouped and compared.
///   - restored: that one as the value it came from.
func appendMissing(
  _ load: Load, grouped: (String, ColumnType) -> String = { value, _ in value },
  restored: (String, ColumnType) -> String = { value, _ in value }
) -> String {
  var source = load
  for index in source.columns.indices { source.columns[index].name = "c\(index + 1)" }
  let types = load.columns.map(\.type)
  func numbered(_ values: [String]) -> String {
    let row = zip(values, types).map(grouped).joined(separator: ", ")
    return "SELECT \(row), ROW_NUMBER() OVER (PARTITION BY \(row) ORDER BY \(grouped(values[0], types[0]))) AS copy"
  }
  let names = source.columns.map(\.name)
  // What is wrapped has lost its name.
  let inner = zip(names, types).map { grouped($0, $1) == $0 ? $0 : "\(grouped($0, $1)) AS \($0)" }
  let row = zip(names, types).map(grouped).joined(separator: ", ")
  let order = grouped(names[0], types[0])
  let landed = select(source) { "\($0.value) AS \($0.name)" }
  return """
    INSERT INTO \(load.target) (\(load.columns.map(\.name).joined(separator: ", ")))
    SELECT \(zip(names, types).map(restored).joined(separator: ", "))
    FROM (
      SELECT \(inner.joined(separator: ", ")), ROW_NUMBER() OVER (PARTITION BY \(row) ORDER BY \(order)) AS copy
      FROM (
        \(landed.replacing("\n", with: "\n    "))
      ) AS s
      EXCEPT
      \(numbered(load.columns.map { "t.\($0.name)" }))
      FROM \(load.target) AS t
    ) AS missing
    """
}
