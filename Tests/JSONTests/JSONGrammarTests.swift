import JSON
import Testing

@Suite struct JSONGrammarTests {
  @Test(
    arguments: [
      ("null", JSONValue.null),
      (" \t\r\n true \n", true),
      ("false", false),
      ("0", 0), ("-0", .number("-0")), ("-12", -12), ("1.50", .number("1.50")),
      ("1e5", .number("1e5")), ("1E+05", .number("1E+05")), ("0.1e-9", .number("0.1e-9")),
      ("123456789012345678901234567890", .number("123456789012345678901234567890")),
      (#""""#, ""), (#""a""#, "a"),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{08}\u{0C}\n\r\t"),
      (#""\u0041\u00e9\u20AC""#, "Aé€"),
      (#""\ud83d\ude00""#, "😀"), (#""😀 é €""#, "😀 é €"),
      ("\"\u{7F}\u{2028}\u{FFFF}\u{10FFFF}\"", "\u{7F}\u{2028}\u{FFFF}\u{10FFFF}"),
      ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]),
      ("[1,[2,[]],{}]", [1, [2, []], [:]]),
      (#"{"a":1,"b":{"a":2}}"#, ["a": 1, "b": ["a": 2]]),
      (#"{"":0,"A":1,"a":2}"#, ["": 0, "A": 1, "a": 2]),
      ("{\"\u{E9}\":1,\"e\u{301}\":2}", ["\u{E9}": 1, "e\u{301}": 2]),
    ] as [(String, JSONValue)])
  func whatTheGrammarAllowsIsRead(document: String, value: JSONValue) throws {
    #expect(try JSONValue.parse(document) == value)
    var reader = JSONReader(Array(document.utf8))
    _ = try reader.skip()
    try reader.end()
  }

  @Test(arguments: [
    ("", 0), (" ", 1), ("nul", 0), ("nulL", 0), ("True", 0), ("NaN", 0), ("Infinity", 0), ("+1", 0),
    ("01", 1), ("-01", 2), ("-", 1), ("1.", 2), (".5", 0), ("1.e3", 2), ("1e", 2), ("1e+", 3),
    ("0x1", 1), ("1_0", 1), ("'a'", 0), ("// c\n1", 0), ("1 2", 2), ("1,", 1), ("{}x", 2), ("]", 0),
    ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("[1}", 2),
    ("[1;2]", 2),
    ("{", 1), ("{\"a\"", 4), ("{\"a\" 1}", 5), ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{a:1}", 1),
    ("{1:2}", 1), ("{\"a\":1 \"b\":2}", 7), ("{\"a\":1]", 6), ("{,}", 1), ("{\"a\"::1}", 5),
    ("\"", 1), ("\"a", 2), ("\"\\", 2), ("\"\\\"", 3), ("\"\\x\"", 1), ("\"\\u12\"", 1),
    ("\"\\u12G4\"", 1), ("\"\\U0041\"", 1), ("\"a\nb\"", 2), ("\"\t\"", 1), ("\"\u{0}\"", 1),
    ("\"\\u0000\"", 1), ("{\"\\u0000\":1}", 2), ("\"\\ud800\"", 1), ("\"\\udc00\"", 1),
    ("\"\\ud800\\ud800\"", 1), ("\"\\ud800a\"", 1), ("\"\\ud800\\u\"", 1),
    ("\"\\udc00\\ud800\"", 1),
    ("\u{FEFF}1", 0), ("\u{A0}1", 0), ("1\u{0}", 1), ("\u{0C}1", 0),
  ])
  func whatTheGrammarForbidsIsRefusedWhereItStands(document: String, offset: Int) {
    let bytes = Array(document.utf8)
    #expect(refusal { () throws(JSONError) in _ = try JSONValue.parse(bytes) }?.offset == offset)
    #expect(refusal { () throws(JSONError) in try skip(bytes) }?.offset == offset)
  }

  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x22], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xE2, 0x82, 0x22],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
      [0xF0, 0x9F, 0x98], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func invalidUTF8IsRefusedInStringsAndKeys(sequence: [UInt8]) {
    for padding in 0..<9 {
      let filler = [UInt8](repeating: 0x61, count: padding)
      let string = [0x22] + filler + sequence + [0x22]
      #expect(refusal { () throws(JSONError) in try skip(string) }?.offset == 1 + padding)
      #expect(
        refusal { () throws(JSONError) in try skip([0x7B] + string + [0x3A, 0x31, 0x7D]) } != nil)
    }
  }

