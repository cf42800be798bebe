/// Brings the target up to date with the landed rows; may be run again at any time.
///
/// With a key: insert or update, then delete what the row rules now leave out. Without one: rows that are not there yet
/// are appended, a changed row beside its old version.
func postgresLoad(_ load: Load) -> [String] {
  let names = load.columns.map(\.name).joined(separator: ", ")
  let into = "INSERT INTO \(load.target) AS t (\(names))\n"
  guard !load.keys.isEmpty else {
    let there = load.columns.map { comparable("t.\($0.name)", $0.type) }.joined(separator: ", ")
    return [
      into + select(load) { comparable($0.value, $0.type) }
        + "\nEXCEPT ALL\nSELECT \(there)\nFROM \(load.target) AS t"
    ]
  }
  let keys = load.keys.map(\.name).joined(separator: ", ")
  let values = load.columns.filter { !$0.isKey }
  var upsert = into + select(load, \.value) + "\nON CONFLICT (\(keys)) DO "
  if values.isEmpty {
    upsert += "NOTHING"
  } else {
    upsert += "UPDATE SET\n  "
    upsert += values.map { "\($0.name) = EXCLUDED.\($0.name)" }.joined(separator: ",\n  ")
    upsert += "\nWHERE "
    upsert += values.map {
      "\(comparable("t.\($0.name)", $0.type)) IS DISTINCT FROM "
        + comparable("EXCLUDED.\($0.name)", $0.type)
    }.joined(separator: "\n  OR ")
  }
  guard !load.conditions.isEmpty else { return [upsert] }
  let matches = load.keys.map { "\($0.value) = t.\($0.name)" }.joined(separator: " AND ")
  let rules = load.conditions.joined(separator: " AND ")
  let delete = """
    DELETE FROM \(load.target) AS t
    WHERE EXISTS (SELECT 1 FROM \(load.source) AS l WHERE \(matches))
      AND NOT EXISTS (SELECT 1 FROM \(load.source) AS l WHERE \(matches) AND \(rules))
    """
  return [upsert, delete]
}
