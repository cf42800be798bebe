let databricksMerge = Merge(comparable: { value, type in type == .json ? "TO_JSON(\(value))" : value })

/// Without a key: rows that are not there yet are appended, as often as they landed.
func databricksLoad(_ load: Load) -> [String] {
  guard load.keys.isEmpty else { return databricksMerge.load(load) }
  return [
    appendMissing(
      load, grouped: databricksMerge.comparable,
      restored: { value, type in type == .json ? "PARSE_JSON(\(value))" : value })
  ]
}