  @Test func everySpecialByteIsFoundWhereverItStands() throws {
    for length in 0..<40 {
      let plain = String(repeating: "a", count: length)
      #expect(try JSONValue.parse("\"\(plain)\"") == .string(plain))
      #expect(try JSONValue.parse("\"\(plain)\\n\"") == .string(plain + "\n"))
      #expect(try JSONValue.parse("\"\(plain)é\(plain)\"") == .string("\(plain)é\(plain)"))
      let control = Array("\"\(plain)\u{1F}\(plain)\"".utf8)
      #expect(refusal { () throws(JSONError) in try skip(control) }?.offset == length + 1)
    }
  }

  @Test func everyPrefixOfADocumentIsRefused() throws {
    let document = Array(
      #"{"a":[1,-2.5e3,"x\n\ud83d\ude00é"],"b":{"c":null,"d":[true,false,{}]}}"#.utf8)
    _ = try JSONValue.parse(document)
    for length in document.indices {
      let prefix = Array(document[..<length])
      #expect(
        refusal { () throws(JSONError) in _ = try JSONValue.parse(prefix) } != nil, "\(length)")
      #expect(refusal { () throws(JSONError) in try skip(prefix) } != nil, "\(length)")
    }
  }

  @Test func nestingEndsAtItsLimit() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[{\"a\":", count: depth / 2) + "1"
        + String(repeating: "}]", count: depth / 2)
    }
    _ = try JSONValue.parse(nested(64))
    #expect(
      refusal { () throws(JSONError) in _ = try JSONValue.parse(nested(66)) }?.offset == 32 * 6)
    let hostile = [UInt8](repeating: 0x5B, count: 1_000_000)
    #expect(refusal { () throws(JSONError) in try skip(hostile) }?.offset == 64)
  }

  @Test func stringsEndAtTheirLimit() throws {
    let longest = String(repeating: "a", count: 1 << 20)
    #expect(try JSONValue.parse("\"\(longest)\"").string?.utf8.count == 1 << 20)
    #expect(
      refusal { () throws(JSONError) in _ = try JSONValue.parse("\"\(longest)a\"") }?.offset == 0)
  }

  @Test(arguments: [
    (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"\u0061":2}"#, 7), (#"{"\u0061":1,"a":2}"#, 12),
    (#"{"\u00e9":1,"é":2}"#, 12), (#"{"":1,"":2}"#, 6), (#"[{"b":{"a":1,"a":2}}]"#, 13),
    (#"{"a":{"b":1},"a":2}"#, 13), (#"{"\n":1,"\u000A":2}"#, 8),
  ])
  func aKeyStandsOnceInAnObject(document: String, offset: Int) {
    let bytes = Array(document.utf8)
    #expect(refusal { () throws(JSONError) in _ = try JSONValue.parse(bytes) }?.offset == offset)
    #expect(refusal { () throws(JSONError) in try skip(bytes) }?.offset == offset)
  }

  @Test(arguments: [2, 15, 16, 17, 18, 31, 32, 33, 63, 64, 65, 1000])
  func aSecondKeyIsFoundAmongMany(count: Int) throws {
    let names = (0..<count).map { $0.isMultiple(of: 7) ? "\\u006b\($0)" : "k\($0)" }
    let members = names.map { #""\#($0)":{"k0":1}"# }.joined(separator: ",")
    #expect(try JSONValue.parse("{\(members)}").members?.count == count)
    for repeated in [0, count / 2, count - 1] {
      let document = #"{\#(members),"k\#(repeated)":2}"#
      #expect(
        refusal { () throws(JSONError) in _ = try JSONValue.parse(document) }?.offset
          == members.utf8.count + 2)
    }
  }

  @Test func aHugeObjectIsReadInLinearTime() throws {
    let members = (0..<200_000).map { #""common_prefix_\#($0)_common_suffix":0"# }
    try skip(Array("{\(members.joined(separator: ","))}".utf8))
  }

  @Test func errorsHoldNothingOfTheDocument() throws {
    let error = try #require(
      refusal { () throws(JSONError) in _ = try JSONValue.parse(#"{"password":"hunter2" x}"#) })
    #expect(
      "\(error)" == "JSON, byte 22: a comma or the end of the object or array should be here")
  }
}

func skip(_ bytes: [UInt8]) throws(JSONError) {
  var reader = JSONReader(bytes)
  _ = try reader.skip()
  try reader.end()
}

func refusal(_ body: () throws(JSONError) -> Void) -> JSONError? {
  do {
    try body()
    return nil
  } catch {
    return error
  }
}
