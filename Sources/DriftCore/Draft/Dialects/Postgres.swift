extension Dialect {
  /// PostgreSQL 14 and later. Which change rewrites what was measured on 15.
  package static let postgres = Dialect(
    id: "postgres",
    title: "PostgreSQL",
    lexicon: Lexicon(
      nameQuote: "\"", commentMarks: ["--", "/*"], folding: .lower, nameLimit: 63,
      nameUnit: .bytes,
      systemColumns: ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"]),
    types: [
      TypeSpelling("boolean", "bool", type: .boolean),
      TypeSpelling("smallint", "int2", type: .integer(bits: 16)),
      TypeSpelling("integer", "int", "int4", type: .integer(bits: 32)),
      TypeSpelling("bigint", "int8", type: .integer(bits: 64)),
      TypeSpelling(
        "numeric", "decimal", "dec",
        form: .decimal(
          precision: 1000, scale: 1000, bare: .decimal(precision: nil, scale: nil))),
      TypeSpelling("real", "float4", type: .float(bits: 32)),
      TypeSpelling("double precision", "float8", type: .float(bits: 64)),
      TypeSpelling("float", form: .mantissa),
      TypeSpelling("date", type: .date),
      TypeSpelling("time", "time without time zone", form: .fraction(.time, digits: 6)),
      TypeSpelling(
        "timestamp", "timestamp without time zone",
        form: .timestamp(zoned: false, digits: 6)),
      TypeSpelling(
        "timestamptz", "timestamp with time zone",
        form: .timestamp(zoned: true, digits: 6)),
      TypeSpelling("text", type: .text(length: nil)),
      TypeSpelling(
        "varchar", "character varying", "char varying", "nchar varying", "national character varying",
        "national char varying",
        form: .text(maximum: 10_485_760, bare: .text(length: nil))),
      TypeSpelling(
        "character", "char", "nchar", "national character", "national char",
        form: .character(maximum: 10_485_760, bare: .character(length: 1))),
      TypeSpelling("bpchar", form: .character(maximum: 10_485_760, bare: .character(length: nil))),
      TypeSpelling("uuid", type: .uuid),
      TypeSpelling("jsonb", "json", type: .json),
      TypeSpelling("xml", type: .xml),
      TypeSpelling("bytea", type: .binary(length: nil)),
      // From the extension pgvector.
      TypeSpelling("vector", form: .vector(element: nil)),
      TypeSpelling("array", form: .array(.square)),
    ],
    // Source: PostgreSQL documentation, "Data Types"; PostGIS, citext, hstore, ltree and pgvector theirs.
    otherTypes: [
      "bit", "bit varying", "varbit", "box", "cidr", "circle", "citext", "geography",
      "geometry", "hstore", "inet", "int4range", "int8range", "interval", "jsonpath", "line", "lseg",
      "ltree", "macaddr", "macaddr8", "money", "name", "numrange", "oid", "path", "pg_lsn", "point", "polygon",
      "serial", "bigserial", "smallserial", "time", "time without time zone", "time with time zone", "timetz",
      "tsquery", "tsrange", "tstzrange",
      "daterange", "tsvector", "txid_snapshot", "pg_snapshot", "halfvec", "sparsevec", "datemultirange",
      "int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange",
    ],
    typeRules: [
      TypeRule(from: .text, to: .text, change: .inPlace(rewrites: false)),
      TypeRule(
        from: .decimal, to: .decimal, condition: .sameScale, change: .inPlace(rewrites: false)),
      TypeRule(from: .xml, to: .text, change: .inPlace(rewrites: false)),
      // More digits of a second; fewer is no widening.
      TypeRule(from: .timestamp, to: .timestamp, change: .inPlace(rewrites: false)),
      TypeRule(from: .instant, to: .instant, change: .inPlace(rewrites: false)),
    ],
    widening: .inPlace(rewrites: true),
    retypesKeys: true,
    alterations: [
      .addColumn, .setType, .setDataType, .renameColumn, .dropColumn, .dropNotNull,
      .setNotNull, .commentOnColumn, .commentOnTable, .addPrimaryKey, .renameTable, .dropView,
      .grant,
    ],
    conversions: .postgres,
    viewRule: .appendsOnly,
    grants: GrantForm(privileges: [.select, .insert, .update, .delete, .trigger], grantees: [.user: ""]),
    enforcesKeys: true,
    backfill: postgresBackfill,
    load: postgresLoad,
    cost: postgresCost)
}
