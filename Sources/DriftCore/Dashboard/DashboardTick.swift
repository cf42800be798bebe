import Cryptography

/// What a ticked box of the dashboard asks for.
package enum DashboardTick: Hashable, Sendable {
  /// Draft this branch again from the protected branch; what a person wrote on it is put aside.
  case redraft(branch: String)
  /// Take back the "no" to this pull request, by the forge's id.
  case lift(pullRequest: String)
  /// Propose now what a limit holds back.
  case propose(branch: String)
  case proposeAll

  /// Its name in the hidden mark beside its box: letters, digits and a colon, whatever the branch is called.
  package var key: String {
    switch self {
    case .redraft(let branch): "redraft:\(digest(branch))"
    case .lift(let pullRequest): "lift:\(digest(pullRequest))"
    case .propose(let branch): "propose:\(digest(branch))"
    case .proposeAll: "propose:all"
    }
  }

  private func digest(_ subject: String) -> String { String(sha256Hex(subject).prefix(16)) }
}

/// The boxes that people have ticked. Only what is asked about has an effect: a key of nothing that is there has none.
package struct DashboardTicks: Hashable, Sendable {
  private var keys: Set<String>

  /// None.
  package init() { keys = [] }

  /// Reads the boxes of a dashboard's text; none where it is not Mooring's.
  package init(body: String) {
    keys = []
    guard Dashboard.isDashboard(body) else { return }
    for line in body.split(whereSeparator: \.isNewline) {
      let mark = " <!-- mooring:"
      guard line.hasPrefix("- [x]\(mark)") || line.hasPrefix("- [X]\(mark)") else { continue }
      let rest = line.dropFirst("- [x]".count + mark.count)
      guard let end = rest.firstRange(of: " -->") else { continue }
      keys.insert(String(rest[..<end.lowerBound]))
    }
  }

  package var isEmpty: Bool { keys.isEmpty }

  package func contains(_ tick: DashboardTick) -> Bool { keys.contains(tick.key) }
}
