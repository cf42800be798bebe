import COpenSSL

/// Why a key could not sign. Says nothing of the key.
package enum SigningError: Error, Hashable, Sendable {
  /// The text is no private key in PEM, or is encrypted.
  case unreadableKey
  case notRSA
}

/// The RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 7518: RS256) under a private key in PEM, PKCS #1 or PKCS #8.
package func rs256(_ message: [UInt8], pem: String) throws(SigningError) -> [UInt8] {
  // The buffer is only borrowed by libcrypto, so it has to outlive the reading.
  let key = Array(pem.utf8).withUnsafeBytes { bytes -> OpaquePointer? in
    guard let memory = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
    defer { BIO_free(memory) }
    // Without this answer libcrypto would ask the terminal for a passphrase.
    return PEM_read_bio_PrivateKey(memory, nil, { _, _, _, _ in -1 }, nil)
  }
  ERR_clear_error()
  guard let key else { throw .unreadableKey }
  defer { EVP_PKEY_free(key) }
  guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { throw .notRSA }
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
