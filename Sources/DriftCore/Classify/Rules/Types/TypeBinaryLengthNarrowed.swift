extension Rule {
  static let typeBinaryLengthNarrowed = Rule.retyped(
    "type.binaryLengthNarrowed", .safe, writes: .fails, back: .no, policy: .block,
    summary: "Bytes may be fewer than before.",
    why: "What is longer fails to load, or is cut and can then no longer be decoded.",
    advice: "Look up the longest value. Merge where none is longer; else have the source keep the old length."
  ) { from, to in
    guard case .binary = from, case .binary = to else { return nil }
    return "longer values fail to load"
  }
}
