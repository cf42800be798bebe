extension Rule {
  static let classificationRaised = Rule(
    id: "column.classificationRaised", .safe, writes: .ok, back: .yes, policy: .auto,
    summary: "An edit raises how closely a column is kept.",
    why: "Nothing of the data changes; readers may lose access where it follows the classification.",
    advice: "Nothing, as a rule."
  ) { change, _ in
    guard case .contractEdited(.classification(_, let from, let to)) = change, isRaised(from, to) else { return nil }
    return "classification was \(from ?? "none"), is \(to ?? "none")"
  }
}

/// Whether `to` is the closer one. A word that is not known counts as the highest, so that leaving it is never "raised".
func isRaised(_ from: String?, _ to: String?) -> Bool { rank(from) < rank(to) }

private func rank(_ classification: String?) -> Int {
  guard let word = classification?.lowercased() else { return 0 }
  return 1 + (["public", "internal", "confidential", "restricted"].firstIndex(of: word) ?? 4)
}
