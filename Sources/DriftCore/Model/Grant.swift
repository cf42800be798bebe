/// What somebody other than its owner may do with a view.
package struct Grant: Hashable, Sendable {
  package enum Privilege: String, Hashable, Sendable, CaseIterable {
    case select, insert, update, delete, trigger, drop
  }

  package enum Grantee: Hashable, Sendable {
    /// As the warehouse calls it; every role of PostgreSQL is a `user`.
    package enum Kind: String, Hashable, Sendable, CaseIterable { case user, group, role }

    /// `PUBLIC`.
    case everyone
    case named(Kind, RoleName)
  }

  /// Each at most once, in the order of `Privilege`.
  package let privileges: [Privilege]
  package let grantee: Grantee
  /// Whether the grantee may give them to others.
  package let isGrantable: Bool

  package init(_ privileges: some Sequence<Privilege>, to grantee: Grantee, isGrantable: Bool = false) {
    let wanted = Set(privileges)
    self.privileges = Privilege.allCases.filter(wanted.contains)
    self.grantee = grantee
    self.isGrantable = isGrantable
  }
}

extension Grant.Grantee: CustomStringConvertible {
  /// For people: `everyone`, `analyst`, `group finance`.
  package var description: String {
    switch self {
    case .everyone: "everyone"
    case .named(.user, let name): visible(name.text)
    case .named(let kind, let name): "\(kind.rawValue) \(visible(name.text))"
    }
  }
}

extension Grant {
  /// One grant a grantee, and one more for what they may give to others; ordered by grantee.
  ///
  /// - Parameter listed: one privilege each, as catalogues list them; from two grantors it comes twice.
  package static func grouped(_ listed: [Grant]) -> [Grant] {
    var grants: [Grant] = []
    for grantee in Set(listed.map(\.grantee)) {
      let theirs = listed.filter { $0.grantee == grantee }
      let grantable = Set(theirs.filter(\.isGrantable).flatMap(\.privileges))
      let plain = Set(theirs.flatMap(\.privileges)).subtracting(grantable)
      if !plain.isEmpty { grants.append(Grant(plain, to: grantee)) }
      if !grantable.isEmpty { grants.append(Grant(grantable, to: grantee, isGrantable: true)) }
    }
    return grants.sorted { ($0.grantee.rank, $0.isGrantable ? 1 : 0) < ($1.grantee.rank, $1.isGrantable ? 1 : 0) }
  }
}

extension Grant.Grantee {
  /// Everyone first, then users, groups and roles, each by name.
  fileprivate var rank: RoleName {
    switch self {
    case .everyone: ""
    case .named(let kind, let name): RoleName("\(Kind.allCases.firstIndex(of: kind) ?? 0) \(name)")
    }
  }
}
