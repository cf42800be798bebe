/// What may be granted on a view, and to whom.
struct GrantForm: Sendable {
  /// Others have no meaning for a view.
  let privileges: [Grant.Privilege]
  /// Kinds of grantees, and the word before the name of each.
  let grantees: [Grant.Grantee.Kind: String]
}

extension Dialect {
  /// What may be granted on a view; nothing where a view that is replaced keeps what was granted.
  package var viewPrivileges: [Grant.Privilege] { grants?.privileges ?? [] }

  func privileges(of grant: Grant?) throws(DraftRefusal) -> String {
    let wanted = grant?.privileges ?? []
    guard !wanted.isEmpty, wanted.allSatisfy({ viewPrivileges.contains($0) }) else {
      throw .unsupported(action: "grant \(wanted.map(\.rawValue).joined(separator: ", "))", dialect: title)
    }
    return wanted.map { $0.rawValue.uppercased() }.joined(separator: ", ")
  }

  func grantee(of grant: Grant?) throws(DraftRefusal) -> String {
    guard case .named(let kind, let name)? = grant?.grantee else { return "PUBLIC" }
    guard let word = grants?.grantees[kind], !isEveryone(name) else {
      throw .notGrantee(name, kind: kind.rawValue, dialect: title)
    }
    let quoted = try naming { () throws(NameRefusal) in try quote(name.text) }
    return word.isEmpty ? quoted : "\(word) \(quoted)"
  }

  /// Whether a grantee of this name is everyone, quoted or not.
  func isEveryone(_ name: RoleName) -> Bool { name.text.lowercased() == "public" }
}
