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

  /// How often some bytes stand in a part; those that overlap count once.
  package func count(of bytes: [UInt8], in range: Range<Int>) -> Int {
    let part = UnsafeBufferPointer(rebasing: buffer[range])
    guard let start = part.baseAddress, let first = bytes.first, let last = bytes.last else { return 0 }
    var count = 0
    var at = 0
    while at + bytes.count <= part.count {
      // Both ends: quotation marks alone would stop it at every name.
      if start[at] == first, start[at + bytes.count - 1] == last, memcmp(start + at, bytes, bytes.count) == 0 {
        count += 1
        at += bytes.count
      } else {
        at += 1
      }
    }
    return count
  }

  func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: buffer[range]), as: UTF8.self)
  }
}
