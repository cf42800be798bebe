extension Rule {
  static let typeIncompatible = Rule.retyped(
    "type.incompatible", .breaking, writes: .conditional, back: .no, policy: .block,
    "A type has become one of another family."
  ) { _, _ in
    ""
  }
}
