/// One piece of a statement, as the engine's own lexer would cut it.
struct Token: Sendable {
  enum Kind: Hashable, Sendable {
    /// Not quoted: a keyword or a name that folds.
    case word
    /// Quoted; `text` is what is inside, with doubled quotes undone.
    case name
    case literal
    case number
    /// `$1`.
    case parameter
    case symbol
  }

  let kind: Kind
  let text: String
  /// In bytes.
  let range: Range<Int>

  /// Equal to an engine: words by ASCII case, everything else byte for byte.
  func means(_ other: Token) -> Bool {
    guard kind == other.kind else { return false }
    if kind == .word { return text.lowercased() == other.text.lowercased() }
    return text.utf8.elementsEqual(other.text.utf8)
  }

  func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
}

/// Cuts a text into tokens, and refuses whatever two engines could read in two ways: comments, escapes, prefixed and
/// dollar-quoted literals, characters outside ASCII that are not quoted.
struct Lexer {
  private let lexicon: Lexicon
  private let bytes: [UInt8]
  private var index = 0
  private var tokens: [Token] = []

  init(_ text: String, _ lexicon: Lexicon) {
    self.lexicon = lexicon
    bytes = Array(text.utf8)
  }

  mutating func run() throws(StatementRefusal) -> [Token] {
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x20, 0x09, 0x0A: index += 1
      case UInt8(ascii: "'"): try quoted(.literal)
      case UInt8(ascii: "\""), UInt8(ascii: "`"):
        guard lexicon.nameQuote.asciiValue == byte else {
          throw refusal(.character, "\(shown(byte)) does not quote names here")
        }
        try quoted(.name)
      case UInt8(ascii: "$"): try parameter()
      case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ";"),
        UInt8(ascii: "."):
        add(.symbol, to: index + 1)
      case _ where isDigit(byte): try number()
      case _ where isWordStart(byte): try word()
      case _ where operators.contains(byte): try symbols()
      default: throw refusal(.character, "unexpected \(shown(byte))")
      }
    }
    return tokens
  }

  private mutating func quoted(_ kind: Token.Kind) throws(StatementRefusal) {
    let quote = bytes[index]
    var inside: [UInt8] = []
    var end = index + 1
    while true {
      guard end < bytes.count else {
        throw refusal(.unterminated, "a \(kind == .name ? "name" : "literal") does not end")
      }
      if bytes[end] == quote {
        let doubles = kind == .name ? lexicon.doublesNameQuotes : lexicon.doublesLiteralQuotes
        guard doubles, end + 1 < bytes.count, bytes[end + 1] == quote else { break }
        end += 1
      }
      inside.append(bytes[end])
      end += 1
    }
    let text = String(decoding: inside, as: UTF8.self)
    if kind == .name, text.isEmpty { throw refusal(.name, "a name is empty") }
    if text.unicodeScalars.contains(where: isUnsafe) {
      throw refusal(.character, "\"\(visible(text))\" holds a character that nobody would see")
    }
    if kind == .literal, inside.contains(UInt8(ascii: "\\")) {
      throw refusal(.literal, "a literal holds a backslash")
    }
    tokens.append(Token(kind: kind, text: text, range: index..<end + 1))
    index = end + 1
    // "x"'y' and its like are two tokens to some engines and one to others.
    if index < bytes.count, isQuote(bytes[index]) || isWordStart(bytes[index]) {
      throw refusal(.literal, "something follows a quote without a space")
    }
  }

  private mutating func parameter() throws(StatementRefusal) {
    var end = index + 1
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    guard end > index + 1, !continues(at: end) else {
      throw refusal(.literal, "a dollar sign that is no parameter")
    }
    add(.parameter, to: end)
  }

  private mutating func number() throws(StatementRefusal) {
    var end = index
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
      end += 1
      while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    }
    if end + 1 < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e"), isDigit(bytes[end + 1]) {
      end += 1
      while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    } else if end + 2 < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e"),
      bytes[end + 1] == UInt8(ascii: "-") || bytes[end + 1] == UInt8(ascii: "+"),
      isDigit(bytes[end + 2])
    {
      end += 2
      while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    }
    if continues(at: end) { throw refusal(.literal, "something follows a number without a space") }
    add(.number, to: end)
  }

  private mutating func word() throws(StatementRefusal) {
    var end = index
    while end < bytes.count, isWordStart(bytes[end]) || isDigit(bytes[end]) { end += 1 }
    if end < bytes.count, isQuote(bytes[end]) || bytes[end] == UInt8(ascii: "$") {
      throw refusal(.literal, "a prefix in front of a quote")
    }
    add(.word, to: end)
  }

  private mutating func symbols() throws(StatementRefusal) {
    var end = index
    while end < bytes.count, operators.contains(bytes[end]) { end += 1 }
    let text = String(decoding: bytes[index..<end], as: UTF8.self)
    if lexicon.commentMarks.contains(where: { text.contains($0) }) {
      throw refusal(.comment, "a comment")
    }
    if end < bytes.count, bytes[end - 1] == UInt8(ascii: "&"), isQuote(bytes[end]) {
      throw refusal(.literal, "a prefix in front of a quote")
    }
    add(.symbol, to: end)
  }

  private mutating func add(_ kind: Token.Kind, to end: Int) {
    let text = String(decoding: bytes[index..<end], as: UTF8.self)
    tokens.append(Token(kind: kind, text: text, range: index..<end))
    index = end
  }

  /// A letter, digit, dollar or quote that would belong to the token before it.
  private func continues(at end: Int) -> Bool {
    guard end < bytes.count else { return false }
    let byte = bytes[end]
    return isWordStart(byte) || isDigit(byte) || isQuote(byte) || byte == UInt8(ascii: "$")
  }

  private func refusal(_ check: StatementRefusal.Check, _ message: String) -> StatementRefusal {
    StatementRefusal(check, token: tokens.count + 1, message)
  }
}

