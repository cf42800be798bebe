extension Rule {
  static let typeIncompatible = Rule.retyped("type.incompatible", "A type has become one of another family.") { _, _ in
    (TypeEffect(.breaking, writes: .conditional, back: .no, policy: .block), "")
  }
}
