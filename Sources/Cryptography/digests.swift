import COpenSSL

/// The SHA-256 digest, 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
  var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
  let result = SHA256(bytes, bytes.count, &digest)
  precondition(result != nil, "libcrypto has no SHA-256")
  return digest
}

/// The SHA-512 digest, 64 bytes.
package func sha512(_ bytes: [UInt8]) -> [UInt8] {
  var digest = [UInt8](repeating: 0, count: Int(SHA512_DIGEST_LENGTH))
  let result = SHA512(bytes, bytes.count, &digest)
  precondition(result != nil, "libcrypto has no SHA-512")
  return digest
}

/// The SHA-256 digest of the text's UTF-8 bytes, as 64 lower-case digits.
package func sha256Hex(_ text: String) -> String { hex(sha256(Array(text.utf8))) }

/// The HMAC-SHA256 of a message, 32 bytes (RFC 2104).
package func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
  precondition(key.count <= Int(Int32.max), "a key of more than 2 GiB")
  var code = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
  let result = HMAC(
    EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
  precondition(result != nil, "libcrypto has no HMAC")
  return code
}

/// Whether two codes are equal, in a time that depends on their length alone.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
