import COpenSSL

/// Base64 with padding, in the alphabet of RFC 4648, section 4, on one line.
package func base64(_ bytes: [UInt8]) -> String {
  precondition(bytes.count < Int(Int32.max) / 2, "more than 1 GiB")
  var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
  let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
  return String(decoding: text[..<Int(count)], as: UTF8.self)
}

/// The bytes that padded base64 spells, without white space; nil for anything else.
package func bytes(base64 text: String) -> [UInt8]? {
  let letters = Array(text.utf8)
  if letters.isEmpty { return [] }
  let padding = letters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
  guard letters.count % 4 == 0, padding <= 2, letters.count < Int(Int32.max),
    // libcrypto skips white space, and what is skipped is no part of the text.
    letters.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "-") })
  else { return nil }
  var bytes = [UInt8](repeating: 0, count: letters.count / 4 * 3)
  let count = EVP_DecodeBlock(&bytes, letters, Int32(letters.count))
  guard count >= 0, base64(Array(bytes[..<(Int(count) - padding)])) == text else { return nil }
  return Array(bytes[..<(Int(count) - padding)])
}
