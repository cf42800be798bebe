import Cryptography

/// A public key as SSH writes it: the fields behind the name of its kind.
struct SSHPublicKey: Hashable {
  let blob: [UInt8]
  /// `ssh-ed25519` and its like.
  let kind: String
  private let material: Material

  private enum Material: Hashable {
    case ed25519(VerificationKey)
    /// On a hardware token, which signs for one application.
    case token(VerificationKey, application: [UInt8])
    case ecdsa(VerificationKey, VerificationKey.Curve)
    case rsa(VerificationKey)
    /// Of a kind that cannot be verified, or not sound.
    case unusable
  }

  /// The kinds whose signatures can be verified.
  static let usableKinds = [
    "ssh-ed25519", tokenKind, "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
  ]

  private static let tokenKind = "sk-ssh-ed25519@openssh.com"

  var isUsable: Bool { material != .unusable }

  /// SHA-256 of the key, as `ssh-keygen -l` prints it.
  var fingerprint: String { "SHA256:" + base64(sha256(blob)).prefix { $0 != "=" } }

  /// Nil where the bytes do not even name a kind.
  init?(blob: [UInt8]) {
    var reader = SSHReader(blob)
    guard blob.count <= 16_384, let kind = reader.text(), !kind.isEmpty, kind.utf8.count <= 64 else { return nil }
    self.blob = blob
    self.kind = kind
    material = Self.material(of: kind, &reader) ?? .unusable
  }

  private static func material(of kind: String, _ reader: inout SSHReader) -> Material? {
    let material: Material?
    switch kind {
    case "ssh-ed25519":
      material = reader.string().flatMap { VerificationKey(ed25519: $0) }.map { .ed25519($0) }
    case tokenKind:
      guard let key = reader.string().flatMap({ VerificationKey(ed25519: $0) }), let application = reader.string()
      else { return nil }
      material = .token(key, application: application)
    case "ssh-rsa":
      guard let exponent = reader.magnitude(), let modulus = reader.magnitude() else { return nil }
      material = VerificationKey(rsaModulus: modulus, exponent: exponent).map { .rsa($0) }
    default:
      guard kind.hasPrefix("ecdsa-sha2-"), let name = reader.text(), kind == "ecdsa-sha2-\(name)",
        let curve = VerificationKey.Curve(rawValue: name), let point = reader.string()
      else { return nil }
      material = VerificationKey(curve, point: point).map { .ecdsa($0, curve) }
    }
    return reader.isAtEnd ? material : nil
  }

  /// - Parameter signature: what stands behind the algorithm's name in SSH's form of a signature.
  func verifies(_ signature: [UInt8], algorithm: String, of message: [UInt8]) -> Bool {
    var reader = SSHReader(signature)
    guard let value = reader.string() else { return false }
    switch material {
    case .ed25519(let key):
      return algorithm == kind && reader.isAtEnd && key.verifies(value, of: message, digest: .sha512)
    case .token(let key, let application):
      // The token signs digests, and says whether somebody touched it (OpenSSH's PROTOCOL.u2f).
      guard algorithm == kind, let flags = reader.byte(), let counter = reader.number(), reader.isAtEnd else {
        return false
      }
      let count = [24, 16, 8, 0].map { UInt8(counter >> $0 & 0xFF) }
      return flags & 1 == 1
        && key.verifies(value, of: sha256(application) + [flags] + count + sha256(message), digest: .sha512)
    case .ecdsa(let key, let curve):
      var numbers = SSHReader(value)
      guard algorithm == kind, reader.isAtEnd, let r = numbers.magnitude(), let s = numbers.magnitude(),
        numbers.isAtEnd
      else { return false }
      return key.verifies(VerificationKey.ecdsaSignature(r: r, s: s), of: message, digest: curve.digest)
    case .rsa(let key):
      guard reader.isAtEnd else { return false }
      switch algorithm {
      case "rsa-sha2-256": return key.verifies(value, of: message, digest: .sha256)
      case "rsa-sha2-512": return key.verifies(value, of: message, digest: .sha512)
      // "ssh-rsa" is SHA-1.
      default: return false
      }
    case .unusable: return false
    }
  }
}
