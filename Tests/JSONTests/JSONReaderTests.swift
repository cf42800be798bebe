import JSON
import Testing

@Suite struct JSONReaderTests {
  @Test func aDocumentIsReadInItsOrder() throws {
    var reader = JSONReader(
      Array(#" {"na\u006de":"x\ty","on":true,"n":-7,"no":null,"list":[1,2],"rest":{"a":[]}} "#.utf8)
    )
    var seen: [String] = []
    try reader.beginObject()
    while let key = try reader.nextKey() {
      seen.append(reader.string(of: key))
      if reader.matches(key, "name") {
        #expect(key.hasEscapes)
        #expect(try reader.string() == "x\ty")
      } else if reader.matches(key, "on") {
        #expect(try reader.bool())
      } else if reader.matches(key, "n") {
        #expect(try reader.integer() == -7)
      } else if reader.matches(key, "no") {
        #expect(try reader.takeNull())
      } else if reader.matches(key, "list") {
        #expect(try reader.takeNull() == false)
        var sum = 0
        try reader.beginArray()
        while try reader.nextElement() { sum += try reader.integer() }
        #expect(sum == 3)
      } else {
        #expect(try reader.peek() == .object)
        let range = try reader.skip()
        var inner = JSONReader(reader.bytes.part(range))
        #expect(try inner.value() == ["a": []])
      }
    }
    try reader.end()
    #expect(seen == ["name", "on", "n", "no", "list", "rest"])
  }

  @Test(arguments: ["1.0", "1e2", "9223372036854775808", "-9223372036854775809", "\"1\"", "null"])
  func integersAreWholeAndFit(document: String) {
    var reader = JSONReader(Array(document.utf8))
    #expect(refusal { () throws(JSONError) in _ = try reader.integer() }?.offset == 0)
  }

  @Test func aKindThatIsNotThereIsRefusedInWords() {
    var reader = JSONReader(Array(#"  "x""#.utf8))
    #expect(
      refusal { () throws(JSONError) in try reader.beginObject() }
        == JSONError(offset: 2, problem: "an object should be here"))
  }
}
