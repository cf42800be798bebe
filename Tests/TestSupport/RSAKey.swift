import COpenSSL

/// A new RSA key of 2,048 bits.
package final class RSAKey: Sendable {
  /// PKCS #8.
  package let pem: String
  private nonisolated(unsafe) let key: OpaquePointer

  package init() {
    let context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    let isMade =
      EVP_PKEY_keygen_init(context) == 1 && EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2_048) == 1
      && EVP_PKEY_keygen(context, &key) == 1
    guard isMade, let key else { preconditionFailure("libcrypto makes no keys") }
    self.key = key
    pem = Self.written { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
  }

  deinit { EVP_PKEY_free(key) }

  /// A SubjectPublicKeyInfo in DER.
  package var publicKey: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(i2d_PUBKEY(key, nil)))
    bytes.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress
      _ = i2d_PUBKEY(key, &start)
    }
    return bytes
  }

  /// The same under a passphrase.
  package func encryptedPEM(passphrase: String) -> String {
    Self.written {
      PEM_write_bio_PrivateKey($0, key, EVP_aes_256_cbc(), passphrase, Int32(passphrase.utf8.count), nil, nil)
    }
  }

  /// Whether this is the RSASSA-PKCS1-v1_5 signature with SHA-256 of the message.
  package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  private static func written(_ write: (OpaquePointer) -> Int32) -> String {
    guard let memory = BIO_new(BIO_s_mem()), write(memory) == 1 else {
      preconditionFailure("libcrypto writes no keys")
    }
    defer { BIO_free(memory) }
    var buffer = [UInt8](repeating: 0, count: 8_192)
    let count = BIO_read(memory, &buffer, Int32(buffer.count))
    return String(decoding: buffer.prefix(Int(max(0, count))), as: UTF8.self)
  }
}
