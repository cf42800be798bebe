import DriftCore
import TestSupport
import Testing

struct ConversionListTests {
  /// What `mooring explain conversions` prints.
  @Test func everyConversionSaysWhatItDoesWithAValueAndOneThatDoesNotFit() throws {
    try expectGolden(listOfConversions() + "\n", "explain/conversions.txt")
  }
}
