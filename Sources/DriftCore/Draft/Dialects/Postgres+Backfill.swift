/// One batch: reads landed rows along the key, updates the target where a value differs, returns the last key and the
/// count of rows changed.
///
/// Order and comparison are the same operators on the same landed columns, so whatever the collation, no key is skipped.
/// Rows without a key are left out: NULL has no place in the order.
func postgresBackfill(_ plan: Backfill) -> String {
  let keys = plan.load.keys
  let count = keys.count
  func list(_ range: Range<Int>, _ text: (Int) -> String) -> String {
    range.map(text).joined(separator: ", ")
  }
  func row(_ items: String) -> String { count == 1 ? items : "(\(items))" }

  let read =
    keys.enumerated().map { "\($1.value) AS k\($0 + 1)" }
    + plan.columns.enumerated().map { "\($1.value) AS v\($0 + 1)" }
  let bounds = (0..<count).map { "$\($0 + 1)::\(parameterType(keys[$0]))" }
  let after =
    "(\(bounds[0]) IS NULL OR \(row(keys.map(\.value).joined(separator: ", "))) > "
    + "\(row(bounds.joined(separator: ", "))))"
  let conditions = plan.load.conditions + keys.map { "\($0.value) IS NOT NULL" } + [after]
  let matches = keys.enumerated().map { "t.\($1.name) = b.k\($0 + 1)" }
  let assignments = plan.columns.enumerated().map { "\($1.name) = b.v\($0 + 1)" }
  let differences = plan.columns.enumerated().map { index, column in
    "\(comparable("t.\(column.name)", column.type)) IS DISTINCT FROM "
      + comparable("b.v\(index + 1)", column.type)
  }
  let differs =
    differences.count == 1 ? differences[0] : "(\(differences.joined(separator: " OR ")))"
  return """
    WITH batch AS (
      SELECT
        \(read.joined(separator: ",\n    "))
      FROM \(plan.load.source) AS l
      WHERE \(conditions.joined(separator: "\n    AND "))
      ORDER BY \(list(0..<count) { "k\($0 + 1)" })
      LIMIT $\(count + 1)::bigint
    ), done AS (
      UPDATE \(plan.load.target) AS t
      SET \(assignments.joined(separator: ", "))
      FROM batch AS b
      WHERE \((matches + [differs]).joined(separator: "\n    AND "))
      RETURNING 1
    )
    SELECT \(list(0..<count) { "batch.k\($0 + 1)::text" }), (SELECT count(*) FROM done)::text
    FROM batch
    ORDER BY \(list(0..<count) { "batch.k\($0 + 1) DESC" })
    LIMIT 1
    """
}

/// A bound is compared with text that may be longer than the target takes, so it must not be cut.
private func parameterType(_ key: Load.Column) -> String {
  if key.type.isText { return "text" }
  return key.typeName
}

/// A value that can be compared for equality: `json` and `xml` cannot.
func comparable(_ value: String, _ type: ColumnType) -> String {
  switch type {
  case .json: "\(value)::jsonb"
  case .xml: "\(value)::text"
  case .boolean, .integer, .decimal, .float, .date, .time, .timestamp, .text, .character, .uuid, .binary,
    .vector, .array, .map, .structure, .unrecognized:
    value
  }
}
