/// One word, sign, text or quoted name of a statement.
enum SQLToken: Hashable, Sendable {
  /// As it was written, without quotes.
  case word(String)
  case quoted(String)
  case text(String)
  case number(String)
  case sign(String)
  /// A bound value, by its position from 0 or its name.
  case bound(String)

  /// Whether it is the key word, in whatever case.
  func isWord(_ word: String) -> Bool {
    if case .word(let text) = self { text.lowercased() == word.lowercased() } else { false }
  }
}

/// What differs between the engines in how statements are read.
package struct SQLReading: Sendable {
  /// Around names.
  package var quote: Character
  /// What an unquoted name becomes.
  package var fold: @Sendable (String) -> String
  /// Whether a quoted name folds as well.
  package var foldsQuoted: Bool
  /// Whether a backslash in a text stands before a character that means itself.
  package var escapes: Bool

  package init(
    quote: Character, foldsQuoted: Bool = false, escapes: Bool = false, fold: @escaping @Sendable (String) -> String
  ) {
    self.quote = quote
    self.foldsQuoted = foldsQuoted
    self.escapes = escapes
    self.fold = fold
  }

  /// Nil where it cannot be read: an open quote, a comment, a character of no language.
  func tokens(_ text: String) -> [SQLToken]? {
    var tokens: [SQLToken] = []
    var rest = Array(text)[...]
    var marks = 0
    func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if first == quote || first == "'" {
        rest.removeFirst()
        var inner = ""
        while true {
          guard let next = rest.popFirst() else { return nil }
          if escapes, first == "'", next == "\\" {
            guard let escaped = rest.popFirst() else { return nil }
            inner.append(escaped)
          } else if next != first {
            inner.append(next)
          } else if rest.first == first {
            rest.removeFirst()
            inner.append(first)
          } else {
            break
          }
        }
        tokens.append(first == "'" ? .text(inner) : .quoted(foldsQuoted ? fold(inner) : inner))
      } else if first.isNumber {
        let word = rest.prefix(while: \.isNumber)
        rest = rest.dropFirst(word.count)
        tokens.append(.number(String(word)))
      } else if isPart(first) {
        let word = rest.prefix(while: isPart)
        rest = rest.dropFirst(word.count)
        tokens.append(.word(String(word)))
      } else if first == "?" {
        rest.removeFirst()
        tokens.append(.bound("\(marks)"))
        marks += 1
      } else if first == ":", let next = rest.dropFirst().first, isPart(next) {
        let word = rest.dropFirst().prefix(while: isPart)
        rest = rest.dropFirst(word.count + 1)
        tokens.append(.bound(String(word)))
      } else if rest.starts(with: "=>") || rest.starts(with: "<>") {
        tokens.append(.sign(String(rest.prefix(2))))
        rest = rest.dropFirst(2)
      } else if "(),.=;*-<>".contains(first), !rest.starts(with: "--") {
        rest.removeFirst()
        tokens.append(.sign(String(first)))
      } else {
        return nil
      }
    }
    return tokens
  }
}
