/// Addresses at which a machine finds what it alone may know, and no host that anybody configures: those of the link (RFC 3927,
/// RFC 4291), where clouds serve a machine's own keys, and the two that AWS and Alibaba Cloud have elsewhere.
///
/// Private addresses and loopback are not among them: whoever writes such a host into the configuration means it.
package enum MachineAddress {
  /// - Parameter socketAddress: a `sockaddr` of Linux, as long as its family has it.
  package static func isAt(_ socketAddress: UnsafeRawBufferPointer) -> Bool {
    guard socketAddress.count >= 2 else { return false }
    let place: Range<Int> =
      switch socketAddress.loadUnaligned(as: UInt16.self) {
      case 2: 4..<8
      case 10: 8..<24
      default: 0..<0
      }
    return socketAddress.count >= place.upperBound && contains(Array(socketAddress[place]))
  }

  /// - Parameter bytes: 4 of IPv4 or 16 of IPv6, in the order of the network. Other counts are no address.
  package static func contains(_ bytes: [UInt8]) -> Bool {
    switch bytes.count {
    case 4: bytes.starts(with: [169, 254]) || bytes == [100, 100, 100, 200]
    case 16:
      // fe80::/10, and fd00:ec2::254.
      (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
        || bytes == [0xFD, 0, 0x0E, 0xC2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54]
        || carriers.contains { bytes.starts(with: $0) } && contains(Array(bytes[12...]))
    default: false
    }
  }

  /// Prefixes of 96 bits behind which an IPv4 address stands: compatible, mapped, and translated (RFC 6052).
  private static let carriers: [[UInt8]] = [
    Array(repeating: 0, count: 12),
    Array(repeating: 0, count: 10) + [0xFF, 0xFF],
    [0, 0x64, 0xFF, 0x9B] + Array(repeating: 0, count: 8),
  ]
}
