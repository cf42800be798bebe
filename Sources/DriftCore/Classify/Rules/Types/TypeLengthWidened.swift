extension Rule {
  static let typeLengthWidened = Rule.retyped(
    "type.lengthWidened", .safe, writes: .ok, back: .data, policy: .auto,
    summary: "Text may be longer than before.",
    why:
      "Nothing is cut. Exports of a fixed width, and copies elsewhere that have the old length, may refuse longer values.",
    advice:
      "Merge to promise the new length; a target that reads the column gets it where its warehouse can. Widen copies elsewhere by hand."
  ) { from, to in
    guard from.isText, from.family == to.family, widens(from, to: to) else { return nil }
    return to.family == .text
      ? "longer values fit" : "longer values fit, and shorter ones are filled up to the new length"
  }
}
