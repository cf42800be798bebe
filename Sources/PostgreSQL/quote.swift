/// Returns `name` as a quoted identifier. Names longer than 63 bytes are the caller's business: the server cuts them.
package func quoteIdentifier(_ name: String) throws(PostgresError) -> String {
  if name.isEmpty { throw PostgresError(.server, "an identifier is empty") }
  return "\"" + (try doubled(UInt8(ascii: "\""), in: name)) + "\""
}

/// Returns `text` as a string literal, for sessions with `standard_conforming_strings` on.
package func quoteLiteral(_ text: String) throws(PostgresError) -> String {
  "'" + (try doubled(UInt8(ascii: "'"), in: text)) + "'"
}

// Byte by byte: a quote followed by a combining mark is one Character, and would be missed.
private func doubled(_ quote: UInt8, in text: String) throws(PostgresError) -> String {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count + 2)
  for byte in text.utf8 {
    if byte == 0 { throw PostgresError(.server, "text for SQL holds a NUL character") }
    if byte == quote { bytes.append(quote) }
    bytes.append(byte)
  }
  return String(decoding: bytes, as: UTF8.self)
}
