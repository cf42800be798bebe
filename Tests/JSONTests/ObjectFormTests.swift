import JSON
import Testing

@Suite struct ObjectFormTests {
  /// Lists of objects that are alike, nearly alike, and broken in a place.
  private static let lists = [
    #"[{"a":1,"b":"x"},{"a":-2.5e3,"b":"y\\n"},{"a":null,"b":true}]"#,
    #"[{"a":1,"b":2},{"b":2,"a":1},{"a":1},{},{"a":[1]},{"a":{"b":1}},{"a":1,"b":2,"c":3},[],7,"t"]"#,
    #"[ {"a" : 1 , "b" : 2 } , {"a" : 1 , "b" : 2 } , {"a": 1,"b":2} ]"#,
    #"[{"a":1,"b":2},{"a":1,"a":2}]"#, #"[{"a":1,"b":2},{"a":1,"b":}]"#, #"[{"a":1,"b":2},{"a":1,"b":2"#,
    #"[{"a":1,"b":2},{"a":01,"b":2}]"#, #"[{"a":1,"b":2},{"a":tru,"b":2}]"#, #"[{"a":1,"b":2},{"a":1,"b":2}}]"#,
    #"[{"a":"x"},{"a":"\u{1}"}]"#, #"[{"a":"x"},{"a":"\\ud800"}]"#, #"[{"a":1},{"a":1,}]"#,
    #"[{"\\u0061":1},{"\\u0061":2}]"#,
    "[" + (0..<40).map { #"{"k\#($0)":\#($0)}"# }.joined(separator: ",") + #",{"k39":1,"k39":2}]"#,
  ]

  /// What is found, or what is wrong and where, is the same as without a form.
  @Test(arguments: lists) func aFormChangesNoAnswer(list: String) throws {
    func ranges(_ skip: (inout JSONReader) throws(JSONError) -> Range<Int>) -> Result<[Range<Int>], JSONError> {
      Result { () throws(JSONError) in
        var reader = JSONReader(JSONBytes(Array(list.utf8)))
        var ranges: [Range<Int>] = []
        try reader.beginArray()
        while try reader.nextElement() { ranges.append(try skip(&reader)) }
        try reader.end()
        return ranges
      }
    }
    var form = ObjectForm()
    let alike = ranges { (reader) throws(JSONError) in try reader.skip(like: &form) }
    #expect(alike == ranges { (reader) throws(JSONError) in try reader.skip() })
  }

  /// Any byte of an object of a known form may be any other.
  @Test func aByteOutOfPlaceIsFoundAsWithoutAForm() throws {
    let list = Array(#"[{"name":"id","type":"LONG","pk":true},{"name":"at","type":"INSTANT","pk":false}]"#.utf8)
    var refused = 0
    for place in list.indices where place > 38 {
      for byte: UInt8 in [0x00, 0x20, 0x22, 0x2C, 0x30, 0x3A, 0x5B, 0x5C, 0x5D, 0x61, 0x7B, 0x7D, 0x80, 0xC3, 0xFF] {
        var bytes = list
        bytes[place] = byte
        func read(_ skip: (inout JSONReader) throws(JSONError) -> Range<Int>) -> JSONError? {
          do throws(JSONError) {
            var reader = JSONReader(JSONBytes(bytes))
            try reader.beginArray()
            while try reader.nextElement() { _ = try skip(&reader) }
            try reader.end()
            return nil
          } catch {
            return error
          }
        }
        var form = ObjectForm()
        let alike = read { (reader) throws(JSONError) in try reader.skip(like: &form) }
        #expect(alike == read { (reader) throws(JSONError) in try reader.skip() }, "byte \(byte) at \(place)")
        if alike != nil { refused += 1 }
      }
    }
    #expect(refused > 300)
  }
}