private let operators = Set("+-*/<>=~!@#%^&|?:".utf8)

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

private func isWordStart(_ byte: UInt8) -> Bool {
  byte == 0x5F || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
}

private func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 }

private func shown(_ byte: UInt8) -> String {
  let isVisible = (0x21...0x7E).contains(byte)
  return isVisible
    ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte 0x\(String(byte, radix: 16, uppercase: true))"
}

extension Dialect {
  func tokens(of text: String) throws(StatementRefusal) -> [Token] {
    guard text.utf8.count <= 1 << 20 else {
      throw StatementRefusal(.size, "the text is longer than 1 MB")
    }
    var lexer = Lexer(text, lexicon)
    return try lexer.run()
  }

  /// The statements of an up.sql, each byte for byte as it stands between two semicolons.
  package func split(_ text: String) throws(StatementRefusal) -> [String] {
    let tokens = try tokens(of: text)
    let bytes = Array(text.utf8)
    var statements: [String] = []
    var first: Int?
    for (index, token) in tokens.enumerated() {
      if token.isSymbol(";") {
        guard let start = first else {
          throw StatementRefusal(.separator, token: index + 1, "nothing before a semicolon")
        }
        let range = tokens[start].range.lowerBound..<tokens[index - 1].range.upperBound
        statements.append(String(decoding: bytes[range], as: UTF8.self))
        first = nil
      } else if first == nil {
        first = index
      }
    }
    if let first {
      let range = tokens[first].range.lowerBound..<(tokens.last?.range.upperBound ?? 0)
      statements.append(String(decoding: bytes[range], as: UTF8.self))
    }
    return statements
  }

  /// Whether an engine reads both texts alike: only white space and the case of unquoted ASCII words may differ.
  package func equalTokens(_ left: String, _ right: String) -> Bool {
    guard let left = try? tokens(of: left), let right = try? tokens(of: right) else { return false }
    return firstDifference(left, right) == nil
  }

  /// The ordinal, from 1, of the first token that differs.
  func firstDifference(_ left: [Token], _ right: [Token]) -> Int? {
    for index in 0..<max(left.count, right.count) {
      guard index < left.count, index < right.count, left[index].means(right[index]) else {
        return index + 1
      }
    }
    return nil
  }
}
