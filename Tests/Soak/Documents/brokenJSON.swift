import JSON

/// What the grammar gives a meaning to.
private let words = [
  "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\uD800", "\\uD83D\\uDE00", "null", "true", "false", "-", "0",
  "01", "1e999",
  "-0.0", "9007199254740993", ".5", "NaN", "\n", "\t", " ", "\u{FEFF}", "\u{0}", "é", "e\u{301}", "😀", "// x", "'",
  "[[[[[[[[",
  "{\"a\":", "\"a\":1,", "\"\\u0061\":1,",
]

/// Breaks so many answers of services and reads them; returns what went wrong, in words.
///
/// Both ways of reading take and refuse the same, and what was read is written so that it reads the same.
func brokenJSON(_ count: Int, seed: UInt64) throws -> [String] {
  var documents = try Mutations(of: ["http", "fuzz/json", "scenarios"], ending: ".json", words: words, seed: seed)
  var broken: [String] = []
  for _ in 0..<count {
    let bytes = documents.next()
    func expect(_ holds: Bool, _ promise: String) {
      if !holds { broken.append("\(promise): \(String(decoding: bytes, as: UTF8.self).debugDescription)") }
    }
    let value = try? JSONValue.parse(bytes)
    expect((value != nil) == skips(bytes), "skipped and not read, or read and not skipped")
    guard let value else { continue }
    expect((try? JSONValue.parse(value.text)) == value, "written as something else")
    expect((try? JSONValue.parse(value.prettyText)) == value, "laid out as something else")
  }
  return broken
}

private func skips(_ bytes: [UInt8]) -> Bool {
  var reader = JSONReader(bytes)
  do throws(JSONError) {
    _ = try reader.skip()
    try reader.end()
    return true
  } catch {
    return false
  }
}
