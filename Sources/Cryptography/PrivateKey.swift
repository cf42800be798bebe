import COpenSSL

/// Why a key could not sign. Says nothing of the key.
package enum SigningError: Error, Hashable, Sendable {
  /// The text is no private key in PEM, is encrypted, or has another passphrase.
  case unreadableKey
  case notRSA
}

/// A private RSA key, for the signatures that tokens carry.
package struct PrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// In DER.
  private let encoded: [UInt8]

  /// - Parameters:
  ///   - pem: PKCS #1 or PKCS #8.
  ///   - passphrase: of an encrypted key.
  package init(pem: String, passphrase: String? = nil) throws(SigningError) {
    // The buffers are only borrowed by libcrypto, so they have to outlive the reading.
    let key = Array(pem.utf8).withUnsafeBytes { bytes -> OpaquePointer? in
      guard let memory = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
      defer { BIO_free(memory) }
      guard var passphrase = passphrase.map({ Array($0.utf8CString) }) else {
        // Without this answer libcrypto would ask the terminal for a passphrase.
        return PEM_read_bio_PrivateKey(memory, nil, { _, _, _, _ in -1 }, nil)
      }
      return PEM_read_bio_PrivateKey(memory, nil, nil, &passphrase)
    }
    ERR_clear_error()
    guard let key else { throw .unreadableKey }
    defer { EVP_PKEY_free(key) }
    guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { throw .notRSA }
    encoded = Self.written { i2d_PrivateKey(key, $0) }
  }

  /// The public half as a SubjectPublicKeyInfo (RFC 5280) in DER.
  package var publicKey: [UInt8] {
    let key = self.key
    defer { EVP_PKEY_free(key) }
    return Self.written { i2d_PUBKEY(key, $0) }
  }

  /// The RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 7518: RS256).
  package func rs256(_ message: [UInt8]) -> [UInt8] {
    let key = self.key
    defer { EVP_PKEY_free(key) }
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var size = Int(EVP_PKEY_get_size(key))
    var signature = [UInt8](repeating: 0, count: size)
    let isSigned =
      EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1
      && EVP_DigestSign(context, &signature, &size, message, message.count) == 1
    precondition(isSigned, "libcrypto cannot sign with an RSA key")
    return Array(signature[..<size])
  }

  /// Whoever takes it frees it.
  private var key: OpaquePointer {
    let key = encoded.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      var start = bytes.baseAddress
      return d2i_AutoPrivateKey(nil, &start, bytes.count)
    }
    guard let key else { preconditionFailure("libcrypto does not read the key that it wrote") }
    return key
  }

  private static func written(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
    let count = Int(write(nil))
    precondition(count > 0, "libcrypto does not write a key")
    var bytes = [UInt8](repeating: 0, count: count)
    bytes.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress
      precondition(Int(write(&start)) == count, "libcrypto does not write a key twice alike")
    }
    return bytes
  }

  package var description: String { "<redacted>" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
