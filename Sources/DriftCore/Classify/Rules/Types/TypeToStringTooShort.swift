extension Rule {
  /// `bigint` to `varchar(5)`.
  static let typeToStringTooShort = Rule.retyped(
    "type.toString.tooShort", .breaking, writes: .fails, back: .no, policy: .block,
    summary: "A column of another type has become text that is too short for some of its values.",
    why: "The longest values have no room as text, so they are cut or fail to load.",
    advice: "Have the source land longer text. Merge only where every value is short enough."
  ) { from, to in
    guard let length = to.textLength else { return nil }
    guard let needed = longestText(of: from) else { return "longer values are cut or fail to load" }
    return length < needed ? "values take up to \(needed) characters: longer ones are cut or fail to load" : nil
  }
}

/// How many characters the longest value of a type takes as text, in the warehouse that writes most; nil without bound.
private func longestText(of type: ColumnType) -> Int? {
  switch type {
  case .boolean: 5
  case .integer(bits: ...8): 4
  case .integer(bits: ...16): 6
  case .integer(bits: ...32): 11
  case .integer: 20
  // A sign, a point and a zero before it.
  case .decimal(let precision, let scale): precision.map { $0 + ((scale ?? 0) > 0 ? 3 : 1) }
  // -1.1754944e-38, -2.2250738585072014e-308
  case .float(bits: 32): 14
  case .float: 24
  case .date: 10
  case .time: 8 + fraction(nil)
  case .timestamp(let isZoned, let digits): 19 + fraction(digits) + (isZoned ? 6 : 0)
  case .uuid: 36
  case .text(let length), .character(let length): length
  case .json, .xml, .binary, .vector, .array, .map, .structure, .unrecognized: nil
  }
}

/// A point and the digits of a second behind it.
private func fraction(_ digits: Int?) -> Int {
  let digits = digits ?? 9
  return digits == 0 ? 0 : digits + 1
}
