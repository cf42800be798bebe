import Testing

@testable import soak

/// What a service may answer ends no process, and both ways of reading take and refuse the same. `make check` breaks more.
@Suite struct JSONFuzzTests {
  @Test(arguments: 0..<8 as Range<UInt64>)
  func brokenDocumentsAreReadOrRefused(seed: UInt64) throws {
    #expect(try brokenJSON(50, seed: seed) == [])
  }
}
