/// A spelled type taken apart: `timestamp(6) with time zone` is the words `timestamp with time zone` and one parameter.
struct TypeText {
  /// Lower case, one space between words.
  var base: String
  var parameters: [Int]
  /// Words follow the parameters.
  var hasTail: Bool

  /// Base and parameters of a type whose parameters, if any, come last.
  var simple: (base: String, parameters: [Int])? { hasTail ? nil : (base, parameters) }

  /// Nil for anything but ASCII words, underscores and at most one list of whole numbers in parentheses.
  init?(_ spelled: String) {
    var words: [String] = []
    var word = ""
    var parameters: [Int]?
    var isOpen = false
    hasTail = false
    var list: [Int] = []
    func endWord() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    func endNumber() -> Bool {
      guard let number = Int(word), list.count < 2 else { return false }
      list.append(number)
      word = ""
      return true
    }
    var previousWasSpace = false
    for byte in spelled.utf8 {
      let character = Character(Unicode.Scalar(byte))
      switch byte {
      case 0x28:  // (
        endWord()
        if isOpen || parameters != nil || words.isEmpty { return nil }
        isOpen = true
      case 0x29:  // )
        guard isOpen, endNumber() else { return nil }
        isOpen = false
        parameters = list
      case 0x2C:  // ,
        guard isOpen, endNumber() else { return nil }
      case 0x20, 0x09, 0x0A:
        if !isOpen { endWord() }
      case 0x30...0x39:
        if isOpen, previousWasSpace, !word.isEmpty { return nil }
        if !isOpen, word.isEmpty { return nil }
        word.append(character)
      case 0x41...0x5A, 0x61...0x7A, 0x5F:
        if isOpen { return nil }
        if parameters != nil { hasTail = true }
        word += character.lowercased()
      default: return nil
      }
      previousWasSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A
    }
    if isOpen { return nil }
    endWord()
    guard !words.isEmpty else { return nil }
    base = words.joined(separator: " ")
    self.parameters = parameters ?? []
  }
}
