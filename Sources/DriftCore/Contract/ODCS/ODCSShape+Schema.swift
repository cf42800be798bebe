extension ODCSShape {
  static let table = ODCSShape(
    "the table",
    [
      Key("id", .stableID, since: .v310), Key("name", .text, .required), Key("physicalName", .text),
      Key("physicalType", .text),
      Key("logicalType", .changed(in: .v320, from: .word(["object"]), to: .word(["object", "blob"]))),
      Key("businessName", .text), Key("description", .text), Key("dataGranularityDescription", .text),
      Key("deprecated", .boolean, since: .v320), Key("synonyms", .list(.object { .synonym }), since: .v320),
    ] + annotations + [
      Key("context", .either(.text, .object { .context }), since: .v320),
      Key("properties", .list(.object { .column })),
      Key("relationships", .list(.object { .tableRelationship }), since: .v310),
      Key("quality", .list(.object { .quality })),
    ])

  static let column = ODCSShape(
    "a column", nameAndID(named: .required) + columnKeys, rule: { $0.checkTypes($1, $2) })

  /// A field of a struct. As a column, in other words.
  static let field = ODCSShape(
    "a field", naturalKey: "name", nameAndID(named: .required) + columnKeys, rule: { $0.checkTypes($1, $2) })

  /// The element of an array, the key or the value of a map: it needs no name.
  static let element = ODCSShape(
    "an element", nameAndID(named: .optional) + columnKeys, rule: { $0.checkTypes($1, $2) })

  static let map = ODCSShape(
    "a map", [Key("key", .object { .element }, .required), Key("value", .object { .element }, .required)])

  private static func nameAndID(named: Need) -> [Key] {
    [Key("id", .stableID, since: .v310), Key("name", .text, named)]
  }

  /// In the order in which Mooring writes them.
  private static let columnKeys: [Key] =
    [
      Key("physicalName", .text, since: .v302),
      Key(
        "logicalType",
        .changed(
          in: .v320, from: .changed(in: .v310, from: .word(earlyTypes), to: .word(middleTypes)),
          to: .word(middleTypes + ["map", "vector"]))),
      Key("logicalTypeOptions", .mapping), Key("physicalType", .text), Key("businessName", .text),
      Key("description", .text), Key("required", .boolean), Key("unique", .boolean), Key("primaryKey", .boolean),
      Key("primaryKeyPosition", .integer), Key("partitioned", .boolean), Key("partitionKeyPosition", .integer),
      Key("deprecated", .boolean, since: .v320), Key("classification", .text), Key("encryptedName", .text),
      Key("criticalDataElement", .boolean),
      Key("semanticType", .word(["column", "measure", "dimension"]), since: .v320), Key("tags", .list(.text)),
      Key("synonyms", .list(.object { .synonym }), since: .v320), Key("transformSourceObjects", .list(.text)),
      Key("transformLogic", .text), Key("transformDescription", .text), Key("examples", .list(.any)),
      Key("enum", .list(.object { .enumValue }, atLeast: 1), since: .v320),
      Key("relationships", .list(.object { .columnRelationship }), since: .v310),
      Key("quality", .list(.object { .quality })),
      Key("authoritativeDefinitions", .list(.object { .definition })),
      Key("customProperties", .list(.object { .customProperty })), Key("properties", .list(.object { .field })),
      Key("items", .object { .element }), Key("map", .object { .map }, since: .v320),
    ]

  private static let earlyTypes = ["string", "date", "number", "integer", "object", "array", "boolean"]
  private static let middleTypes = [
    "string", "date", "timestamp", "time", "number", "integer", "object", "array", "boolean",
  ]

  static let enumValue = ODCSShape(
    "a value of \"enum\"", naturalKey: "value",
    [Key("id", .stableID), Key("value", .scalar, .required), Key("label", .text), Key("description", .text)]
      + annotations)

  static let synonym = ODCSShape(
    "a synonym",
    [
      Key("id", .stableID), Key("synonym", .text, .required), Key("locale", .text), Key("description", .text),
      Key("source", .text), Key("status", .text), Key("customProperties", .list(.object { .customProperty })),
    ])

  static let tableRelationship = ODCSShape(
    "a relationship of the table",
    [
      Key("id", .text, since: .v320), Key("type", .word(["foreignKey"])),
      Key("from", .either(.formed(.reference), .list(.formed(.reference), atLeast: 1)), .required),
      Key("to", .either(.formed(.reference), .list(.formed(.reference), atLeast: 1)), .required),
      Key("customProperties", .list(.object { .customProperty })),
    ],
    rule: { decoder, node, _ in
      guard let from = node.value("from"), let to = node.value("to") else { return }
      if from.items?.count != to.items?.count {
        decoder.error(
          to, "\"from\" and \"to\" of a relationship do not pair up", hint: "one name each, or lists of one length")
      }
    })

  static let columnRelationship = ODCSShape(
    "a relationship of a column",
    [
      Key("id", .text, since: .v320), Key("type", .word(["foreignKey"])),
      Key("to", .either(.formed(.reference), .list(.formed(.reference), atLeast: 1)), .required),
      Key("customProperties", .list(.object { .customProperty })),
    ])
}
