extension Dialect {
  /// Source: Snowflake documentation, "ALTER TABLE", "ALTER TABLE ... ALTER COLUMN" and "Data types".
  package static let snowflake = Dialect(
    id: "snowflake",
    title: "Snowflake",
    lexicon: Lexicon(
      nameQuote: "\"", commentMarks: ["--", "/*", "//"], folding: .upper, nameLimit: 255,
      nameUnit: .characters, systemColumns: []),
    types: [
      TypeSpelling("BOOLEAN", type: .boolean),
      // Every whole number that Fivetran lands is one of these, and so is a NUMBER without parameters.
      TypeSpelling(
        "NUMBER", "decimal", "numeric", "dec",
        form: .exact([38, 0], .integer(bits: 64))),
      TypeSpelling(
        "INTEGER", "int", "bigint", "smallint", "tinyint", "byteint", type: .integer(bits: 64)),
      TypeSpelling(
        "NUMBER", "decimal", "numeric", "dec",
        form: .decimal(precision: 38, scale: 37, bare: .integer(bits: 64))),
      TypeSpelling(
        "FLOAT", "float4", "float8", "double", "double precision", "real", type: .float(bits: 64)),
      TypeSpelling("DATE", type: .date),
      TypeSpelling("TIME", form: .fraction(.time, digits: 9)),
      // A bare TIMESTAMP means what the session says, so it is not read.
      TypeSpelling(
        "TIMESTAMP_NTZ", "timestampntz", "datetime", "timestamp without time zone",
        form: .timestamp(zoned: false, digits: 9)),
      TypeSpelling(
        "TIMESTAMP_TZ", "timestamptz", "timestamp with time zone", "timestamp_ltz", "timestampltz",
        "timestamp with local time zone", form: .timestamp(zoned: true, digits: 9)),
      // The catalogue reports the greatest length where none was given; newer accounts have a greater one.
      TypeSpelling(
        "VARCHAR", "text", "string", "nvarchar", "nvarchar2", "char varying", "nchar varying",
        form: .text(maximum: 16_777_215, bare: .text(length: nil))),
      TypeSpelling(
        "VARCHAR", "text", "string", form: .exact([16_777_216], .text(length: nil))),
      TypeSpelling(
        "VARCHAR", "text", "string", form: .exact([134_217_728], .text(length: nil))),
      TypeSpelling(
        "CHAR", "character", "nchar", form: .text(maximum: 16_777_215, bare: .text(length: 1))),
      TypeSpelling("VARIANT", type: .json),
      TypeSpelling("BINARY", "varbinary", form: .binary(maximum: 8_388_607, bare: .binary(length: nil))),
      TypeSpelling("BINARY", "varbinary", form: .exact([8_388_608], .binary(length: nil))),
      TypeSpelling("BINARY", "varbinary", form: .exact([67_108_864], .binary(length: nil))),
      // Without types inside, both hold VARIANT.
      TypeSpelling("ARRAY", type: .array(.json)),
      TypeSpelling("OBJECT", type: .map(key: .text(length: nil), value: .json)),
      TypeSpelling("ARRAY", form: .array(.round)),
      TypeSpelling("MAP", form: .map(.round)),
      TypeSpelling("OBJECT", form: .structure(.round, separator: " ")),
      TypeSpelling("VECTOR", form: .vector(element: "float")),
    ],
    // Source: Snowflake documentation, "Summary of data types".
    otherTypes: [
      "timestamp", "geography", "geometry", "file",
    ],
    substitutes: [
      .integer(bits: 16): .integer(bits: 64), .integer(bits: 32): .integer(bits: 64),
      .float(bits: 32): .float(bits: 64), .uuid: .text(length: nil), .xml: .json,
    ],
    typeRules: [
      TypeRule(from: .binary, to: .binary, change: .inPlace(rewrites: false)),
      TypeRule(from: .text, to: .text, change: .inPlace(rewrites: false)),
      TypeRule(
        from: .decimal, to: .decimal, condition: .sameScale, change: .inPlace(rewrites: false)),
    ],
    widening: .addCopySwap,
    alterations: [
      .addColumn, .setDataType, .setType, .renameColumn, .dropColumn, .dropNotNull,
      .setNotNull, .commentOnColumn, .commentOnTable, .addPrimaryKey, .dropPrimaryKey, .moveTable, .dropView,
    ],
    conversions: .snowflake,
    viewRule: .anything,
    // Without it a replaced view loses the rights that people had on it.
    viewClause: " COPY GRANTS",
    fillsInBatches: false,
    backfill: { snowflakeMerge.backfill($0) },
    load: snowflakeLoad,
    cost: snowflakeCost)
}

private func snowflakeCost(_ action: AlterAction, _ change: TypeChange?) -> String {
  switch action {
  case .addColumn, .dropColumn, .renameColumn, .dropNotNull, .commentColumn, .commentTable, .renameTable:
    "metadata only, no row is rewritten; commits at once"
  case .setType:
    switch change {
    case .same, .inPlace(rewrites: false): "metadata only, no row is rewritten; commits at once"
    case .inPlace(rewrites: true), .addCopySwap, .needsPerson, .unknown, nil:
      "Snowflake refuses this in place: it takes a new column and a copy"
    }
  case .setNotNull: "reads every row, rewrites none; commits at once"
  case .addPrimaryKey, .dropPrimaryKey: "metadata only; Snowflake records a key and does not enforce it"
  case .copyColumn: "rewrites every micro-partition once, and other writers of the target wait"
  case .replaceView, .dropView, .grant: "metadata only, no row is touched; commits at once"
  case .backfill:
    "one MERGE over the whole table, not in batches: reads the landed table once, rewrites the micro-partitions of "
      + "changed rows, and other writers of the target wait"
  }
}
