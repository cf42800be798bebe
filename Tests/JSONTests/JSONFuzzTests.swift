import JSON
import TestSupport
import Testing

private let words = [
  "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\uD800", "\\uD83D\\uDE00", "null", "true", "false", "-", "0",
  "01", "1e999",
  "-0.0", "9007199254740993", ".5", "NaN", "\n", "\t", " ", "\u{FEFF}", "\u{0}", "é", "e\u{301}", "😀", "// x", "'",
  "[[[[[[[[",
  "{\"a\":", "\"a\":1,", "\"\\u0061\":1,",
]

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

/// What a service may answer ends no process, and both ways of reading take and refuse the same.
@Suite struct JSONFuzzTests {
  @Test(arguments: 0..<8 as Range<UInt64>)
  func brokenDocumentsAreReadOrRefused(seed: UInt64) throws {
    var documents = try Mutations(of: ["http", "fuzz/json", "scenarios"], ending: ".json", words: words, seed: seed)
    for _ in 0..<(Mutations.count / 8) {
      let bytes = documents.next()
      let value = try? JSONValue.parse(bytes)
      let isSkipped = skips(bytes)
      #expect((value != nil) == isSkipped, "\(String(decoding: bytes, as: UTF8.self))")
      guard let value else { continue }
      #expect((try? JSONValue.parse(value.text)) == value)
      #expect((try? JSONValue.parse(value.prettyText)) == value)
    }
  }
}
