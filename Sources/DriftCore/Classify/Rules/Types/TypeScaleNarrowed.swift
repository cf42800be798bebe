extension Rule {
  static let typeScaleNarrowed = Rule.retyped(
    "type.scaleNarrowed", .risky, writes: .fails, back: .no, policy: .block,
    "A decimal holds fewer digits behind the point."
  ) {
    from, to in
    guard case .decimal(_, let old?) = from, old > scale(of: to) else { return nil }
    return "values are rounded"
  }
}

/// More than any where the type is no whole or decimal number.
private func scale(of type: ColumnType) -> Int {
  switch type {
  case .decimal(_, let scale): scale ?? 0
  case .integer: 0
  case .boolean, .float, .date, .time, .timestamp, .text, .uuid, .json, .xml, .binary, .vector, .array, .map,
    .structure, .unrecognized:
    .max
  }
}
