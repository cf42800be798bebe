extension Rule {
  static let tableRemoved = Rule(
    id: "table.removed", .breaking, writes: .ok, back: .source, policy: .block,
    summary: "The source no longer has a promised table.",
    why: "The landed table stays and no longer changes: readers go on seeing the last rows, without an error.",
    advice:
      "Ask the source's owner whether it was renamed or dropped. Merge to mark the contract deprecated; nothing is dropped."
  ) { change, _ in
    guard case .tableRemoved = change else { return nil }
    return "gone from the source; the landed table stays and no longer changes"
  }
}
