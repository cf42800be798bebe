let snowflakeMerge = Merge(comparable: { value, type in type == .json ? "TO_JSON(\(value))" : value })

/// Without a key: rows that are not there yet are appended, as often as they landed. Snowflake has no EXCEPT ALL, so
/// equal rows are numbered.
func snowflakeLoad(_ load: Load) -> [String] {
  guard load.keys.isEmpty else { return snowflakeMerge.load(load) }
  var source = load
  for index in source.columns.indices { source.columns[index].name = "c\(index + 1)" }
  func numbered(_ values: [String]) -> String {
    let row = values.joined(separator: ", ")
    return "SELECT \(row), ROW_NUMBER() OVER (PARTITION BY \(row) ORDER BY \(values[0])) AS copy"
  }
  let landed = select(source) { "\($0.value) AS \($0.name)" }
  return [
    """
    INSERT INTO \(load.target) (\(load.columns.map(\.name).joined(separator: ", ")))
    SELECT \(source.columns.map(\.name).joined(separator: ", "))
    FROM (
      \(numbered(source.columns.map(\.name)))
      FROM (
        \(landed.replacing("\n", with: "\n    "))
      ) AS s
      EXCEPT
      \(numbered(load.columns.map { "t.\($0.name)" }))
      FROM \(load.target) AS t
    ) AS missing
    """
  ]
}
