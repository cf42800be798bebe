/// A name as the source spells it.
///
/// Equality is that of the UTF-8 bytes: `String` would join names that Unicode calls equivalent and the source keeps
/// apart.
package struct SourceName: Hashable, Sendable, ExpressibleByStringLiteral {
  package let text: String

  package init(_ text: String) { self.text = text }
  package init(stringLiteral value: String) { text = value }

  package static func == (left: Self, right: Self) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(Array(text.utf8)) }
}

/// Fivetran's naming of application connectors, for plain ASCII names.
///
/// Source: Fivetran documentation, naming conventions.
func landedName(_ source: String) -> String {
  var result = ""
  var previous: Character = "_"
  for character in source {
    let isWord = character.isASCII && (character.isLetter || character.isNumber)
    let next: Character = isWord ? character : "_"
    let startsWord =
      (previous.isLowercase && next.isUppercase) || (previous.isLetter && next.isNumber)
      || (previous.isNumber && next.isLetter)
    if startsWord { result.append("_") }
    if !(next == "_" && result.last == "_") { result.append(contentsOf: next.lowercased()) }
    previous = next
  }
  return result.first?.isNumber == true ? "_" + result : result
}

/// As for columns, but a table does not begin with underscores where a letter follows them.
func landedTableName(_ source: String) -> String {
  let name = landedName(source)
  let rest = name.drop { $0 == "_" }
  return rest.first?.isLetter == true ? String(rest) : name
}
