import DriftCore
import Testing

@Suite struct SnowflakeTests {
  let dialect = Dialect.snowflake

  @Test(
    arguments: [
      ("NUMBER(38,0)", .integer(bits: 64)), ("NUMBER", .integer(bits: 64)), ("NUMBER(38)", .integer(bits: 64)),
      ("int", .integer(bits: 64)), ("BIGINT", .integer(bits: 64)), ("SMALLINT", .integer(bits: 64)),
      ("NUMBER(18,2)", .decimal(precision: 18, scale: 2)), ("DECIMAL(9)", .decimal(precision: 9, scale: 0)),
      ("NUMBER(38,37)", .decimal(precision: 38, scale: 37)), ("FLOAT", .float(bits: 64)),
      ("DOUBLE PRECISION", .float(bits: 64)), ("BOOLEAN", .boolean), ("DATE", .date), ("TIME(9)", .time),
      ("TIMESTAMP_NTZ(9)", .timestamp(zoned: false)), ("DATETIME", .timestamp(zoned: false)),
      ("TIMESTAMP_TZ(9)", .timestamp(zoned: true)), ("TIMESTAMP_LTZ", .timestamp(zoned: true)),
      ("TEXT", .text(length: nil)), ("VARCHAR(16777216)", .text(length: nil)),
      ("VARCHAR(134217728)", .text(length: nil)), ("STRING", .text(length: nil)),
      ("VARCHAR(64)", .text(length: 64)), ("CHAR", .text(length: 1)), ("CHAR(3)", .text(length: 3)),
      ("VARIANT", .json), ("BINARY", .binary(length: nil)), ("BINARY(8388608)", .binary(length: nil)),
      ("BINARY(10)", .binary(length: 10)), ("TIMESTAMP_NTZ(3)", .timestamp(zoned: false, digits: 3)),
      ("ARRAY", .array(.json)), ("ARRAY(VARCHAR)", .array(.text(length: nil))),
      ("OBJECT", .map(key: .text(length: nil), value: .json)),
      ("MAP(VARCHAR, NUMBER(9,2))", .map(key: .text(length: nil), value: .decimal(precision: 9, scale: 2))),
      ("OBJECT(a VARCHAR, b DATE)", .structure([StructureField("a", .text(length: nil)), StructureField("b", .date)])),
      ("VECTOR(FLOAT, 3)", .vector(dimensions: 3)),
    ] as [(String, ColumnType)])
  func spellingsOfOneTypeAreEqual(spelled: String, type: ColumnType) {
    #expect(dialect.parseType(spelled) == type)
  }

  @Test(arguments: [
    "NUMBER(39,0)", "NUMBER(38,38)", "NUMBER(5,6)", "VARCHAR(0)", "VARCHAR(16777217)", "TIMESTAMP",
    "TIMESTAMP_NTZ(10)", "ARRAY<VARCHAR>", "MAP(VARCHAR)", "OBJECT(VARCHAR)", "GEOGRAPHY", "VARIANT(1)",
    "VECTOR(FLOAT)", "VECTOR(INT, 3)",
    "VARCHAR(10) COLLATE 'en'", "NUMBER(38,0) IDENTITY", "uuid",
  ])
  func whatIsNotRecognizedIsKept(spelled: String) {
    #expect(dialect.parseType(spelled) == .unrecognized(spelled))
  }

  @Test(
    arguments: [
      (.integer(bits: 16), "NUMBER(38,0)"), (.integer(bits: 64), "NUMBER(38,0)"),
      (.decimal(precision: 18, scale: 2), "NUMBER(18,2)"), (.decimal(precision: nil, scale: nil), nil),
      (.decimal(precision: 39, scale: 0), nil), (.float(bits: 32), "FLOAT"),
      (.timestamp(zoned: true), "TIMESTAMP_TZ"), (.timestamp(zoned: false), "TIMESTAMP_NTZ"),
      (.text(length: nil), "VARCHAR"), (.text(length: 64), "VARCHAR(64)"), (.json, "VARIANT"),
      (.xml, "VARIANT"), (.uuid, "VARCHAR"), (.binary(length: nil), "BINARY"),
    ] as [(ColumnType, String?)])
  func aTypeIsWrittenAsFivetranWritesIt(type: ColumnType, name: String?) {
    #expect(dialect.typeName(type) == name)
  }

