extension Dialect {
  /// Source: BigQuery documentation, "Data definition language", "Data types" and "Lexical structure".
  package static let bigQuery = Dialect(
    id: "bigquery",
    title: "BigQuery",
    lexicon: Lexicon(
      nameQuote: "`", doublesNameQuotes: false, doublesLiteralQuotes: false,
      refusedInNames: Set(#"!"$()*,./;?@[\]^`{}~"#),
      commentMarks: ["--", "/*", "#"], folding: .none,
      ignoresCase: true, nameLimit: 300, nameUnit: .characters,
      systemColumns: ["_change_sequence_number", "_change_timestamp", "_change_type"],
      systemPrefixes: [
        "_table_", "_file_", "_partition", "_row_timestamp", "__root__", "_colidentifier",
      ]),
    types: [
      TypeSpelling("BOOL", "boolean", type: .boolean),
      TypeSpelling(
        "INT64", "int", "integer", "bigint", "smallint", "tinyint", "byteint",
        type: .integer(bits: 64)),
      TypeSpelling("NUMERIC", "decimal", type: .decimal(precision: 38, scale: 9)),
      TypeSpelling("BIGNUMERIC", "bigdecimal", type: .decimal(precision: nil, scale: nil)),
      TypeSpelling(
        "NUMERIC", "decimal",
        form: .decimal(precision: 38, scale: 9, bare: .decimal(precision: 38, scale: 9), whole: 29)),
      TypeSpelling(
        "BIGNUMERIC", "bigdecimal",
        form: .decimal(
          precision: 76, scale: 38, bare: .decimal(precision: nil, scale: nil), whole: 38)),
      TypeSpelling("FLOAT64", "float", type: .float(bits: 64)),
      TypeSpelling("DATE", type: .date),
      TypeSpelling("TIME", type: .time),
      TypeSpelling("DATETIME", type: .timestamp(zoned: false)),
      TypeSpelling("TIMESTAMP", type: .timestamp(zoned: true)),
      TypeSpelling("STRING", form: .text(maximum: Int.max, bare: .text(length: nil))),
      TypeSpelling("JSON", type: .json),
      TypeSpelling("BYTES", form: .binary(maximum: Int.max, bare: .binary(length: nil))),
      TypeSpelling("ARRAY", form: .array(.angle)),
      TypeSpelling("STRUCT", form: .structure(.angle, separator: " ")),
    ],
    // Source: BigQuery documentation, "Data types".
    otherTypes: [
      "interval", "geography", "range",
    ],
    substitutes: [
      .integer(bits: 16): .integer(bits: 64), .integer(bits: 32): .integer(bits: 64),
      .float(bits: 32): .float(bits: 64), .uuid: .text(length: nil), .xml: .text(length: nil),
    ],
    typeRules: [
      TypeRule(from: .text, to: .text, change: .inPlace(rewrites: false)),
      TypeRule(from: .binary, to: .binary, change: .inPlace(rewrites: false)),
      TypeRule(from: .decimal, to: .decimal, change: .inPlace(rewrites: false)),
      TypeRule(
        from: .integer, to: .decimal,
        condition: .exactly([
          .decimal(precision: 38, scale: 9), .decimal(precision: nil, scale: nil),
        ]), change: .inPlace(rewrites: false)),
      TypeRule(from: .date, to: .timestamp, change: .inPlace(rewrites: false)),
    ],
    widening: .addCopySwap,
    retypesRequired: false,
    // There is no SET NOT NULL.
    alterations: [
      .addColumn, .setDataType, .renameColumn, .dropColumn, .dropNotNull,
      Alteration(
        kind: .commentColumn,
        parts: [
          .words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("SET OPTIONS ("),
          .words("DESCRIPTION ="), .text, .words(")"),
        ]),
      Alteration(
        kind: .commentTable,
        parts: [
          .words("ALTER TABLE"), .table, .words("SET OPTIONS ("), .words("DESCRIPTION ="), .text, .words(")"),
        ]),
      Alteration(
        kind: .addPrimaryKey,
        parts: [.words("ALTER TABLE"), .table, .words("ADD PRIMARY KEY"), .columns, .words("NOT ENFORCED")]),
      .dropPrimaryKey, .renameTable, .dropView,
    ],
    conversions: .bigQuery,
    viewRule: .anything,
    primaryKeyClause: " NOT ENFORCED",
    fillsInBatches: false,
    backfill: { bigQueryMerge.backfill($0) },
    load: bigQueryLoad,
    cost: bigQueryCost)
}

private func bigQueryCost(_ action: AlterAction, _ change: TypeChange?) -> String {
  switch action {
  case .addColumn, .dropNotNull, .commentColumn, .commentTable: "metadata only, no row is rewritten"
  case .dropColumn, .renameColumn:
    "metadata only, no row is rewritten; legacy SQL and wildcard tables no longer read the table"
  case .setType:
    switch change {
    case .same, .inPlace(rewrites: false): "metadata only, no row is rewritten"
    case .inPlace(rewrites: true), .addCopySwap, .needsPerson, .unknown, nil:
      "BigQuery refuses this in place: it takes a new column and a copy"
    }
  case .addPrimaryKey, .dropPrimaryKey: "metadata only; BigQuery records a key and does not enforce it"
  case .renameTable: "metadata only; refused while rows are streamed into the table"
  case .copyColumn: "reads and writes every row once, which is billed"
  case .setNotNull: "BigQuery cannot refuse NULL in a column that is there"
  case .replaceView, .dropView, .grant: "metadata only, no row is touched"
  case .backfill:
    "one MERGE over the whole table, not in batches: reads both tables once, which is billed, and rewrites the blocks "
      + "of changed rows"
  }
}
