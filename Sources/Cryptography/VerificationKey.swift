import COpenSSL

/// A public key, to tell whether a signature was made with its private half.
package struct VerificationKey: Hashable, Sendable {
  package enum Digest: Hashable, Sendable {
    case sha256, sha384, sha512
  }

  /// The curves of FIPS 186 that SSH keys use.
  package enum Curve: String, Hashable, Sendable, CaseIterable {
    case nistp256, nistp384, nistp521

    /// What an ECDSA signature on the curve is made over (RFC 5656, section 6.2.1).
    package var digest: Digest {
      switch self {
      case .nistp256: .sha256
      case .nistp384: .sha384
      case .nistp521: .sha512
      }
    }

    fileprivate var identifier: [UInt8] {
      switch self {
      case .nistp256: [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
      case .nistp384: [0x2B, 0x81, 0x04, 0x00, 0x22]
      case .nistp521: [0x2B, 0x81, 0x04, 0x00, 0x23]
      }
    }
  }

  /// A SubjectPublicKeyInfo (RFC 5280) in DER.
  private let encoded: [UInt8]
  private let isEd25519: Bool

  /// Nil where the key is not 32 bytes long.
  package init?(ed25519 key: [UInt8]) {
    guard key.count == 32 else { return nil }
    encoded = DER.sequence(DER.sequence(DER.identifier([0x2B, 0x65, 0x70])), DER.bits(key))
    isEd25519 = true
  }

  /// `point` is uncompressed (SEC 1). Nil where it does not lie on the curve.
  package init?(_ curve: Curve, point: [UInt8]) {
    guard point.first == 4, point.count <= 133 else { return nil }
    let kind = DER.sequence(
      DER.identifier([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]), DER.identifier(curve.identifier))
    encoded = DER.sequence(kind, DER.bits(point))
    isEd25519 = false
    guard withKey({ $0 != nil }) else { return nil }
  }

  /// Big-endian numbers. Nil for a modulus of less than 2,048 or more than 8,192 bits, or an exponent that is even or
  /// longer than 8 bytes.
  package init?(rsaModulus modulus: [UInt8], exponent: [UInt8]) {
    let modulus = Array(modulus.drop { $0 == 0 })
    let exponent = Array(exponent.drop { $0 == 0 })
    guard let first = modulus.first, let last = exponent.last, last & 1 == 1, exponent.count <= 8, exponent != [1]
    else { return nil }
    let bits = modulus.count * 8 - first.leadingZeroBitCount
    guard (2_048...8_192).contains(bits) else { return nil }
    let key = DER.sequence(DER.integer(modulus), DER.integer(exponent))
    let kind = DER.sequence(
      DER.identifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]), DER.null)
    encoded = DER.sequence(kind, DER.bits(key))
    isEd25519 = false
    guard withKey({ $0 != nil }) else { return nil }
  }

  /// Whether the signature is that of the message: 64 bytes for Ed25519, DER for ECDSA, PKCS #1 v1.5 for RSA.
  ///
  /// - Parameter digest: means nothing to Ed25519.
  package func verifies(_ signature: [UInt8], of message: [UInt8], digest: Digest) -> Bool {
    withKey { key in
      guard let key else { return false }
      let context = EVP_MD_CTX_new()
      defer {
        EVP_MD_CTX_free(context)
        ERR_clear_error()
      }
      let kind = isEd25519 ? nil : digest.function
      return EVP_DigestVerifyInit(context, nil, kind, nil, key) == 1
        && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
  }

  /// The two numbers of an ECDSA signature in the form that `verifies` reads. They are big-endian.
  package static func ecdsaSignature(r: [UInt8], s: [UInt8]) -> [UInt8] {
    DER.sequence(DER.integer(r), DER.integer(s))
  }

  private func withKey<Value>(_ work: (OpaquePointer?) -> Value) -> Value {
    let key = encoded.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      var start = bytes.baseAddress
      return d2i_PUBKEY(nil, &start, bytes.count)
    }
    ERR_clear_error()
    defer { EVP_PKEY_free(key) }
    return work(key)
  }
}

extension VerificationKey.Digest {
  fileprivate var function: OpaquePointer? {
    switch self {
    case .sha256: EVP_sha256()
    case .sha384: EVP_sha384()
    case .sha512: EVP_sha512()
    }
  }
}
