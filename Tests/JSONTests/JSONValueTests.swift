import JSON
import Testing

@Suite struct JSONValueTests {
  private let value: JSONValue = [
    "b": [1, true, .null, "x/\u{2028}\u{2029}\u{1}\u{7F}\n\"\\é😀"], "a": [:], "é": [],
    "B": ["n": .number("1.50")],
  ]

  @Test func textKeepsTheOrderOfMembers() {
    #expect(
      value.text
        == #"{"b":[1,true,null,"x/\u2028\u2029\u0001\u007f\n\"\\é😀"],"a":{},"é":[],"B":{"n":1.50}}"#
    )
  }

  @Test func canonicalTextSortsNamesByTheirBytes() throws {
    #expect(
      value.canonicalText
        == #"{"B":{"n":1.50},"a":{},"b":[1,true,null,"x/\u2028\u2029\u0001\u007f\n\"\\é😀"],"é":[]}"#
    )
    #expect(try JSONValue.parse(value.canonicalText).canonicalText == value.canonicalText)
  }

  @Test func prettyTextHasOneMemberALine() {
    let value: JSONValue = ["a": [1, [:]], "b": [], "c": ["d": "e"]]
    #expect(
      value.prettyText == """
        {
          "a": [
            1,
            {}
          ],
          "b": [],
          "c": {
            "d": "e"
          }
        }
        """)
  }

  @Test func accessorsGiveNilForOtherKinds() {
    #expect(value["b"]?[0]?.int == 1)
    #expect(value["b"]?[1]?.bool == true)
    #expect(value["b"]?[2]?.isNull == true)
    #expect(value["b"]?[9] == nil)
    #expect(value["B"]?["n"]?.double == 1.5)
    #expect(value["B"]?["n"]?.int == nil)
    #expect(value["absent"] == nil)
    #expect(value["a"]?.members == [])
    #expect(value["a"]?.array == nil)
    #expect(value.string == nil)
    #expect(JSONValue("\(1 + 1) apples").string == "2 apples")
  }

  @Test func namesAreComparedByTheirBytes() {
    let value: JSONValue = ["\u{E9}": 1, "e\u{301}": 2]
    #expect(value["\u{E9}"] == 1)
    #expect(value["e\u{301}"] == 2)
    #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func whatIsWrittenIsReadBackEqual(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let value = randomValue(depth: 4, using: &generator)
    #expect(try JSONValue.parse(value.text) == value)
    #expect(try JSONValue.parse(value.prettyText) == value)
    let canonical = try JSONValue.parse(value.canonicalText)
    #expect(canonical.canonicalText == value.canonicalText)
    try skip(Array(value.text.utf8))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func aDamagedDocumentIsReadTheSameWayByBothOrRefusedByBoth(seed: UInt64) {
    var generator = SplitMix(state: seed)
    var bytes = Array(randomValue(depth: 4, using: &generator).text.utf8)
    for _ in 0..<3 {
      bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
        in: 0...255, using: &generator)
    }
    let parsed = refusal { () throws(JSONError) in _ = try JSONValue.parse(bytes) }
    let skipped = refusal { () throws(JSONError) in try skip(bytes) }
    #expect(parsed == skipped)
    if parsed == nil { #expect(String(validating: bytes, as: UTF8.self) != nil) }
  }
}

private func randomValue(depth: Int, using generator: inout SplitMix) -> JSONValue {
  switch Int.random(in: 0..<(depth == 0 ? 4 : 6), using: &generator) {
  case 0: return .null
  case 1: return .bool(.random(using: &generator))
  case 2: return .number(numbers.randomElement(using: &generator) ?? "0")
  case 3: return .string(randomText(using: &generator))
  case 4:
    return .array(
      (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
        randomValue(depth: depth - 1, using: &generator)
      })
  default:
    return .object(
      (0..<Int.random(in: 0..<24, using: &generator)).map { index in
        JSONMember(
          "\(randomText(using: &generator))#\(index)",
          randomValue(depth: depth - 1, using: &generator))
      })
  }
}

private let numbers = ["0", "-0", "17", "-3.25", "1e400", "6.02E+23", "99999999999999999999"]

private func randomText(using generator: inout SplitMix) -> String {
  let scalars: [Unicode.Scalar] = [
    "a", "B", "\"", "\\", "/", "\n", "\u{1}", "\u{1F}", "\u{7F}", "\u{80}", "é", "\u{301}",
    "\u{2028}",
    "\u{2029}", "\u{FEFF}", "\u{FFFF}", "😀", "\u{10FFFF}",
  ]
  var text = String.UnicodeScalarView()
  for _ in 0..<Int.random(in: 0..<20, using: &generator) {
    text.append(scalars.randomElement(using: &generator) ?? "a")
  }
  return String(text)
}

/// Small, fast and the same everywhere (Steele, Lea and Flood, 2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
