extension Rule {
  static let typeVectorDimensionsChanged = Rule.retyped(
    "type.vectorDimensionsChanged", .breaking, writes: .fails, back: .no, policy: .block,
    summary: "A vector has another count of dimensions.",
    why:
      "Vectors of two lengths cannot be compared: distances to older rows fail, and an index over them is of no use.",
    advice: "Compute the older vectors again in the new length, in a column of their own; then merge."
  ) { from, to in
    guard case .vector = from, case .vector = to else { return nil }
    return "vectors of two lengths cannot be compared"
  }
}
