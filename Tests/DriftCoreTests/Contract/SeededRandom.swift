import DriftCore

/// Repeatable random numbers (SplitMix64), so that a failing seed can be run again.
final class SeededRandom {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  func pick<Value>(_ values: [Value]) -> Value { values[Int(next() % UInt64(values.count))] }

  func chance(_ percent: UInt64) -> Bool { next() % 100 < percent }

  func maybe<Value>(_ value: @autoclosure () -> Value) -> Value? {
    chance(50) ? value() : nil
  }

  /// A text that hurts somewhere, never empty.
  func hostile() -> String {
    let pieces = [
      "no", "null", "~", "1e3", "0x1F", "012", "12:30:45", "2001-01-01", ".5", "1_000", "true", "y",
      ": ", "#", " #", "- ", "\"", "'", "\\", "\n", "\r\n", "\t", "<script>", "\u{202E}",
      "\u{200F}",
      "é", "e\u{301}", "😀", "{", "}", "[", "]", ",", "&a", "*a", "!t", "%", "@", "`", "|", ">", "?",
      " ", "tier_c", "Account", "x.y", "---", "...", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}",
      "\u{FEFF}", "=", "<<", "${A}", "-1", "日本",
    ]
    if chance(3) { return String(repeating: pick(["long_", "é", "\u{202E}"]), count: 300) }
    return (0...Int(next() % 3)).map { _ in pick(pieces) }.joined()
  }

  func plain() -> String {
    pick(["id", "tier_c", "annual_revenue", "owner_rep_c", "region"]) + "_\(next() % 100_000)"
  }

  func type() -> ColumnType {
    pick([
      .boolean, .integer(bits: 16), .integer(bits: 32), .integer(bits: 64), .integer(bits: 8),
      .decimal(precision: nil, scale: nil), .decimal(precision: 18, scale: nil),
      .decimal(precision: 18, scale: 2), .decimal(precision: nil, scale: 2), .float(bits: 32),
      .float(bits: 64), .date, .time, .timestamp(zoned: true), .timestamp(zoned: false),
      .text(length: nil), .text(length: 255), .uuid, .json, .xml, .binary(length: nil),
      .binary(length: 9), .timestamp(zoned: true, digits: 3), .vector(dimensions: 3), .array(.array(.text(length: 5))),
      .map(key: .text(length: nil), value: .decimal(precision: 9, scale: 2)),
      .structure([
        StructureField("a", .float(bits: 64)),
        StructureField("b", .map(key: .date, value: .decimal(precision: 9, scale: 2))),
      ]),
      .unrecognized(hostile()), .unrecognized("text"), .unrecognized("unrecognized x"),
    ])
  }
}
