import Glibc

/// The bytes of a document, which never change: a copy of an array's, or those of a file that the kernel shows in place.
package final class JSONBytes: @unchecked Sendable {
  let buffer: UnsafeBufferPointer<UInt8>
  private let release: @Sendable (UnsafeBufferPointer<UInt8>) -> Void

  package convenience init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = copy.initialize(from: bytes)
    self.init(UnsafeBufferPointer(copy)) { $0.deallocate() }
  }

  /// - Parameter release: what is done with the bytes when nobody reads them any more.
  package init(
    _ buffer: UnsafeBufferPointer<UInt8>, release: @escaping @Sendable (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    self.buffer = buffer
    self.release = release
  }

  deinit { release(buffer) }

  package var count: Int { buffer.count }

  /// Some of the bytes, as a document of their own; nothing is copied.
  package func part(_ range: Range<Int>) -> JSONBytes {
    JSONBytes(UnsafeBufferPointer(rebasing: buffer[range])) { _ in withExtendedLifetime(self) {} }
  }

  package subscript(_ at: Int) -> UInt8 { buffer.span[at] }

  /// Whether a part of these bytes and one of others are the same.
  package func areSame(_ range: Range<Int>, as other: JSONBytes, _ otherRange: Range<Int>) -> Bool {
    JSON.areSame(buffer.span, range, other.buffer.span, otherRange)
  }

  /// How often some bytes stand in a part.
  ///
  /// - Parameter looselyCased: whether a letter of ASCII counts as its other case, and five signs beside them as others.
  package func count(of bytes: [UInt8], in range: Range<Int>, looselyCased: Bool = false) -> Int {
    let mask: UInt8 = looselyCased ? 0x20 : 0
    let wanted = bytes.map { $0 | mask }
    let part = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[range]))
    guard let start = part.baseAddress, !bytes.isEmpty else { return 0 }
    // Two bytes that are not the quotation marks around a name tell sixteen places apart at a time.
    let (left, right) = bytes.count > 2 ? (1, bytes.count - 2) : (0, bytes.count - 1)
    let (first, second) = (SIMD16(repeating: wanted[left]), SIMD16(repeating: wanted[right]))
    let masks = SIMD16(repeating: mask)
    func isThere(_ place: Int) -> Bool {
      if mask == 0 { return memcmp(start + place, bytes, bytes.count) == 0 }
      return wanted.indices.allSatisfy { part[place + $0] | mask == wanted[$0] }
    }
    let last = part.count - bytes.count
    var count = 0
    var at = 0
    while at <= last {
      if at + right + 16 <= part.count {
        let ahead = start.loadUnaligned(fromByteOffset: at + left, as: SIMD16<UInt8>.self) | masks .== first
        let behind = start.loadUnaligned(fromByteOffset: at + right, as: SIMD16<UInt8>.self) | masks .== second
        if !any(ahead .& behind) {
          at += 16
          continue
        }
      }
      for place in at..<min(at + 16, last + 1) where isThere(place) { count += 1 }
      at += 16
    }
    return count
  }

  /// Whether a part has neither a backslash nor a byte beyond ASCII: what stands in it is what it says.
  package func isPlain(_ range: Range<Int>) -> Bool {
    let part = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[range]))
    let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    let backslashes = ones &* 0x5C
    var at = 0
    while at + 8 <= part.count {
      let bytes = part.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      // A byte that is zero borrows its highest bit; where that is a byte after one that is, the answer is the same.
      let isBackslash = (bytes ^ backslashes) &- ones
      if (bytes | (isBackslash & ~(bytes ^ backslashes))) & highs != 0 { return false }
      at += 8
    }
    return part[at...].allSatisfy { $0 < 0x80 && $0 != 0x5C }
  }

  func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: buffer[range]), as: UTF8.self)
  }
}
