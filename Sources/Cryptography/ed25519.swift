import COpenSSL

/// A private key for Ed25519 signatures (RFC 8032).
package struct Ed25519Key: Sendable, CustomStringConvertible, CustomReflectable {
  private let seed: [UInt8]

  /// 32 bytes.
  package let publicKey: [UInt8]

  /// Nil where the seed is not 32 bytes long.
  package init?(seed: [UInt8]) {
    guard seed.count == 32 else { return nil }
    self.seed = seed
    let key = Self.key(seed)
    defer { EVP_PKEY_free(key) }
    var publicKey = [UInt8](repeating: 0, count: 32)
    var count = publicKey.count
    let code = EVP_PKEY_get_raw_public_key(key, &publicKey, &count)
    precondition(code == 1 && count == 32, "libcrypto cannot derive an Ed25519 public key")
    self.publicKey = publicKey
  }

  /// The signature, 64 bytes. The same message always has the same.
  package func signature(of message: [UInt8]) -> [UInt8] {
    let key = Self.key(seed)
    defer { EVP_PKEY_free(key) }
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 64)
    var count = signature.count
    let isSigned =
      EVP_DigestSignInit(context, nil, nil, nil, key) == 1
      && EVP_DigestSign(context, &signature, &count, message, message.count) == 1
    precondition(isSigned && count == 64, "libcrypto cannot sign with Ed25519")
    return signature
  }

  private static func key(_ seed: [UInt8]) -> OpaquePointer? {
    let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
    precondition(key != nil, "libcrypto has no Ed25519")
    return key
  }

  package var description: String { "<redacted>" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
