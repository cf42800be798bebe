extension ODCSShape {
  static let quality = ODCSShape(
    "a quality rule",
    [
      Key("id", .stableID, since: .v310), Key("name", .text), Key("description", .text),
      Key("type", .word(["text", "library", "sql", "custom"])),
      Key(
        "dimension",
        .word(["accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"])),
      Key("method", .text), Key("severity", .text), Key("businessImpact", .text), Key("unit", .text),
      Key("schedule", .text), Key("scheduler", .text),
    ] + annotations, variant: qualityVariant,
    rule: { decoder, node, version in
      guard let variant = qualityVariant(node, version), variant["mustBe"] != nil else { return }
      let count = operators.count { node[$0.name] != nil }
      if count != 1 {
        decoder.error(
          node, "\(variant.what) has \(count) comparisons, it needs one",
          hint: "one of: \(operators.map(\.name).joined(separator: ", "))")
      }
    })

  /// A metric makes a rule one of the library, whatever else it says; before v3.1.0 so did a missing type.
  private static let qualityVariant: @Sendable (YAMLNode, ODCSVersion) -> ODCSShape? = { node, version in
    switch node["type"]?.text {
    case "sql": sqlRule
    case "custom": customRule
    case "library": libraryRule
    case nil where node["metric"] != nil || version < .v310: libraryRule
    default: nil
    }
  }

  private static let libraryRule = ODCSShape(
    "a quality rule of the library",
    [
      Key(
        "metric", .word(["nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"]),
        since: .v310, .requiredSince(.v310)),
      Key("rule", .text, .requiredBefore(.v310)), Key("arguments", .mapping, since: .v310),
    ] + operators)

  private static let sqlRule = ODCSShape("a quality rule in SQL", [Key("query", .text, .required)] + operators)

  private static let customRule = ODCSShape(
    "a custom quality rule",
    [Key("engine", .text, .required), Key("implementation", .either(.text, .mapping), .required)])

  private static let operators = [
    Key("mustBe", .any), Key("mustNotBe", .any), Key("mustBeGreaterThan", .number),
    Key("mustBeGreaterOrEqualTo", .number), Key("mustBeLessThan", .number), Key("mustBeLessOrEqualTo", .number),
    Key("mustBeBetween", .list(.number, atLeast: 2, atMost: 2, isSet: true)),
    Key("mustNotBeBetween", .list(.number, atLeast: 2, atMost: 2, isSet: true)),
  ]
}
