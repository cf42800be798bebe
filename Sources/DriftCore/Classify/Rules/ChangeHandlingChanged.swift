extension Rule {
  static let changeHandlingChanged = Rule(
    id: "table.changeHandling", .safe, writes: .conditional, back: .yes, policy: .review,
    summary: "Fivetran treats new tables and columns in another way than promised.",
    why:
      "It decides what lands before anybody has looked: ALLOW_ALL lands everything, ALLOW_COLUMNS new columns only, BLOCK_ALL nothing.",
    advice: "Set it back in Fivetran, or write the new word in connection.yaml."
  ) { change, _ in
    guard case .connectionChanged(.changeHandlingChanged(let from, let to)) = change else { return nil }
    return "new tables and columns: now \(to.rawValue), promised is \(from.rawValue); \(to.landing)"
  }
}

extension ChangeHandling {
  /// Source: Fivetran documentation, "Schema change handling".
  fileprivate var landing: String {
    switch self {
    case .allowAll: "everything new lands by itself"
    case .allowColumns: "new columns land by themselves, new tables do not"
    case .blockAll: "nothing new lands until somebody switches it on"
    }
  }
}
