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
}
