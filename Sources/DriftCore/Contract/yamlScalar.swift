/// A text as a scalar on one line that YAML 1.1 and 1.2 read back as that text; commas need no quotes outside of flow.
package func yamlScalar(_ text: String, inFlow: Bool = true) -> String {
  isPlainSafe(text, inFlow: inFlow) && !isAmbiguous(text) ? text : yamlQuoted(text)
}

/// A flow list of texts.
func yamlList(_ texts: [String]) -> String {
  "[\(texts.map { yamlScalar($0) }.joined(separator: ", "))]"
}

/// Double quotes, with escapes for whatever cannot be seen or changes the direction of text.
func yamlQuoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\t": quoted += "\\t"
    case "\r": quoted += "\\r"
    default:
      if isVisible(scalar) {
        quoted.unicodeScalars.append(scalar)
      } else {
        quoted += escape(scalar)
      }
    }
  }
  return quoted + "\""
}

/// Whether a plain scalar may be taken for null, a boolean, a number, a time or a date by some reader.
func isAmbiguous(_ text: String) -> Bool {
  guard let first = text.utf8.first else { return true }
  switch first {
  case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): return !isNumbered(text)
  case UInt8(ascii: "~"), UInt8(ascii: "="), UInt8(ascii: "<"): return true
  default: return text.utf8.count <= 5 && reservedWords.contains(text.lowercased())
  }
}

/// Whether some reader, of YAML 1.1 or 1.2, takes a plain scalar for something else than a text. Where `isAmbiguous`
/// plays safe for what is written, this is exact, for what people wrote.
func isReadDifferently(_ text: String) -> Bool {
  guard let first = text.utf8.first else { return true }
  switch first {
  case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
    return isNumberOrTime(Array(text.lowercased().utf8))
  default: return text == "~" || text == "=" || text == "<<" || isAmbiguous(text)
  }
}

/// Whether YAML 1.1 and 1.2 both take a plain scalar for a number, a truth value or nothing.
func isReadByAll(_ text: String) -> Bool {
  if ["null", "Null", "NULL", "~", "true", "True", "TRUE", "false", "False", "FALSE"].contains(text) { return true }
  let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
  if plainInteger(text) != nil { return true }
  // Decimals: digits on both sides of one point.
  let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
}

/// Whole numbers in every base, decimals, sexagesimals, infinities, dates and times, as YAML 1.1 and 1.2 spell them.
private func isNumberOrTime(_ text: [UInt8]) -> Bool {
  var text = text[...]
  if let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { text = text.dropFirst() }
  guard let first = text.first else { return false }
  if text.elementsEqual(".inf".utf8) || text.elementsEqual(".nan".utf8) { return true }
  if first == 0x30, text.count > 2, let letter = text.dropFirst().first, "xob".utf8.contains(letter) {
    return text.dropFirst(2).allSatisfy { isDigit($0) || (0x61...0x66).contains($0) || $0 == 0x5F }
  }
  guard isDigit(first) || (first == UInt8(ascii: ".") && text.contains(where: isDigit)) else { return false }
  let dashes = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
  if dashes.count >= 3, dashes[0].count == 4, dashes[0].allSatisfy(isDigit), (1...2).contains(dashes[1].count),
    dashes[1].allSatisfy(isDigit), let day = dashes[2].first, isDigit(day)
  {
    // A date, alone or before a time.
    let rest = dashes[2].drop { isDigit($0) }
    return rest.isEmpty || rest.first == UInt8(ascii: "t") || rest.first == 0x20
  }
  if text.contains(UInt8(ascii: ":")) {
    return text.allSatisfy { isDigit($0) || ":._".utf8.contains($0) } && isDigit(first)
  }
  let mantissa = text.prefix { $0 != UInt8(ascii: "e") }
  guard mantissa.allSatisfy({ isDigit($0) || $0 == 0x5F || $0 == UInt8(ascii: ".") }),
    mantissa.count(where: { $0 == UInt8(ascii: ".") }) <= 1
  else { return false }
  if mantissa.count == text.count { return true }
  var exponent = text.dropFirst(mantissa.count + 1)
  if let sign = exponent.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
    exponent = exponent.dropFirst()
  }
  return !exponent.isEmpty && exponent.allSatisfy(isDigit)
}

private let reservedWords: Set<String> = [
  "null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan",
]

/// A number and words, such as `0001-add-tier`: no reader takes this for a number or a date.
private func isNumbered(_ text: String) -> Bool {
  let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
  guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(isDigit) else { return false }
  return parts[1].utf8.first.map { (0x61...0x7A).contains($0) } ?? false
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

/// Letters, digits and a few signs that mean nothing to YAML, with single spaces between words.
private func isPlainSafe(_ text: String, inFlow: Bool) -> Bool {
  var previous: UInt8 = 0x20
  for byte in text.utf8 {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "$"), UInt8(ascii: "/"), UInt8(ascii: ";"):
      break
    case UInt8(ascii: ",") where !inFlow && previous != 0x20: break
    case UInt8(ascii: "-") where previous != 0x20: break
    case 0x20 where previous != 0x20: break
    default: return false
    }
    previous = byte
  }
  return !text.isEmpty && previous != 0x20 && text.utf8.count <= 80
}

/// Printable to every YAML reader and to a person: no control, format, surrogate or unassigned character, no odd space.
private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
    .paragraphSeparator, .spaceSeparator:
    return false
  default: return true
  }
}

private func escape(_ scalar: Unicode.Scalar) -> String {
  let hex = String(scalar.value, radix: 16, uppercase: true)
  func padded(_ width: Int) -> String { String(repeating: "0", count: width - hex.count) + hex }
  if scalar.value <= 0xFF { return "\\x" + padded(2) }
  return scalar.value <= 0xFFFF ? "\\u" + padded(4) : "\\U" + padded(8)
}
