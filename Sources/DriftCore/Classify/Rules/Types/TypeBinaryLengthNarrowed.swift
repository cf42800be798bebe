extension Rule {
  static let typeBinaryLengthNarrowed = Rule.retyped("type.binaryLengthNarrowed", "Bytes may be fewer than before.") {
    from, to in
    guard case .binary = from, case .binary = to else { return nil }
    return (TypeEffect(.safe, writes: .fails, back: .no, policy: .block), "longer values fail to load")
  }
}
