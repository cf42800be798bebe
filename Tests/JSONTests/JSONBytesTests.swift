import JSON
import Testing

@Suite struct JSONBytesTests {
  /// Sixteen places are looked at at a time, so the lengths go beyond that, and the parts begin and end anywhere.
  @Test(arguments: [1, 2, 3, 5, 17])
  func occurrencesAreThoseOfAComparisonAtEveryPlace(length: Int) {
    var state: UInt64 = 1
    func bit() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 63)
    }
    for size in [0, 1, 15, 16, 17, 33, 200] {
      let bytes = (0..<size).map { _ in bit() }
      let wanted = length == 17 ? Array(bytes.suffix(17)) : (0..<length).map { _ in bit() }
      for range in [0..<size, size / 3..<size, 0..<size / 2] {
        let part = Array(bytes[range])
        let places = part.indices.filter { !wanted.isEmpty && part[$0...].starts(with: wanted) }
        #expect(JSONBytes(bytes).count(of: wanted, in: range) == places.count)
      }
    }
  }

  @Test func lettersOfEitherCaseAreFoundAtEveryPlace() {
    for place in 0..<40 {
      let bytes = Array((String(repeating: "x", count: place) + "\"TiEr_C\",\"tier_d\",\"TIER_C\"").utf8)
      let found = JSONBytes(bytes).count(of: Array("\"tier_c\"".utf8), in: 0..<bytes.count, looselyCased: true)
      #expect(found == 2, "\(place)")
      #expect(JSONBytes(bytes).count(of: Array("\"tier_c\"".utf8), in: 0..<bytes.count) == 0)
    }
  }

  @Test func aBackslashOrAByteBeyondASCIIIsSeenAtEveryPlace() {
    for place in 0..<40 {
      var bytes = [UInt8](repeating: 0x41, count: 40)
      #expect(JSONBytes(bytes).isPlain(0..<40))
      for byte: UInt8 in [0x5C, 0x80, 0xFF] {
        bytes[place] = byte
        #expect(!JSONBytes(bytes).isPlain(0..<40))
        #expect(JSONBytes(bytes).isPlain(place + 1..<40) && JSONBytes(bytes).isPlain(0..<place))
      }
    }
  }
}
