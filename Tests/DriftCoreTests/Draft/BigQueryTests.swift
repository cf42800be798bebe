import DriftCore
import Testing

@Suite struct BigQueryTests {
  let dialect = Dialect.bigQuery

  @Test(
    arguments: [
      ("INT64", .integer(bits: 64)), ("INTEGER", .integer(bits: 64)), ("BOOL", .boolean), ("boolean", .boolean),
      ("NUMERIC", .decimal(precision: 38, scale: 9)), ("NUMERIC(38,9)", .decimal(precision: 38, scale: 9)),
      ("NUMERIC(12,2)", .decimal(precision: 12, scale: 2)), ("NUMERIC(29)", .decimal(precision: 29, scale: 0)),
      ("BIGNUMERIC", .decimal(precision: nil, scale: nil)),
      ("BIGNUMERIC(76, 38)", .decimal(precision: 76, scale: 38)), ("FLOAT64", .float(bits: 64)),
      ("DATE", .date), ("TIME", .time), ("DATETIME", .timestamp(zoned: false)),
      ("TIMESTAMP", .timestamp(zoned: true)), ("STRING", .text(length: nil)), ("string(64)", .text(length: 64)),
      ("JSON", .json), ("BYTES", .binary(length: nil)), ("BYTES(5)", .binary(length: 5)),
      ("ARRAY<INT64>", .array(.integer(bits: 64))),
      (
        "STRUCT<a INT64, b ARRAY<STRUCT<c STRING>>>",
        .structure([
          StructureField("a", .integer(bits: 64)),
          StructureField("b", .array(.structure([StructureField("c", .text(length: nil))]))),
        ])
      ),
    ] as [(String, ColumnType)])
  func spellingsOfOneTypeAreEqual(spelled: String, type: ColumnType) {
    #expect(dialect.parseType(spelled) == type)
  }

  @Test(arguments: [
    "NUMERIC(38,0)", "NUMERIC(30,0)", "NUMERIC(39,9)", "NUMERIC(20,10)", "BIGNUMERIC(77,38)",
    "BIGNUMERIC(76,0)", "STRING(0)", "ARRAY", "ARRAY(INT64)", "ARRAY<GEOGRAPHY>", "STRUCT<INT64>",
    "STRUCT<a INT64, A STRING>", "ARRAY<INT64", "INT64[]", "GEOGRAPHY", "INTERVAL",
    "VARCHAR", "TIMESTAMP(6)", "STRING COLLATE 'und:ci'", "INT64(5)",
  ])
  func whatIsNotRecognizedIsKept(spelled: String) {
    #expect(dialect.parseType(spelled) == .unrecognized(spelled))
  }

  @Test(
    arguments: [
      (.integer(bits: 16), "INT64"), (.decimal(precision: 38, scale: 9), "NUMERIC"),
      (.decimal(precision: 12, scale: 2), "NUMERIC(12,2)"), (.decimal(precision: 38, scale: 0), "BIGNUMERIC(38,0)"),
      (.decimal(precision: nil, scale: nil), "BIGNUMERIC"), (.decimal(precision: 76, scale: 0), nil),
      (.float(bits: 32), "FLOAT64"), (.timestamp(zoned: true), "TIMESTAMP"),
      (.timestamp(zoned: false), "DATETIME"), (.text(length: 9), "STRING(9)"), (.json, "JSON"),
      (.xml, "STRING"), (.uuid, "STRING"), (.binary(length: nil), "BYTES"),
    ] as [(ColumnType, String?)])
  func aTypeIsWrittenAsFivetranWritesIt(type: ColumnType, name: String?) {
    #expect(dialect.typeName(type) == name)
  }

  @Test(
    arguments: [
      (.integer(bits: 32), .integer(bits: 64), .same),
      (.integer(bits: 64), .decimal(precision: 38, scale: 9), .inPlace(rewrites: false)),
      (.integer(bits: 64), .decimal(precision: nil, scale: nil), .inPlace(rewrites: false)),
      (.integer(bits: 64), .decimal(precision: 28, scale: 0), .addCopySwap),
      (.integer(bits: 64), .float(bits: 64), .needsPerson),
      (.decimal(precision: 10, scale: 2), .decimal(precision: 12, scale: 4), .inPlace(rewrites: false)),
      (.decimal(precision: 38, scale: 9), .decimal(precision: nil, scale: nil), .inPlace(rewrites: false)),
      (.decimal(precision: nil, scale: nil), .float(bits: 64), .needsPerson),
      (.text(length: 10), .text(length: nil), .inPlace(rewrites: false)),
      (.text(length: nil), .text(length: 10), .needsPerson),
      (.integer(bits: 64), .text(length: nil), .addCopySwap), (.json, .text(length: nil), .addCopySwap),
      (.date, .timestamp(zoned: false), .inPlace(rewrites: false)),
      (.date, .timestamp(zoned: true), .needsPerson), (.unrecognized("GEOGRAPHY"), .json, .unknown),
    ] as [(ColumnType, ColumnType, TypeChange)])
  func aTypeChangeIsInPlaceOnlyWhereTheWarehouseTakesIt(
    from: ColumnType, to: ColumnType, expected: TypeChange
  ) {
    #expect(dialect.change(from: from, to: to) == expected)
  }

