import DriftCore
import FoundationEssentials
import Glibc

/// Where results are shown: a terminal with colours and a width, or a pipe with neither.
struct Console: Sendable {
  let isTerminal: Bool
  let usesColour: Bool
  /// In columns; a pipe is never wrapped.
  let width: Int

  init(descriptor: Int32 = 1) {
    let environment = ProcessInfo.processInfo.environment
    isTerminal = isatty(descriptor) == 1
    usesColour =
      isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    var size = winsize()
    let isKnown = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
    width = isKnown ? Int(size.ws_col) : isTerminal ? 80 : Int.max
  }

  func paint(_ text: String, _ style: Style) -> String {
    usesColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  enum Style: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case bold = "1"
    case dim = "2"
  }

  func dot(_ colour: Colour) -> String {
    switch colour {
    case .green: paint("● green ", .green)
    case .yellow: paint("● yellow", .yellow)
    case .red: paint("● red   ", .red)
    }
  }

  /// `lead`, then the text; where the terminal is too narrow, further lines are indented to where the text began.
  func row(_ lead: String, leadWidth: Int, _ text: String) -> String {
    let room = width == Int.max ? Int.max : max(24, width - leadWidth)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      if !line.isEmpty, line.count + 1 + word.count > room {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    lines.append(line)
    let indent = String(repeating: " ", count: min(leadWidth, max(0, width - 24)))
    return lead + lines.joined(separator: "\n" + indent)
  }
}

/// Fills with spaces on the right; a longer text stays whole.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
