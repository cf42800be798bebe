extension Rule {
  static let typeScaleNarrowed = Rule.retyped(
    "type.scaleNarrowed", .risky, writes: .fails, back: .no, policy: .block,
    summary: "A decimal holds fewer digits behind the point.",
    why: "Digits behind the point are rounded away as values load, and nothing tells of it.",
    advice: "Merge where the lost digits are all zero, or nobody needs them; else have the source keep them."
  ) { from, to in
    guard case .decimal = from, scale(of: from) > scale(of: to) else { return nil }
    return wholeDigits(of: from) > wholeDigits(of: to)
      ? "values are rounded, and large ones fail to load" : "values are rounded"
  }
}

/// More than any where the type has no bound, or is no whole or decimal number.
private func scale(of type: ColumnType) -> Int {
  switch type {
  case .decimal(nil, nil): .max
  case .decimal(_, let scale): scale ?? 0
  case .integer: 0
  case .boolean, .float, .date, .time, .timestamp, .text, .character, .uuid, .json, .xml, .binary, .vector,
    .array, .map, .structure, .unrecognized:
    .max
  }
}

/// How many digits before the point always fit; more than any where there is no bound.
private func wholeDigits(of type: ColumnType) -> Int {
  switch type {
  case .decimal(let precision, let scale): precision.map { $0 - (scale ?? 0) } ?? .max
  case .integer(bits: ...8): 2
  case .integer(bits: ...16): 4
  case .integer(bits: ...32): 9
  case .integer: 18
  case .boolean, .float, .date, .time, .timestamp, .text, .character, .uuid, .json, .xml, .binary, .vector,
    .array, .map, .structure, .unrecognized:
    .max
  }
}
