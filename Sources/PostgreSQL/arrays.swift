/// Returns the elements of a one-dimensional array as the server prints it, such as `{a,"b c",NULL}`; nil where the text
/// is not one.
package func arrayElements(_ text: String) -> [String?]? {
  var text = text
  return text.withUTF8 { bytes in
    guard bytes.count >= 2, bytes[0] == UInt8(ascii: "{") else { return nil }
    if bytes.count == 2 { return bytes[1] == UInt8(ascii: "}") ? [] : nil }
    var elements: [String?] = []
    var index = 1
    while let (element, end) = element(of: bytes, at: index) {
      elements.append(element)
      switch bytes[end] {
      case UInt8(ascii: ","): index = end + 1
      case UInt8(ascii: "}"): return end + 1 == bytes.count ? elements : nil
      default: return nil
      }
    }
    return nil
  }
}

/// Reads one element; returns it with the index of what follows it, which is in range.
private func element(of bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (String?, Int)? {
  let isQuoted = start < bytes.count && bytes[start] == UInt8(ascii: "\"")
  var index = isQuoted ? start + 1 : start
  let first = index
  // Filled from the first backslash on: most elements have none and are taken as they lie there.
  var unescaped: [UInt8]?
  while index < bytes.count {
    let byte = bytes[index]
    if byte == UInt8(ascii: "\\") {
      guard index + 1 < bytes.count else { return nil }
      unescaped = (unescaped ?? Array(bytes[first..<index])) + [bytes[index + 1]]
      index += 2
      continue
    }
    if isQuoted
      ? byte == UInt8(ascii: "\"") : byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}")
    {
      break
    }
    unescaped?.append(byte)
    index += 1
  }
  let end = isQuoted ? index + 1 : index
  guard end < bytes.count else { return nil }
  let text =
    unescaped.map { String(decoding: $0, as: UTF8.self) }
    ?? String(decoding: bytes[first..<index], as: UTF8.self)
  return (!isQuoted && text == "NULL" ? nil : text, end)
}

/// Returns a text array as a parameter takes it.
package func arrayText(_ elements: [String]) -> String {
  var bytes: [UInt8] = []
  for element in elements {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    for byte in element.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        bytes.append(UInt8(ascii: "\\"))
      }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
  return "{" + String(decoding: bytes, as: UTF8.self) + "}"
}
