import DriftCore
import Testing

@Suite struct RedshiftTests {
  let dialect = Dialect.redshift

  @Test(
    arguments: [
      ("int2", .integer(bits: 16)), ("INTEGER", .integer(bits: 32)), ("bigint", .integer(bits: 64)),
      ("NUMERIC(18,2)", .decimal(precision: 18, scale: 2)), ("decimal", .decimal(precision: 18, scale: 0)),
      ("float", .float(bits: 64)), ("REAL", .float(bits: 32)), ("double precision", .float(bits: 64)),
      ("timestamp without time zone", .timestamp(zoned: false)), ("TIMESTAMPTZ", .timestamp(zoned: true)),
      ("character varying(10)", .text(length: 10)), ("VARCHAR(65535)", .text(length: nil)),
      ("varchar", .text(length: 256)), ("TEXT", .text(length: 256)), ("super", .json),
      ("VARBYTE", .binary(length: 64000)), ("varbyte(16777216)", .binary(length: nil)), ("bool", .boolean),
    ] as [(String, ColumnType)])
  func spellingsOfOneTypeAreEqual(spelled: String, type: ColumnType) {
    #expect(dialect.parseType(spelled) == type)
  }

  @Test(arguments: [
    "VARCHAR(65536)", "VARCHAR(0)", "DECIMAL(39,0)", "TIMESTAMP(3)", "BPCHAR(10)", "CHARACTER(4097)", "GEOMETRY",
    "HLLSKETCH",
    "bigint[]", "VARCHAR(10) ENCODE zstd", "jsonb", "uuid",
  ])
  func whatIsNotRecognizedIsKept(spelled: String) {
    #expect(dialect.parseType(spelled) == .unrecognized(spelled))
  }

  /// Quoted or not, the engine reads it in lower case: another column.
  @Test func aNameWithACapitalIsRefused() throws {
    #expect(throws: NameRefusal.self) { try dialect.quote("Tier") }
    #expect(throws: StatementRefusal.self) { try dialect.parse(#"ALTER TABLE "a"."t" DROP COLUMN "Tier""#) }
    #expect(try dialect.parse("ALTER TABLE A.T DROP COLUMN TIER").1 == .dropColumn("tier"))
    #expect(try dialect.quote(String(repeating: "é", count: 63)).utf8.count == 128)
    #expect(throws: NameRefusal.self) { try dialect.quote(String(repeating: "é", count: 64)) }
  }

  @Test(arguments: [
    "ALTER TABLE a.t ADD COLUMN IF NOT EXISTS x BIGINT", "ALTER TABLE a.t ADD COLUMN x BIGINT ENCODE az64",
    "ALTER TABLE a.t ADD COLUMN x BIGINT, ADD COLUMN y BIGINT", "ALTER TABLE a.t APPEND FROM a.u",
    "ALTER TABLE a.t ALTER COLUMN x SET NOT NULL", "ALTER TABLE a.t ALTER COLUMN x DROP NOT NULL",
    "ALTER TABLE a.t ALTER DISTKEY x", "ALTER TABLE a.t ALTER COLUMN x SET DATA TYPE VARCHAR(9)",
    "ALTER TABLE a.t DROP COLUMN x CASCADE", "ALTER TABLE a.t DROP COLUMN E'x'",
    #"ALTER TABLE a.t DROP COLUMN "x\"; DROP TABLE y; --""#, "UNLOAD ('select 1') TO 's3://x'",
    "COPY a.t FROM 's3://x'",
  ])
  func whatIsNotInTheGrammarIsRefused(statement: String) {
    #expect(throws: StatementRefusal.self) { try dialect.parse(statement) }
  }

  @Test func aCostSaysWhatCannotRunInATransaction() {
    let cost = dialect.cost(of: .setType("x", .text(length: 20)), typeBefore: .text(length: 10))
    #expect(cost.contains("cannot run inside a transaction"))
  }
}
