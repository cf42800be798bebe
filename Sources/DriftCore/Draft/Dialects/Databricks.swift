extension Dialect {
  /// Delta tables in Unity Catalog.
  ///
  /// Source: Databricks documentation, "ALTER TABLE", "Data types", "Type widening", "Column mapping" and "Names".
  package static let databricks = Dialect(
    id: "databricks",
    title: "Databricks",
    lexicon: Lexicon(
      // Whether '' is a quote or joins two literals depends on a setting.
      nameQuote: "`", doublesLiteralQuotes: false, commentMarks: ["--", "/*"], folding: .none,
      ignoresCase: true, nameLimit: 255, nameUnit: .characters,
      systemColumns: ["_metadata", "_change_type", "_commit_version", "_commit_timestamp"]),
    types: [
      TypeSpelling("BOOLEAN", type: .boolean),
      TypeSpelling("TINYINT", "byte", type: .integer(bits: 8)),
      TypeSpelling("SMALLINT", "short", type: .integer(bits: 16)),
      TypeSpelling("INT", "integer", type: .integer(bits: 32)),
      TypeSpelling("BIGINT", "long", type: .integer(bits: 64)),
      TypeSpelling(
        "DECIMAL", "dec", "numeric",
        form: .decimal(precision: 38, scale: 38, bare: .decimal(precision: 10, scale: 0))),
      TypeSpelling("FLOAT", "real", type: .float(bits: 32)),
      TypeSpelling("DOUBLE", type: .float(bits: 64)),
      TypeSpelling("DATE", type: .date),
      TypeSpelling("TIMESTAMP", "timestamp_ltz", type: .timestamp(zoned: true)),
      TypeSpelling("TIMESTAMP_NTZ", type: .timestamp(zoned: false)),
      TypeSpelling("STRING", type: .text(length: nil)),
      TypeSpelling("VARCHAR", form: .text(maximum: 65535, bare: .text(length: nil))),
      TypeSpelling("CHAR", "character", form: .character(maximum: 65535, bare: nil)),
      TypeSpelling("BINARY", type: .binary(length: nil)),
      TypeSpelling("VARIANT", type: .json),
      TypeSpelling("ARRAY", form: .array(.angle)),
      TypeSpelling("MAP", form: .map(.angle)),
      TypeSpelling("STRUCT", form: .structure(.angle, separator: ": ")),
    ],
    // Source: Databricks SQL reference, "Data types".
    otherTypes: [
      "interval", "void", "geography", "geometry", "object", "time",
    ],
    substitutes: [.time: .text(length: nil), .uuid: .text(length: nil), .xml: .text(length: nil)],
    typeRules: [
      TypeRule(from: .integer, to: .integer, change: .inPlace(rewrites: false)),
      TypeRule(
        from: .integer, to: .decimal, condition: .holding(bits: 32, digits: 10), change: .inPlace(rewrites: false)),
      TypeRule(
        from: .integer, to: .decimal, condition: .holding(bits: 64, digits: 20), change: .inPlace(rewrites: false)),
      TypeRule(
        from: .integer, to: .float, condition: .exactly([.float(bits: 64)]), change: .inPlace(rewrites: false)),
      TypeRule(from: .decimal, to: .decimal, change: .inPlace(rewrites: false)),
      TypeRule(from: .float, to: .float, change: .inPlace(rewrites: false)),
      TypeRule(from: .date, to: .timestamp, change: .inPlace(rewrites: false)),
    ],
    widening: .addCopySwap,
    alterations: [
      .addColumns, .addColumn, .setType, .renameColumn, .dropColumn, .dropNotNull, .setNotNull,
      Alteration(
        kind: .commentColumn,
        parts: [.words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("COMMENT"), .text]),
      .commentOnTable, .addPrimaryKey, .dropPrimaryKey, .moveTable, .dropView,
    ],
    conversions: .databricks,
    viewRule: .anything,
    landed: databricksLanded,
    // "CREATE OR REPLACE VIEW" would lose the privileges that were granted on it.
    viewReplacement: "ALTER VIEW",
    keyColumnClause: " NOT NULL",
    fillsInBatches: false,
    backfill: { databricksMerge.backfill($0) },
    load: databricksLoad,
    cost: databricksCost)
}

/// Source: Fivetran documentation, "Databricks destination".
@Sendable private func databricksLanded(_ type: ColumnType) -> ColumnType {
  switch type {
  case .text, .character, .json, .xml, .time: .text(length: nil)
  case .timestamp: .timestamp(zoned: true)
  case .boolean, .integer, .decimal, .float, .date, .uuid, .binary, .vector, .array, .map, .structure, .unrecognized:
    type
  }
}

private func databricksCost(_ action: AlterAction, _ change: TypeChange?) -> String {
  switch action {
  case .addColumn, .dropNotNull, .commentColumn, .commentTable, .renameTable:
    "one commit of metadata, no file is rewritten"
  case .dropColumn, .renameColumn:
    "one commit of metadata, no file is rewritten; needs delta.columnMapping.mode = name on the table"
  case .setType:
    switch change {
    case .same, .inPlace(rewrites: false):
      "one commit of metadata, no file is rewritten; needs delta.enableTypeWidening on the table"
    case .inPlace(rewrites: true), .addCopySwap, .needsPerson, .unknown, nil:
      "Databricks refuses this in place: it takes a new column and a copy"
    }
  case .addPrimaryKey, .dropPrimaryKey: "metadata only; Databricks records a key and does not enforce it"
  case .copyColumn: "rewrites every file once; a writer of the same files fails and tries again"
  case .setNotNull: "reads every row, rewrites none; lifts the table's writer protocol to 3"
  case .replaceView, .dropView, .grant: "metadata only, no row is touched"
  case .backfill:
    "one MERGE over the whole table, not in batches: reads both tables once and rewrites the files of changed rows; a "
      + "writer of the same files fails and tries again"
  }
}
