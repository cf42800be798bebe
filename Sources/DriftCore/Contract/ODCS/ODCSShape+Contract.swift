extension ODCSShape {
  /// The root of a file.
  static let contract = ODCSShape(
    "the contract", closedSince: .v300,
    [
      Key("apiVersion", .text, .required), Key("kind", .word(["DataContract"]), .required),
      Key("id", .text, .required), Key("name", .text), Key("version", .text, .required),
      Key("status", .text, .requiredBefore(.v320)), Key("domain", .text), Key("tenant", .text),
      Key("dataProduct", .text), Key("tags", .list(.text)), Key("description", .object { .description }),
      Key("context", .either(.text, .object { .context }), since: .v320),
      Key("servers", .list(.object { .server })), Key("schema", .list(.object { .table })),
      Key("support", .list(.object { .support })), Key("price", .object { .price }),
      Key("team", .either(.list(.object { .member }), .object { .team })),
      Key("roles", .list(.object { .role })), Key("slaDefaultElement", .text),
      Key("slaProperties", .list(.object { .serviceLevel })),
      Key("authoritativeDefinitions", .list(.object { .definition }), since: .v301),
      Key("customProperties", .list(.object { .customProperty })), Key("contractCreatedTs", .text),
    ])

  static let description = ODCSShape(
    "the contract's description", closedSince: nil,
    [
      Key("purpose", .text), Key("usage", .text), Key("limitations", .text),
      Key("authoritativeDefinitions", .list(.object { .definition }), since: .v301),
      Key("customProperties", .list(.object { .customProperty }), since: .v301),
    ])

  static let context = ODCSShape(
    "the context",
    [
      Key("instructions", .text), Key("verifiedStatements", .list(.object { .statement })),
      Key("constraints", .list(.object { .constraint })),
    ])

  static let statement = ODCSShape(
    "a verified statement",
    [Key("id", .text), Key("question", .text, .required), Key("answer", .text)] + annotations)

  static let constraint = ODCSShape(
    "a constraint", [Key("id", .text), Key("constraint", .text, .required)] + annotations)

  static let definition = ODCSShape(
    "an authoritative definition",
    [
      Key("id", .stableID, since: .v310), Key("url", .text, .required), Key("type", .text, .required),
      Key("description", .text, since: .v310),
    ])

  static let customProperty = ODCSShape(
    "a custom property",
    [
      Key("id", .stableID, since: .v310), Key("property", .text, .required), Key("value", .any, .required),
      Key("description", .text, since: .v310), Key("vendor", .text, since: .v320),
    ])

  static let support = ODCSShape(
    "a support channel",
    [
      Key("id", .stableID, since: .v310), Key("channel", .text, .required),
      Key("url", .text, .requiredBefore(.v310)), Key("description", .text), Key("tool", .text), Key("scope", .text),
      Key("invitationUrl", .text), Key("customProperties", .list(.object { .customProperty }), since: .v310),
    ])

  static let price = ODCSShape(
    "the price",
    [
      Key("id", .stableID, since: .v310), Key("priceAmount", .number), Key("priceCurrency", .text),
      Key("priceUnit", .text),
    ])

  static let role = ODCSShape(
    "a role", naturalKey: "role",
    [
      Key("id", .stableID, since: .v310), Key("role", .text, .required), Key("description", .text),
      Key("access", .text), Key("firstLevelApprovers", .text), Key("secondLevelApprovers", .text),
      Key("customProperties", .list(.object { .customProperty }), since: .v301),
    ])

  /// Since v3.1.0; the bare list of members is the form before it, and still legal.
  static let team = ODCSShape(
    "the team",
    [
      Key("id", .stableID), Key("name", .text), Key("description", .text),
      Key("members", .list(.object { .member })),
    ] + annotations,
    rule: { decoder, node, version in
      if version < .v310 {
        decoder.error(
          node, "a team that is a mapping is there since v3.1.0; this file is \(version.text)",
          hint: "write the members as a list, or set apiVersion: \(ODCSVersion.latest.text)")
      }
    })

  static let member = ODCSShape(
    "a member of the team",
    [
      Key("id", .stableID, since: .v310), Key("username", .text, .requiredSince(.v310)), Key("name", .text),
      Key("description", .text), Key("role", .text), Key("dateIn", .text), Key("dateOut", .text),
      Key("replacedByUsername", .text),
    ] + annotations.map { Key($0.name, $0.value, since: .v310) })

  static let serviceLevel = ODCSShape(
    "a service level",
    [
      Key("id", .stableID, since: .v310), Key("property", .text, .required), Key("value", .scalar, .required),
      Key("valueExt", .scalar), Key("unit", .text), Key("element", .text), Key("driver", .text),
      Key("description", .text, since: .v310), Key("scheduler", .text, since: .v310),
      Key("schedule", .text, since: .v310),
      Key("customProperties", .list(.object { .customProperty }), since: .v320),
      Key("authoritativeDefinitions", .list(.object { .definition }), since: .v320),
    ])

  /// What many objects may carry for people and other tools.
  static let annotations = [
    Key("tags", .list(.text)), Key("authoritativeDefinitions", .list(.object { .definition })),
    Key("customProperties", .list(.object { .customProperty })),
  ]
}
