extension Rule {
  static let typeVectorDimensionsChanged = Rule.retyped(
    "type.vectorDimensionsChanged", "A vector has another count of dimensions."
  ) { from, to in
    guard case .vector = from, case .vector = to else { return nil }
    return (
      TypeEffect(.breaking, writes: .fails, back: .no, policy: .block), "vectors of two lengths cannot be compared"
    )
  }
}
