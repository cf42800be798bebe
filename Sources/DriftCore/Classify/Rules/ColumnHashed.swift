extension Rule {
  static let columnHashed = Rule(
    id: "column.hashed.on", .breaking, writes: .ok, back: .data, policy: .review,
    summary: "Values arrive hashed that were promised in clear text.",
    why: "Joins and filters on them find nothing, without an error; old rows stay in clear text until a re-sync.",
    advice: "Merge to promise the hash, or switch it off in Fivetran."
  ) { change, _ in
    guard case .columnHashed = change else { return nil }
    return "values are hashed now: joins and filters on them find nothing, without an error"
  }
}