  @Test(
    arguments: [
      (.integer(bits: 16), .integer(bits: 64), .same),
      (.integer(bits: 64), .decimal(precision: 38, scale: 0), .same),
      (.integer(bits: 64), .decimal(precision: 38, scale: 9), .addCopySwap),
      (.integer(bits: 64), .decimal(precision: 18, scale: 0), .needsPerson),
      (.integer(bits: 64), .text(length: nil), .addCopySwap),
      (.float(bits: 32), .float(bits: 64), .same),
      (.decimal(precision: 10, scale: 2), .decimal(precision: 12, scale: 2), .inPlace(rewrites: false)),
      (.decimal(precision: 10, scale: 2), .decimal(precision: 12, scale: 4), .addCopySwap),
      (.decimal(precision: 12, scale: 2), .decimal(precision: 10, scale: 2), .needsPerson),
      (.text(length: 10), .text(length: 20), .inPlace(rewrites: false)),
      (.text(length: 10), .text(length: nil), .inPlace(rewrites: false)),
      (.text(length: 20), .text(length: 10), .needsPerson), (.json, .text(length: nil), .addCopySwap),
      (.date, .timestamp(zoned: false), .addCopySwap),
      (.timestamp(zoned: false), .timestamp(zoned: true), .needsPerson),
      (.unrecognized("GEOGRAPHY"), .json, .unknown),
    ] as [(ColumnType, ColumnType, TypeChange)])
  func aTypeChangeIsInPlaceOnlyWhereTheWarehouseTakesIt(
    from: ColumnType, to: ColumnType, expected: TypeChange
  ) {
    #expect(dialect.change(from: from, to: to) == expected)
  }

  @Test func namesAreOfUpperCaseUnlessQuoted() throws {
    #expect(dialect.folded("tier") == "TIER")
    #expect(dialect.folded("Tier") == "Tier")
    #expect(dialect.canAdd("TIER_2"))
    for name in ["tier", "Tier", "2TIER", "TI ER", "_FIVETRAN_SYNCED", ""] as [ColumnName] {
      #expect(!dialect.canAdd(name))
    }
    #expect(try dialect.quote(#"we"ird; --"#) == #""we""ird; --""#)
    #expect(try dialect.quote(String(repeating: "é", count: 255)).count == 257)
    #expect(throws: NameRefusal.self) { try dialect.quote(String(repeating: "x", count: 256)) }
  }

  @Test(
    arguments: [
      ("alter table a.t add column x number(38,0)", .addColumn("X", .integer(bits: 64))),
      (#"ALTER TABLE A."T" ALTER COLUMN "x" TYPE VARCHAR(9)"#, .setType("x", .text(length: 9))),
      ("ALTER TABLE A.T ALTER COLUMN X SET DATA TYPE TEXT", .setType("X", .text(length: nil))),
      ("DROP VIEW a.t", .dropView),
    ] as [(String, AlterAction)])
  func aHandWrittenStatementIsReadByItsMeaning(statement: String, action: AlterAction) throws {
    let (table, found) = try dialect.parse(statement)
    #expect(table == TableName(schema: "A", name: "T"))
    #expect(found == action)
  }

  @Test(arguments: [
    "ALTER TABLE A.T SWAP WITH A.U", "ALTER TABLE A.T ADD COLUMN IF NOT EXISTS X DATE",
    "ALTER TABLE A.T ADD COLUMN X DATE, Y DATE", "ALTER TABLE A.T ADD COLUMN X DATE DEFAULT '2023-01-01'",
    "ALTER TABLE A.T DROP COLUMN X, Y", "ALTER TABLE A.T MODIFY COLUMN X VARCHAR(9)",
    "ALTER TABLE IDENTIFIER('A.T') DROP COLUMN X", "ALTER TABLE $t DROP COLUMN X",
    "ALTER TABLE DB.A.T DROP COLUMN X", "ALTER TABLE A.T DROP COLUMN X // x", "ALTER TABLE A.T SET TAG x = 'y'",
    "ALTER TABLE A.T CLUSTER BY (X)", "ALTER TABLE A.T ADD COLUMN X TIMESTAMP",
    "ALTER TABLE A.T ADD COLUMN \"x\" DATE", "ALTER TABLE A.T DROP COLUMN _fivetran_synced",
    "ALTER TABLE A.T ADD COLUMN X VARCHAR MASKING POLICY p", "ALTER TABLE `A`.T DROP COLUMN X",
  ])
  func whatIsNotInTheGrammarIsRefused(statement: String) {
    #expect(throws: StatementRefusal.self) { try dialect.parse(statement) }
  }

  @Test func aCostSaysThatTheWholeTableIsFilledAtOnce() {
    #expect(dialect.cost(of: .backfill(["X"]), rows: 1_000).hasPrefix("one MERGE over the whole table"))
    #expect(dialect.cost(of: .backfill(["X"]), rows: 1_000).hasSuffix("about 1,000 rows"))
    #expect(dialect.cost(of: .addColumn("X", .date)).hasPrefix("metadata only"))
    #expect(
      dialect.cost(of: .setType("X", .json), typeBefore: .date).hasPrefix("Snowflake refuses this in place"))
    #expect(dialect.viewCanBeReplaced(old: [("A", .date)], new: [("B", .json)]))
  }
}
