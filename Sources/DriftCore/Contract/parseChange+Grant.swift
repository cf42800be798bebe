extension YAMLDecoder {
  /// `{grant: [select], role: analysts, grantable: true}`.
  mutating func grant(_ node: YAMLNode) -> Grant? {
    let kinds = Grant.Grantee.Kind.allCases.map(\.rawValue)
    let known = ["grant", "everyone", "grantable"] + kinds
    guard let fields = self.fields(node, of: "the action", known: known) else { return nil }
    let privileges: [Grant.Privilege] = items("grant", in: fields).compactMap { item in
      item.text.flatMap { choice($0, at: item, key: "privilege") }
    }
    let isGrantable = boolean("grantable", in: fields) ?? false
    let isEveryone = boolean("everyone", in: fields) ?? false
    let named = kinds.filter { fields[$0] != nil }
    if privileges.isEmpty { error(node, "a grant of nothing") }
    guard named.count == (isEveryone ? 0 : 1) else {
      error(node, "a grant to nobody, or to several", hint: "one of: everyone: true, \(kinds.joined(separator: ", "))")
      return nil
    }
    var grantee = Grant.Grantee.everyone
    if let word = named.first, let kind = Grant.Grantee.Kind(rawValue: word) {
      guard let name = requiredText(word, in: fields) else { return nil }
      grantee = .named(kind, RoleName(name))
    }
    return Grant(privileges, to: grantee, isGrantable: isGrantable)
  }
}
