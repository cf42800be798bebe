extension Rule {
  static let typeVectorDimensionsChanged = Rule.retyped(
    "type.vectorDimensionsChanged", .breaking, writes: .fails, back: .no, policy: .block,
    "A vector has another count of dimensions."
  ) { from, to in
    guard case .vector = from, case .vector = to else { return nil }
    return "vectors of two lengths cannot be compared"
  }
}
