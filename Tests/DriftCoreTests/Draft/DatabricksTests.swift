import DriftCore
import Testing

@Suite struct DatabricksTests {
  let dialect = Dialect.databricks

  @Test(
    arguments: [
      ("tinyint", .integer(bits: 8)), ("INT", .integer(bits: 32)), ("long", .integer(bits: 64)),
      ("DECIMAL(38,38)", .decimal(precision: 38, scale: 38)), ("decimal", .decimal(precision: 10, scale: 0)),
      ("real", .float(bits: 32)), ("timestamp", .timestamp(zoned: true)),
      ("timestamp_ntz", .timestamp(zoned: false)), ("string", .text(length: nil)), ("varchar(10)", .text(length: 10)),
      ("binary", .binary(length: nil)), ("variant", .json), ("array<int>", .array(.integer(bits: 32))),
      ("map<string,bigint>", .map(key: .text(length: nil), value: .integer(bits: 64))),
      (
        "struct<a:int,b:array<struct<c:string>>>",
        .structure([
          StructureField("a", .integer(bits: 32)),
          StructureField("b", .array(.structure([StructureField("c", .text(length: nil))]))),
        ])
      ),
    ] as [(String, ColumnType)])
  func spellingsOfOneTypeAreEqual(spelled: String, type: ColumnType) {
    #expect(dialect.parseType(spelled) == type)
  }

  @Test(arguments: [
    "DECIMAL(39,0)", "TIMESTAMP(3)", "CHAR", "INTERVAL DAY", "VOID", "map<string>", "array(int)", "struct<int>",
    "struct<a:int comment>", "struct<a:int,A:int>", "STRING COLLATE UTF8_LCASE", "array<array<int>", "int[]", "TIME",
  ])
  func whatIsNotRecognizedIsKept(spelled: String) {
    #expect(dialect.parseType(spelled) == .unrecognized(spelled))
  }

  @Test(
    arguments: [
      (.integer(bits: 32), .decimal(precision: 10, scale: 0), .inPlace(rewrites: false)),
      (.integer(bits: 16), .decimal(precision: 5, scale: 0), .addCopySwap),
      (.integer(bits: 64), .decimal(precision: 19, scale: 0), .addCopySwap),
      (.integer(bits: 64), .decimal(precision: 20, scale: 0), .inPlace(rewrites: false)),
      (.integer(bits: 16), .float(bits: 32), .addCopySwap),
      (.date, .timestamp(zoned: false), .inPlace(rewrites: false)),
      (.text(length: 10), .text(length: nil), .addCopySwap), (.json, .text(length: nil), .addCopySwap),
      (.array(.integer(bits: 32)), .array(.integer(bits: 64)), .needsPerson),
    ] as [(ColumnType, ColumnType, TypeChange)])
  func aTypeChangeIsInPlaceOnlyWhereTheWarehouseTakesIt(from: ColumnType, to: ColumnType, expected: TypeChange) {
    #expect(dialect.change(from: from, to: to) == expected)
  }

  @Test func aTypeOfFivetranLandsAsTheOneThatItHasHere() {
    #expect(dialect.landedType("JSON") == .text(length: nil))
    #expect(dialect.landedType("STRING(64)") == .text(length: nil))
    #expect(dialect.landedType("LOCALDATETIME") == .timestamp(zoned: true))
    #expect(dialect.landedType("LONG") == .integer(bits: 64))
  }

  @Test(
    arguments: [
      (#"SELECT "a""#, .character), ("SELECT 'it''s'", .literal), (#"SELECT 'a\'b'"#, .literal),
      ("SELECT r'a'", .literal), ("SELECT `a``b`", nil), ("SELECT ${x}", .literal), ("SELECT 1 -- x", .comment),
      ("SELECT /*+ x */ 1", .comment), ("SELECT 'a'\"b\"", .literal),
    ] as [(String, StatementRefusal.Check?)])
  func aTextThatCouldBeReadInTwoWaysIsRefused(text: String, check: StatementRefusal.Check?) {
    var found: StatementRefusal.Check?
    do { _ = try dialect.split(text) } catch { found = error.check }
    #expect(found == check)
  }

  @Test func bothWaysToAddAColumnAreRead() throws {
    let table = TableName(schema: "a", name: "t")
    #expect(try dialect.alter(table, .addColumn("x", .date)) == "ALTER TABLE `a`.`t` ADD COLUMNS (`x` DATE)")
    for statement in ["ALTER TABLE a.t ADD COLUMN x DATE", "alter table a.t add columns ( x date )"] {
      #expect(try dialect.parse(statement).1 == .addColumn("x", .date))
    }
  }

  @Test(arguments: [
    "ALTER TABLE a.t ADD COLUMNS (x INT, y INT)", "ALTER TABLE a.t ADD COLUMNS (x INT FIRST)",
    "ALTER TABLE a.t ADD COLUMNS (x INT) CASCADE", "ALTER TABLE a.t ADD COLUMNS (x INT",
    "ALTER TABLE a.t ALTER COLUMN x SET DATA TYPE BIGINT", "ALTER TABLE a.t SET TBLPROPERTIES ('a' = 'b')",
    "ALTER TABLE c.a.t DROP COLUMN x", "ALTER TABLE a.t DROP COLUMNS (x)", "ALTER TABLE a.t SET LOCATION 'x'",
    "ALTER TABLE a.t ADD COLUMNS (_change_type INT)", "ALTER TABLE a.t ALTER COLUMN x SET MASK f",
    "ALTER TABLE a.t CLUSTER BY (x)", "RESTORE TABLE a.t TO VERSION AS OF 1", "OPTIMIZE a.t", "VACUUM a.t",
  ])
  func whatIsNotInTheGrammarIsRefused(statement: String) {
    #expect(throws: StatementRefusal.self) { try dialect.parse(statement) }
  }
}
