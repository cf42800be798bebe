extension Rule {
  static let primaryKeyDropped = Rule(
    id: "pk.dropped", .breaking, writes: .conditional, back: .data, policy: .block,
    summary: "A table lost its key.",
    why: "Merges and joins rely on the key: with another one rows repeat or collapse, without an error.",
    advice:
      "Ask the source's owner. Fivetran may fall back to a key of its own, and a re-sync of the table is the documented cure."
  ) { change, _ in
    guard case .primaryKeyChanged(let from, let to) = change, to.isEmpty else { return nil }
    return "key was \(listed(from)), there is none now; rows may repeat"
  }
}
