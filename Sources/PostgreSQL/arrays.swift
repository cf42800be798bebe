/// Returns the elements of a one-dimensional array as the server prints it, such as `{a,"b c",NULL}`; nil where the text
/// is not one.
package func arrayElements(_ text: String) -> [String?]? {
  var rest = text.utf8[...]
  guard rest.popFirst() == UInt8(ascii: "{") else { return nil }
  if rest.elementsEqual("}".utf8) { return [] }
  var elements: [String?] = []
  while true {
    var bytes: [UInt8] = []
    let isQuoted = rest.first == UInt8(ascii: "\"")
    if isQuoted { rest.removeFirst() }
    var end: UInt8?
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\") {
        guard let escaped = rest.popFirst() else { return nil }
        bytes.append(escaped)
      } else if isQuoted && byte == UInt8(ascii: "\"") {
        end = rest.popFirst()
        break
      } else if !isQuoted && (byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}")) {
        end = byte
        break
      } else {
        bytes.append(byte)
      }
    }
    let element = String(decoding: bytes, as: UTF8.self)
    elements.append(!isQuoted && element == "NULL" ? nil : element)
    switch end {
    case UInt8(ascii: ","): continue
    case UInt8(ascii: "}"): return rest.isEmpty ? elements : nil
    default: return nil
    }
  }
}

/// Returns a text array as a parameter takes it.
package func arrayText(_ elements: [String]) -> String {
  var bytes: [UInt8] = []
  for element in elements {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    for byte in element.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
  return "{" + String(decoding: bytes, as: UTF8.self) + "}"
}
