extension Rule {
  static let typeLengthNarrowed = Rule.retyped(
    "type.lengthNarrowed", .safe, writes: .fails, back: .no, policy: .block,
    "Text may be less long than before."
  ) {
    from, to in
    guard case .text = from, case .text = to else { return nil }
    return "longer values are cut or fail to load"
  }
}
