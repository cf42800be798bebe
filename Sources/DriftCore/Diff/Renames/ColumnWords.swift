/// A name taken apart into words, as spelled and in their normal forms.
///
/// `homeAddr_1`, `home_addr_1` and `HOME-ADDR-1` are the words `home`, `addr`, `1` and the forms `home`, `address`, `1`.
/// An underscore in front is a word of its own: it marks columns that a program keeps for itself.
struct ColumnWords {
  private(set) var words: [String]
  private(set) var forms: [String]
  /// The forms that say what the column is about: without `_` in front, `is` or `has`, and `at`, `on`, `date` at the end.
  private(set) var core: [String]
  /// Letters and digits alone, lower case: what is left when case and separators do not count.
  private(set) var letters: [UInt8]

  init(_ name: String) {
    let spelled = split(name)
    letters = spelled.flatMap { $0.utf8 }
    words = spelled
    forms = spelled.map(normalForm)
    core = forms
    if core.count > 1, booleanPrefixes.contains(words[0]) { core.removeFirst() }
    if core.count > 1, timeSuffixes.contains(words[words.count - 1]) { core.removeLast() }
    if name.utf8.first == UInt8(ascii: "_"), !words.isEmpty {
      words.insert("_", at: 0)
      forms.insert("_", at: 0)
    }
  }

  /// Points at another table: `owner_id`, but not `id`.
  var isReference: Bool { core.count > 1 && core.last == "id" }
  var endsInID: Bool { forms.last == "id" }
}

/// Words in lower case, split at case changes and at ASCII characters that are neither letters nor digits.
private func split(_ name: String) -> [String] {
  let bytes = Array(name.utf8)
  var words: [String] = []
  var word: [UInt8] = []
  func isUpper(_ index: Int) -> Bool { index < bytes.count && (0x41...0x5A).contains(bytes[index]) }
  func isLower(_ index: Int) -> Bool { index < bytes.count && (0x61...0x7A).contains(bytes[index]) }
  func isDigit(_ index: Int) -> Bool { (0x30...0x39).contains(bytes[index]) }
  func endWord() {
    if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
    word = []
  }
  for (index, byte) in bytes.enumerated() {
    if isUpper(index) {
      let startsWord = index > 0 && (isLower(index - 1) || isDigit(index - 1))
      let endsCapitals = index > 0 && isUpper(index - 1) && isLower(index + 1)
      if startsWord || endsCapitals { endWord() }
      word.append(byte + 0x20)
    } else if isLower(index) || isDigit(index) || byte >= 0x80 {
      word.append(byte)
    } else {
      endWord()
    }
  }
  endWord()
  return words
}

/// The singular, with a common abbreviation spelled out.
func normalForm(_ word: String) -> String {
  if let full = abbreviations[word] { return full }
  let singular = singular(word)
  return abbreviations[singular] ?? singular
}

private func singular(_ word: String) -> String {
  let length = word.utf8.count
  func ends(_ suffix: String) -> Bool { word.utf8.reversed().starts(with: suffix.utf8.reversed()) }
  if length > 4, ends("ies") { return word.dropLast(3) + "y" }
  if length > 4, ends("sses") || ends("xes") || ends("ches") || ends("shes") { return String(word.dropLast(2)) }
  if length > 3, ends("s"), !ends("ss"), !ends("us"), !ends("is") { return String(word.dropLast()) }
  return word
}
