let bigQueryMerge = Merge(comparable: { value, type in type == .json ? "TO_JSON_STRING(\(value))" : value })

/// Without a key: rows that are not there yet are appended, as often as they landed.
///
/// Neither JSON nor floating point can be grouped here, so rows are compared as the text of their values.
func bigQueryLoad(_ load: Load) -> [String] {
  guard load.keys.isEmpty else { return bigQueryMerge.load(load) }
  var source = load
  for index in source.columns.indices { source.columns[index].name = "c\(index + 1)" }
  let names = source.columns.map(\.name)
  let landed = select(source) { "\($0.value) AS \($0.name)" }
  let there = zip(load.columns, names).map { "t.\($0.name) AS \($1)" }.joined(separator: ", ")
  return [
    """
    INSERT INTO \(load.target) (\(load.columns.map(\.name).joined(separator: ", ")))
    SELECT \(names.map { "n.\($0)" }.joined(separator: ", "))
    FROM (
      SELECT s.*, ROW_NUMBER() OVER (PARTITION BY TO_JSON_STRING(s)) AS copy, TO_JSON_STRING(s) AS content
      FROM (
        \(landed.replacing("\n", with: "\n    "))
      ) AS s
    ) AS n
    LEFT JOIN (
      SELECT TO_JSON_STRING(STRUCT(\(there))) AS content, COUNT(*) AS copies
      FROM \(load.target) AS t
      GROUP BY 1
    ) AS o
    ON n.content = o.content
    WHERE n.copy > COALESCE(o.copies, 0)
    """
  ]
}
