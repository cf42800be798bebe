package import CGit2
import DriftCore

extension git_oid {
  /// Reads 40 hexadecimal digits; nil for anything else.
  package init?(hexadecimal: String) {
    guard hexadecimal.utf8.count == 40 else { return nil }
    self.init()
    guard git_oid_fromstr(&self, hexadecimal) == 0 else { return nil }
  }

  package var hexadecimal: String {
    withUnsafeBytes(of: id) { ObjectID(raw: $0).hexadecimal }
  }

  var objectID: ObjectID {
    withUnsafeBytes(of: id) { ObjectID(raw: $0) }
  }
}

/// The 20 bytes of an object's id, as a value that can be compared and hashed.
struct ObjectID: Hashable {
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// `raw` holds at least 20 bytes.
  init(raw: UnsafeRawBufferPointer) {
    high = raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    middle = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    low = raw.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
  }

  var git: git_oid {
    var id = git_oid()
    withUnsafeMutableBytes(of: &id.id) { target in
      target.storeBytes(of: high, toByteOffset: 0, as: UInt64.self)
      target.storeBytes(of: middle, toByteOffset: 8, as: UInt64.self)
      target.storeBytes(of: low, toByteOffset: 16, as: UInt32.self)
    }
    return id
  }

  var hexadecimal: String {
    let digits: StaticString = "0123456789abcdef"
    var id = git
    return withUnsafeBytes(of: &id.id) { bytes in
      String(unsafeUninitializedCapacity: 40) { text in
        for (index, byte) in bytes.enumerated() {
          text[2 * index] = digits.utf8Start[Int(byte >> 4)]
          text[2 * index + 1] = digits.utf8Start[Int(byte & 15)]
        }
        return 40
      }
    }
  }
}

extension CommitID {
  init(_ id: git_oid) { self.init(id.hexadecimal) }
}
