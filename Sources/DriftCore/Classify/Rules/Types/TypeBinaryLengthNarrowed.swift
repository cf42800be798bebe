extension Rule {
  static let typeBinaryLengthNarrowed = Rule.retyped(
    "type.binaryLengthNarrowed", .safe, writes: .fails, back: .no, policy: .block,
    "Bytes may be fewer than before."
  ) {
    from, to in
    guard case .binary = from, case .binary = to else { return nil }
    return "longer values fail to load"
  }
}
