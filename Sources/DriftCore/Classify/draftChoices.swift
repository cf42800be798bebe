/// Types that a target column may get for a landed one: first its own, which is what the rules choose, then those that
/// a conversion of the closed list leads to.
///
/// A number becomes nothing but a wider number or a point in time: what its digits mean cannot be seen from a schema.
func targetTypes(for landed: ColumnType) -> [ColumnType] {
  switch landed {
  case .text:
    [
      landed, .boolean, .integer(bits: 64), .decimal(precision: nil, scale: nil), .date,
      .timestamp(zoned: true), .uuid,
    ]
  case .integer(let bits):
    bits < 64 ? [landed, .integer(bits: 64)] : [landed, .timestamp(zoned: true)]
  case .boolean, .decimal, .float, .date, .time, .timestamp, .character, .uuid, .json, .xml, .binary, .vector, .array,
    .map, .structure, .unrecognized:
    [landed]
  }
}

/// Conversions from a landed type to one of its target types; the first is the one to take where nobody chooses.
///
/// No way fails on a value that does not fit: such a value becomes NULL.
func conversions(from landed: ColumnType, to target: ColumnType) -> [Conversion] {
  if landed == target { return landed.isText ? [.none, .trim, .lower, .upper] : [.none] }
  if widens(landed, to: target) { return [.none] }
  switch (landed, target) {
  case (.text, .boolean): return [.booleanFromText, .tryCast]
  case (.integer, .timestamp): return [.epochToTimestamp]
  default: return [.tryCast]
  }
}
