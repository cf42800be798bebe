/// People and teams, as a forge that keeps them apart wants them.
struct Reviewers: Hashable, Sendable {
  /// Logins.
  var users: [String] = []
  /// Slugs of teams of the repository's owner.
  var teams: [String] = []

  var isEmpty: Bool { users.isEmpty && teams.isEmpty }

  /// Reads `name`, `@name`, `owner/team` and `@owner/team`; leaves out mail addresses, teams of others, `author`, and the unknown.
  init(_ names: [String], owner: String, author: String?, unknown: Set<String>) {
    var seen: Set<String> = []
    for name in names {
      let plain = name.hasPrefix("@") ? String(name.dropFirst()) : name
      let key = plain.lowercased()
      guard isHandle(plain), !unknown.contains(key), key != author?.lowercased(), seen.insert(key).inserted
      else { continue }
      let parts = plain.split(separator: "/", omittingEmptySubsequences: false)
      if parts.count == 1 {
        users.append(plain)
      } else if parts.count == 2, parts[0].lowercased() == owner.lowercased() {
        teams.append(String(parts[1]))
      }
    }
  }
}

private func isHandle(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 200
    && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty
        && $0.utf8.allSatisfy { byte in
          switch byte {
          case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x5B, 0x5D: true
          default: false
          }
        }
    }
}