  @Test func aNameThatABacktickOrABackslashCouldEndIsRefused() throws {
    #expect(try dialect.quote("it's -- #") == "`it's -- #`")
    for name in ["a`b", #"a\b"#, "a.b", "a;b", #"a"b"#, "a/*b", ""] {
      #expect(throws: NameRefusal.self) { try dialect.quote(name) }
    }
    #expect(dialect.canAdd("tier"))
    for name in ["Tier", "_partitiontime", "_table_suffix", "_file_name", "__root__x", "_change_type"]
      as [ColumnName]
    { #expect(!dialect.canAdd(name)) }
    #expect(throws: DraftRefusal.self) {
      try dialect.alter(TableName(schema: "a", name: "t"), .dropColumn("_PARTITIONTIME"))
    }
  }

  @Test(
    arguments: [
      ("SELECT ''''", .literal), ("SELECT 'it''s'", .literal), ("SELECT `a``b`", .literal),
      (#"SELECT "a""#, .character), ("SELECT r'a'", .literal), ("SELECT b'a'", .literal),
      ("SELECT 1 # x", .comment), (#"SELECT 'a\'b'"#, .literal), ("SELECT `a'b`", nil), ("SELECT 'a`b'", nil),
      ("SELECT `a", .unterminated),
    ] as [(String, StatementRefusal.Check?)])
  func aTextThatCouldBeReadInTwoWaysIsRefused(text: String, check: StatementRefusal.Check?) {
    var found: StatementRefusal.Check?
    do { _ = try dialect.split(text) } catch { found = error.check }
    #expect(found == check)
  }

  @Test func noColumnCanBeMadeToRefuseNull() throws {
    let table = TableName(schema: "a", name: "t")
    #expect(throws: DraftRefusal.unsupported(action: "set_not_null", dialect: "BigQuery")) {
      try dialect.alter(table, .setNotNull("x"))
    }
    let mapping = Mapping(
      connection: "c", source: TableName(schema: "s", name: "t"), target: Target(table: table, kind: .table),
      columns: [])
    #expect(try dialect.down(for: .dropNotNull("x"), mapping: mapping) == nil)
  }

  @Test(arguments: [
    "ALTER TABLE a.t ALTER COLUMN x TYPE INT64", "ALTER TABLE a.t ALTER COLUMN x SET NOT NULL",
    "ALTER TABLE `a.t` DROP COLUMN x", "ALTER TABLE p.a.t DROP COLUMN x",
    "ALTER TABLE a.t ADD COLUMN x INT64, ADD COLUMN y INT64", "ALTER TABLE a.t DROP COLUMN _PARTITIONTIME",
    "ALTER TABLE a.t ADD COLUMN x INT64 OPTIONS(description='y')", "ALTER TABLE a.t RENAME TO a.u",
    "ALTER TABLE a.t ADD COLUMN x NUMERIC(38,0)", "ALTER TABLE a.t ADD COLUMN x ARRAY<INT64 DEFAULT 1>",
  ])
  func whatIsNotInTheGrammarIsRefused(statement: String) {
    #expect(throws: StatementRefusal.self) { try dialect.parse(statement) }
  }

  @Test(arguments: ["it's", "a\"b", #"a\b"#])
  func aFieldThatNoPathCanNameIsRefused(field: String) {
    let mapping = Mapping(
      connection: "c", source: TableName(schema: "s", name: "t"),
      target: Target(table: TableName(schema: "a", name: "t"), kind: .view),
      columns: [MappingColumn(sources: ["x"], target: "y", type: "STRING", conversion: .jsonField(field))])
    #expect(throws: DraftRefusal.literal(field)) {
      try dialect.statement(for: .replaceView, mapping: mapping, landed: ["x": .json])
    }
  }
}
