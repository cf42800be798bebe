/// The RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 7518: RS256) under a private key in PEM, PKCS #1 or PKCS #8.
package func rs256(_ message: [UInt8], pem: String) throws(SigningError) -> [UInt8] {
  try PrivateKey(pem: pem).rs256(message)
}

/// A JSON web token (RFC 7519) signed with RS256; `header` and `claims` are JSON objects.
package func jsonWebToken(header: String, claims: String, key: PrivateKey) -> String {
  let text = [header, claims].map { base64URL(Array($0.utf8)) }.joined(separator: ".")
  return "\(text).\(base64URL(key.rs256(Array(text.utf8))))"
}
