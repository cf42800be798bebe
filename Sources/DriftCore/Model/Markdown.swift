/// Text that is safe in a pull request: whatever is interpolated is escaped, because names come from outside.
package struct Markdown: Hashable, Sendable, ExpressibleByStringInterpolation,
  CustomStringConvertible
{
  private var text: String

  package init(stringLiteral value: String) { text = value }
  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }
  private init(verbatim: String) { text = verbatim }

  package var description: String { text }

  package struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { text += literal }

    /// Prose from outside: no mark-up, no mention, no link, on one line.
    package mutating func appendInterpolation(_ value: String) { text += escaped(value) }

    package mutating func appendInterpolation(_ value: Int) { text += String(value) }

    package mutating func appendInterpolation(_ value: Markdown) { text += value.text }

    /// A name from outside, in a code span that it cannot leave.
    package mutating func appendInterpolation(code value: String) { text += codeSpan(value) }
  }

  package static func + (left: Markdown, right: Markdown) -> Markdown {
    Markdown(verbatim: left.text + right.text)
  }

  package static func += (left: inout Markdown, right: Markdown) { left = left + right }

  /// A link; an address that is no plain one of the web is shown as code.
  package static func link(_ text: Markdown, to address: String) -> Markdown {
    let isPlain =
      (address.hasPrefix("https://") || address.hasPrefix("http://"))
      && address.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-._~:/?#&=%+@".utf8.contains(byte)
        }
      }
    return isPlain ? Markdown(verbatim: "[\(text)](\(address))") : text + " (\(code: address))"
  }

  /// A fenced block whose fence is longer than any run of backticks inside.
  package static func fenced(_ code: String, language: String) -> Markdown {
    let fence = String(repeating: "`", count: max(3, longestRun(in: code) + 1))
    let end = code.hasSuffix("\n") ? "" : "\n"
    return Markdown(verbatim: "\(fence)\(language)\n\(visible(code, keepingLines: true))\(end)\(fence)\n")
  }

  package static func joined(_ parts: [Markdown], separator: Markdown = "") -> Markdown {
    Markdown(verbatim: parts.map(\.text).joined(separator: separator.text))
  }
}

private func escaped(_ value: String) -> String {
  var result = ""
  for scalar in visible(value, keepingLines: false).unicodeScalars {
    switch scalar {
    case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "-", "!", "|", "~", ">":
      result += "\\"
      result.unicodeScalars.append(scalar)
    case "<": result += "&lt;"
    case "&": result += "&amp;"
    // A zero-width space keeps "@team" from being a mention and "https://" from being a link.
    case "@", ":":
      result.unicodeScalars.append(scalar)
      result += "\u{200B}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func codeSpan(_ value: String) -> String {
  let inside = visible(value, keepingLines: false).replacing("|", with: "\\|")
  let ticks = String(repeating: "`", count: longestRun(in: inside) + 1)
  let pad = inside.hasPrefix("`") || inside.hasSuffix("`") || inside.isEmpty ? " " : ""
  return ticks + pad + inside + pad + ticks
}

/// Shows what would not be seen, or would turn the text around: control and bidirectional marks as `\u{202E}`.
package func visible(_ text: String, keepingLines: Bool = false) -> String {
  if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || keepingLines && ($0 == 0x0A || $0 == 0x09) }) { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    let isHidden: Bool =
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
      default: false
      }
    if keepingLines, scalar == "\n" || scalar == "\t" {
      result.unicodeScalars.append(scalar)
    } else if isHidden {
      result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func longestRun(in text: String) -> Int {
  var longest = 0
  var run = 0
  for byte in text.utf8 {
    run = byte == UInt8(ascii: "`") ? run + 1 : 0
    longest = max(longest, run)
  }
  return longest
}
