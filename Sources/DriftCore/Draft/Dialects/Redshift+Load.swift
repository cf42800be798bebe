/// Fills columns of every row at once, where a value differs.
///
/// Redshift's MERGE takes no subquery and no condition, so rows are updated and inserted apart.
func redshiftBackfill(_ plan: Backfill) -> String {
  update(plan.load, plan.columns)
}

/// Inserts or updates by key, then deletes what the row rules now leave out; without a key, appends what is not there.
func redshiftLoad(_ load: Load) -> [String] {
  guard !load.keys.isEmpty else {
    return [
      appendMissing(
        load, grouped: { value, type in type == .json ? "JSON_SERIALIZE(\(value))" : value },
        restored: { value, type in type == .json ? "JSON_PARSE(\(value))" : value })
    ]
  }
  let values = load.columns.filter { !$0.isKey }
  var statements = values.isEmpty ? [] : [update(load, values)]
  let names = load.columns.map(\.name)
  statements.append(
    """
    INSERT INTO \(load.target) (\(names.joined(separator: ", ")))
    SELECT \(names.map { "s.\($0)" }.joined(separator: ", "))
    FROM (
    \(indented(keyedSource(load, columns: load.columns)))
    ) AS s
    LEFT JOIN \(load.target) AS t
    ON \(matches(load, "t."))
    WHERE t.\(load.keys[0].name) IS NULL
    """)
  if !load.conditions.isEmpty {
    statements.append(
      """
      DELETE FROM \(load.target)
      USING (
      \(indented(keysLeftOut(load)))
      ) AS s
      WHERE \(matches(load, "\(load.target)."))
      """)
  }
  return statements
}

private func update(_ load: Load, _ columns: [Load.Column]) -> String {
  let differences = columns.map { column in
    let (old, new) = (comparable("t.\(column.name)", column), comparable("s.\(column.name)", column))
    // There is no IS DISTINCT FROM.
    return "COALESCE(\(old) <> \(new), NOT (\(old) IS NULL AND \(new) IS NULL))"
  }
  return """
    UPDATE \(load.target) AS t
    SET
      \(columns.map { "\($0.name) = s.\($0.name)" }.joined(separator: ",\n  "))
    FROM (
    \(indented(keyedSource(load, columns: load.keys + columns)))
    ) AS s
    WHERE \(matches(load, "t."))
      AND (\(differences.joined(separator: " OR ")))
    """
}

private func comparable(_ value: String, _ column: Load.Column) -> String {
  column.type == .json ? "JSON_SERIALIZE(\(value))" : value
}

private func matches(_ load: Load, _ target: String) -> String {
  load.keys.map { "\(target)\($0.name) = s.\($0.name)" }.joined(separator: " AND ")
}

private func indented(_ text: String) -> String {
  text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
}
