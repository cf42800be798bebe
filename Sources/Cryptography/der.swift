/// The parts of DER (X.690) that public keys and ECDSA signatures are made of.
enum DER {
  static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }

  /// `magnitude` is big-endian and not negative; leading zeros do not matter.
  static func integer(_ magnitude: [UInt8]) -> [UInt8] {
    let digits = Array(magnitude.drop { $0 == 0 })
    let isPlain = digits.first.map { $0 < 0x80 } ?? false
    return element(0x02, isPlain ? digits : [0] + digits)
  }

  /// The content octets of an object identifier.
  static func identifier(_ content: [UInt8]) -> [UInt8] { element(0x06, content) }

  static func bits(_ bytes: [UInt8]) -> [UInt8] { element(0x03, [0] + bytes) }

  static let null: [UInt8] = [0x05, 0x00]

  private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    if content.count < 0x80 { return [tag, UInt8(content.count)] + content }
    let size = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: content.count >> $0) }.drop { $0 == 0 }
    return [tag, 0x80 | UInt8(size.count)] + size + content
  }
}
