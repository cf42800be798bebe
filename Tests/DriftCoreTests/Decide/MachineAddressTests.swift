import DriftCore
import Testing

struct MachineAddressTests {
  @Test(
    arguments: [
      [169, 254, 169, 254], [169, 254, 0, 1], [100, 100, 100, 200],
      [0xFE, 0x80] + zeros(13) + [1], [0xFE, 0xBF] + zeros(14),
      [0xFD, 0, 0x0E, 0xC2] + zeros(10) + [0x02, 0x54],
      zeros(10) + [0xFF, 0xFF, 169, 254, 169, 254], zeros(12) + [169, 254, 169, 254],
      [0, 0x64, 0xFF, 0x9B] + zeros(8) + [169, 254, 169, 254],
    ] as [[UInt8]])
  func whereAMachineFindsItsOwnKeysNothingIsSent(bytes: [UInt8]) {
    #expect(MachineAddress.contains(bytes))
  }

  @Test(
    arguments: [
      [127, 0, 0, 1], [10, 0, 0, 1], [192, 168, 1, 1], [169, 253, 0, 1], [140, 82, 121, 4], zeros(15) + [1],
      [0xFD, 0x12] + zeros(13) + [1], [0xFE, 0xC0] + zeros(14), zeros(10) + [0xFF, 0xFF, 10, 0, 0, 1], [],
    ] as [[UInt8]])
  func everyOtherAddressMayBeConfigured(bytes: [UInt8]) {
    #expect(!MachineAddress.contains(bytes))
  }
}

private func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }
