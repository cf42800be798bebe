extension JSONValue {
  /// Compact, members in their order.
  package var text: String { written(JSONLayout(isSorted: false, isIndented: false)) }

  /// Compact, members sorted by the UTF-8 bytes of their names: equal documents have equal bytes, for digests.
  package var canonicalText: String { written(JSONLayout(isSorted: true, isIndented: false)) }

  /// One member or element a line, indented by two spaces, without a final line feed.
  package var prettyText: String { written(JSONLayout(isSorted: false, isIndented: true)) }

  private func written(_ layout: JSONLayout) -> String {
    var writer = JSONWriter(layout: layout)
    writer.write(self, depth: 0)
    return String(decoding: writer.output, as: UTF8.self)
  }
}

private struct JSONLayout {
  var isSorted: Bool
  var isIndented: Bool
}

private struct JSONWriter {
  let layout: JSONLayout
  var output: [UInt8] = []

  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: output += "null".utf8
    case .bool(let isTrue): output += (isTrue ? "true" : "false").utf8
    case .number(let text): output += text.utf8
    case .string(let text): write(text)
    case .array(let elements):
      output.append(0x5B)
      for (index, element) in elements.enumerated() {
        separate(index, depth + 1)
        write(element, depth: depth + 1)
      }
      if !elements.isEmpty { breakLine(depth) }
      output.append(0x5D)
    case .object(let members):
      output.append(0x7B)
      let ordered =
        layout.isSorted
        ? members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } : members
      for (index, member) in ordered.enumerated() {
        separate(index, depth + 1)
        write(member.name)
        output.append(0x3A)
        if layout.isIndented { output.append(0x20) }
        write(member.value, depth: depth + 1)
      }
      if !members.isEmpty { breakLine(depth) }
      output.append(0x7D)
    }
  }

  private mutating func separate(_ index: Int, _ depth: Int) {
    if index > 0 { output.append(0x2C) }
    breakLine(depth)
  }

  private mutating func breakLine(_ depth: Int) {
    guard layout.isIndented else { return }
    output.append(0x0A)
    output += repeatElement(0x20, count: depth * 2)
  }

  /// Escapes what JSON demands, DEL, and U+2028 and U+2029, which end a line in older JavaScript.
  private mutating func write(_ text: String) {
    var text = text
    output.append(0x22)
    text.withUTF8 { bytes in
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        switch byte {
        case 0x22, 0x5C: output += [0x5C, byte]
        case 0x08: output += "\\b".utf8
        case 0x09: output += "\\t".utf8
        case 0x0A: output += "\\n".utf8
        case 0x0C: output += "\\f".utf8
        case 0x0D: output += "\\r".utf8
        case ..<0x20, 0x7F:
          output += (byte < 0x10 ? "\\u000" : "\\u00").utf8
          output += String(byte, radix: 16).utf8
        case 0xE2 where bytes[index] == 0x80 && bytes[index + 1] & 0xFE == 0xA8:
          output += (bytes[index + 1] == 0xA8 ? "\\u2028" : "\\u2029").utf8
          index += 2
        default: output.append(byte)
        }
      }
    }
    output.append(0x22)
  }
}
