extension Rule {
  static let typeBinaryLengthWidened = Rule.retyped(
    "type.binaryLengthWidened", .safe, writes: .ok, back: .data, policy: .auto,
    summary: "Bytes may be more than before.",
    why: "Nothing is cut. Copies elsewhere that have the old length may refuse longer values.",
    advice:
      "Merge to promise the new length; a target that reads the column gets it where its warehouse can. Widen copies elsewhere by hand."
  ) { from, to in
    guard case .binary = from, case .binary = to, widens(from, to: to) else { return nil }
    return "longer values fit"
  }
}
