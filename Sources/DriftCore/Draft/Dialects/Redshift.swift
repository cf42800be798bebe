extension Dialect {
  /// Source: Amazon Redshift documentation, "ALTER TABLE", "Data types", "Names and identifiers", "CREATE VIEW" and "GRANT".
  package static let redshift = Dialect(
    id: "redshift",
    title: "Redshift",
    lexicon: Lexicon(
      // Quoted names fold as well, so one with a capital letter would be read as another name.
      nameQuote: "\"", refusedInNames: Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), commentMarks: ["--", "/*"],
      folding: .lower, ignoresCase: true, nameLimit: 127, nameUnit: .bytes,
      systemColumns: [
        "oid", "tableoid", "ctid", "xmin", "xmax", "cmin", "cmax", "insertxid", "deletexid",
      ]),
    types: [
      TypeSpelling("BOOLEAN", "bool", type: .boolean),
      TypeSpelling("SMALLINT", "int2", type: .integer(bits: 16)),
      TypeSpelling("INTEGER", "int", "int4", type: .integer(bits: 32)),
      TypeSpelling("BIGINT", "int8", type: .integer(bits: 64)),
      TypeSpelling(
        "DECIMAL", "numeric",
        form: .decimal(precision: 38, scale: 37, bare: .decimal(precision: 18, scale: 0))),
      TypeSpelling("REAL", "float4", type: .float(bits: 32)),
      TypeSpelling("DOUBLE PRECISION", "float8", "float", type: .float(bits: 64)),
      TypeSpelling("DATE", type: .date),
      TypeSpelling("TIME", "time without time zone", form: .fraction(.time, digits: 6)),
      TypeSpelling("TIMESTAMP", "timestamp without time zone", type: .timestamp(zoned: false)),
      TypeSpelling("TIMESTAMPTZ", "timestamp with time zone", type: .timestamp(zoned: true)),
      // Lengths are bytes. The greatest one is what Fivetran takes for text without a length.
      TypeSpelling(
        "VARCHAR", "character varying", "nvarchar", form: .exact([65535], .text(length: nil), bare: false)),
      TypeSpelling(
        "VARCHAR", "character varying", "nvarchar", form: .text(maximum: 65534, bare: .text(length: 256))),
      TypeSpelling("TEXT", type: .text(length: 256)),
      // Only characters of one byte. A BPCHAR is always the same.
      TypeSpelling(
        "CHAR", "character", "nchar", form: .character(maximum: 4096, bare: .character(length: 1))),
      TypeSpelling("BPCHAR", type: .character(length: 256)),
      TypeSpelling("SUPER", type: .json),
      TypeSpelling(
        "VARBYTE", "varbinary", "binary varying",
        form: .exact([16_777_216], .binary(length: nil), bare: false)),
      TypeSpelling(
        "VARBYTE", "varbinary", "binary varying",
        form: .binary(maximum: 16_777_215, bare: .binary(length: 64000))),
    ],
    // Source: Amazon Redshift documentation, "Data types".
    otherTypes: [
      "interval", "geography", "geometry", "hllsketch", "timetz", "time with time zone", "name", "oid",
    ],
    substitutes: [.uuid: .text(length: 36), .xml: .text(length: nil), .integer(bits: 8): .integer(bits: 16)],
    typeRules: [TypeRule(from: .text, to: .text, change: .inPlace(rewrites: false))],
    widening: .addCopySwap,
    // There is neither SET nor DROP NOT NULL.
    alterations: [
      .addColumn, .setType, .renameColumn, .dropColumn, .commentOnColumn, .commentOnTable, .addPrimaryKey,
      .renameTable, .dropView, .grant,
    ],
    conversions: .redshift,
    viewRule: .sameColumns,
    grants: GrantForm(privileges: [.select, .drop], grantees: [.user: "", .group: "GROUP", .role: "ROLE"]),
    // Without it no column that the view reads can be dropped, which is how Fivetran changes a type.
    viewEnding: "\nWITH NO SCHEMA BINDING",
    fillsInBatches: false,
    backfill: redshiftBackfill,
    load: redshiftLoad,
    cost: redshiftCost)
}

private func redshiftCost(_ action: AlterAction, _ change: TypeChange?) -> String {
  switch action {
  case .addColumn, .dropColumn, .renameColumn, .renameTable: "an exclusive lock for a moment, no row is rewritten"
  case .commentColumn, .commentTable: "metadata only, no row is touched"
  case .addPrimaryKey, .dropPrimaryKey:
    "metadata only; Redshift does not enforce a key, and answers wrongly where one is not true"
  case .copyColumn: "rewrites every row once, and other writers of the target wait; VACUUM frees the space"
  case .dropNotNull, .setNotNull: "Redshift changes no column's NOT NULL"
  case .setType:
    switch change {
    case .same, .inPlace(rewrites: false):
      "an exclusive lock for a moment, no row is rewritten; cannot run inside a transaction, nor on a column with a "
        + "default, a key, or an encoding of BYTEDICT, RUNLENGTH, TEXT255 or TEXT32K"
    case .inPlace(rewrites: true), .addCopySwap, .needsPerson, .unknown, nil:
      "Redshift refuses this in place: it takes a new column and a copy"
    }
  case .replaceView, .dropView, .grant: "metadata only, no row is touched"
  case .backfill:
    "one UPDATE over the whole table, not in batches: reads the landed table once, rewrites changed rows whole, and "
      + "other writers of the target wait"
  }
}
