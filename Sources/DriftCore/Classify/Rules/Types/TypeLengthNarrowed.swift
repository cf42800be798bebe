extension Rule {
  static let typeLengthNarrowed = Rule.retyped(
    "type.lengthNarrowed", .safe, writes: .fails, back: .no, policy: .block,
    summary: "Text may be less long than before.",
    why: "What is longer is cut or fails to load, and what was cut cannot be had back.",
    advice: "Look up the longest value. Merge where none is longer; else have the source keep the old length."
  ) { from, to in
    guard from.isText, to.isText, let length = to.textLength, from.textLength.map({ $0 > length }) ?? true else {
      return nil
    }
    return "longer values are cut or fail to load"
  }
}
