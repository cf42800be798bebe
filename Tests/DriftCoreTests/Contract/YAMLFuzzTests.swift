import Testing

@testable import soak

/// What anybody may write into a file of the repository ends no process, and never does more than it says. `make check` breaks
/// more.
@Suite struct YAMLFuzzTests {
  @Test(arguments: 0..<8 as Range<UInt64>)
  func brokenFilesAreReadOrRefused(seed: UInt64) throws {
    #expect(try brokenYAML(50, seed: seed) == [])
  }
}
