/// Where forges look for code owners, the first that is there.
package let codeOwnersPaths = [
  ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS",
]

/// Who owns any of the paths by a `CODEOWNERS` file in the syntax of GitHub and GitLab; sorted.
///
/// The last pattern that matches a path decides, in each of GitLab's sections by itself; a pattern without owners takes them
/// away. What cannot be read is passed over, as the forges do. Owners are returned as they are written: `@user`,
/// `@owner/team` or a mail address.
package func codeOwners(of paths: [String], in text: String) -> [String] {
  var owners: Set<String> = []
  let sections = sections(of: text)
  for path in paths {
    let parts = path.split(separator: "/")
    for rules in sections {
      guard let rule = rules.last(where: { $0.matches(parts) }) else { continue }
      owners.formUnion(rule.owners)
    }
  }
  return owners.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

private struct OwnerRule {
  var pattern: [Substring]
  /// The pattern ends with a slash: only what lies below it.
  var isFolder: Bool
  var owners: [String]

  init?(_ text: String, owners: [String]) {
    var pattern = text.split(separator: "/", omittingEmptySubsequences: true)
    guard !pattern.isEmpty, text.utf8.count <= 1_000 else { return nil }
    isFolder = text.hasSuffix("/")
    // A slash at the beginning or in the middle ties the pattern to the top.
    if !text.dropLast(isFolder ? 1 : 0).contains("/") { pattern.insert("**", at: 0) }
    self.pattern = pattern
    self.owners = owners
  }

  /// Follows every way to read `**` at once, so that no pattern takes long.
  func matches(_ path: [Substring]) -> Bool {
    var reached: Set<Int> = [0]
    for (index, part) in path.enumerated() {
      skipStars(&reached)
      // A folder that matches takes all below it with it, but for a last `*`, which is about what lies directly there.
      if reached.contains(pattern.count), pattern.last != "*" { return true }
      var next: Set<Int> = []
      for position in reached where position < pattern.count {
        if pattern[position] == "**" {
          next.insert(position)
        } else if isNamed(part, pattern[position]) {
          next.insert(position + 1)
        }
      }
      reached = next
      if index == path.count - 1 {
        skipStars(&reached)
        return reached.contains(pattern.count) && !isFolder
      }
    }
    return false
  }

  private func skipStars(_ reached: inout Set<Int>) {
    for position in pattern.indices where pattern[position] == "**" && reached.contains(position) {
      reached.insert(position + 1)
    }
  }
}

private func isNamed(_ name: Substring, _ pattern: Substring) -> Bool {
  matches(String(name), glob: String(pattern))
}

/// The rules, by GitLab's sections; a file without sections is one.
private func sections(of text: String) -> [[OwnerRule]] {
  var sections: [[OwnerRule]] = [[]]
  var inherited: [String] = []
  for line in text.split(whereSeparator: \.isNewline) {
    var words = words(of: line)
    guard let first = words.first else { continue }
    if first.hasPrefix("[") || first.hasPrefix("^[") {
      // The section's name may hold blanks: its owners are what begins with @ or looks like mail.
      inherited = words.dropFirst().filter { $0.contains("@") }
      sections.append([])
      continue
    }
    words.removeFirst()
    guard let rule = OwnerRule(first, owners: words.isEmpty ? inherited : words) else { continue }
    sections[sections.count - 1].append(rule)
  }
  return sections
}

/// Split at blanks that no backslash stands before; a word that begins with # ends the line.
private func words(of line: Substring) -> [String] {
  var words: [String] = []
  var word = ""
  var isEscaped = false
  for character in line {
    if isEscaped {
      word.append(character)
      isEscaped = false
    } else if character == "\\" {
      isEscaped = true
    } else if character == "#", word.isEmpty {
      return words
    } else if character.isWhitespace {
      if !word.isEmpty { words.append(word) }
      word = ""
    } else {
      word.append(character)
    }
  }
  if !word.isEmpty { words.append(word) }
  return words
}
