let snowflakeMerge = Merge(comparable: { value, type in type == .json ? "TO_JSON(\(value))" : value })

func snowflakeLoad(_ load: Load) -> [String] {
  load.keys.isEmpty ? [appendMissing(load)] : snowflakeMerge.load(load)
}
