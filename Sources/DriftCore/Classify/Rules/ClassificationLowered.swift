extension Rule {
  static let classificationLowered = Rule(
    id: "column.classificationLowered", .safe, writes: .ok, back: .yes, policy: .review,
    summary: "An edit lowers how closely a column is kept.",
    why: "Who may read less than before may read this column from then on, where access follows the classification.",
    advice: "Let the owner of the data review it."
  ) { change, _ in
    guard case .contractEdited(.classification(_, let from, let to)) = change, !isRaised(from, to) else { return nil }
    return "classification was \(from ?? "none"), is \(to ?? "none")"
  }
}
