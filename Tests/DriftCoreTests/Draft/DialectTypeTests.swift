import DriftCore
import TestSupport
import Testing

@Suite struct DialectTypeTests {
  let dialect = Dialect.postgres

  @Test(
    arguments: [
      ("character varying(10)", .text(length: 10)), ("VARCHAR ( 10 )", .text(length: 10)),
      ("character varying", .text(length: nil)), ("varchar", .text(length: nil)),
      ("text", .text(length: nil)), ("bool", .boolean), ("boolean", .boolean),
      ("int2", .integer(bits: 16)), ("smallint", .integer(bits: 16)), ("int", .integer(bits: 32)),
      ("INT4", .integer(bits: 32)), ("integer", .integer(bits: 32)), ("int8", .integer(bits: 64)),
      ("bigint", .integer(bits: 64)), ("numeric", .decimal(precision: nil, scale: nil)),
      ("numeric(18,2)", .decimal(precision: 18, scale: 2)),
      ("decimal(18, 2)", .decimal(precision: 18, scale: 2)),
      ("numeric(18)", .decimal(precision: 18, scale: 0)), ("real", .float(bits: 32)),
      ("float4", .float(bits: 32)), ("double precision", .float(bits: 64)),
      ("double  PRECISION", .float(bits: 64)), ("float8", .float(bits: 64)),
      ("float", .float(bits: 64)), ("float(24)", .float(bits: 32)), ("float(25)", .float(bits: 64)),
      ("date", .date), ("time without time zone", .time), ("time", .time),
      ("timestamp without time zone", .timestamp(zoned: false)),
      ("timestamp", .timestamp(zoned: false)), ("timestamp(6)", .timestamp(zoned: false)),
      ("timestamp with time zone", .timestamp(zoned: true)),
      ("timestamp(6) with time zone", .timestamp(zoned: true)),
      ("timestamptz", .timestamp(zoned: true)), ("uuid", .uuid), ("json", .json), ("jsonb", .json),
      ("xml", .xml), ("bytea", .binary(length: nil)), ("timestamp(3)", .timestamp(zoned: false, digits: 3)),
      ("timestamp(3) with time zone", .timestamp(zoned: true, digits: 3)), ("integer[]", .array(.integer(bits: 32))),
      ("numeric(18,2)[][]", .array(.decimal(precision: 18, scale: 2))), ("text[3]", .array(.text(length: nil))),
      ("vector(3)", .vector(dimensions: 3)), ("character(5)", .character(length: 5)),
      ("CHAR(5)", .character(length: 5)), ("nchar(5)", .character(length: 5)), ("bpchar(5)", .character(length: 5)),
      ("character", .character(length: 1)), ("char", .character(length: 1)), ("bpchar", .character(length: nil)),
      ("national character varying(5)", .text(length: 5)), ("character(5)[]", .array(.character(length: 5))),
    ] as [(String, ColumnType)])
  func postgresSpellingsOfOneTypeAreEqual(spelled: String, type: ColumnType) {
    #expect(dialect.parseType(spelled) == type)
  }

  @Test(arguments: [
    "numeric(1e9)", "numeric(1001,2)", "numeric(5,6)", "numeric(3,-2)",
    "numeric(1,2,3)", "varchar(0)", "varchar(10485761)", "varchar(99999999999999999999)",
    "varchar(10); drop table t", "varchar(10) cascade", "varchar()", "varchar(1 0)", "varchar(1",
    "character(10) varying", "geometry(Point,4326)", "time with time zone",
    "citext", "interval", "\"text\"", "text collate \"C\"", "te xt", "", " ", "(10)", "ｔext",
    "text\u{0}", "character(0)", "bpchar(10485761)", "\"char\"", "bit(3)", "money",
  ])
  func whatIsNotRecognizedIsKeptAndNeverWritten(spelled: String) {
    #expect(dialect.parseType(spelled) == .unrecognized(spelled))
    #expect(dialect.typeName(.unrecognized(spelled)) == nil)
  }

  @Test(
    arguments: [
      (.redshift, "CHAR(5)", .character(length: 5)), (.redshift, "nchar(5)", .character(length: 5)),
      (.redshift, "CHAR", .character(length: 1)), (.redshift, "bpchar", .character(length: 256)),
      (.redshift, "character(4097)", .unrecognized("character(4097)")),
      (.redshift, "nvarchar(5)", .text(length: 5)), (.databricks, "CHAR(5)", .character(length: 5)),
      (.databricks, "CHAR", .unrecognized("CHAR")), (.snowflake, "CHAR(5)", .text(length: 5)),
      (.snowflake, "nchar", .text(length: 1)), (.bigQuery, "CHAR(5)", .unrecognized("CHAR(5)")),
    ] as [(Dialect, String, ColumnType)])
  func textOfOneLengthIsReadWhereItIsFilledUp(dialect: Dialect, spelled: String, type: ColumnType) {
    #expect(dialect.parseType(spelled) == type)
  }

  /// Types that a warehouse keeps as another one; every other type reads back as itself.
  static let keptAlike: [String: [ColumnType: ColumnType]] = [
    "bigquery": [
      .integer(bits: 16): .integer(bits: 64), .integer(bits: 32): .integer(bits: 64),
      .float(bits: 32): .float(bits: 64), .uuid: .text(length: nil), .xml: .text(length: nil),
      .timestamp(zoned: false, digits: 3): .timestamp(zoned: false), .character(length: 10): .text(length: 10),
      .structure([StructureField("a", .integer(bits: 32)), StructureField("b", .text(length: nil))]): .structure([
        StructureField("a", .integer(bits: 64)), StructureField("b", .text(length: nil)),
      ]),
    ],
    "databricks": [
      .time: .text(length: nil), .uuid: .text(length: nil), .xml: .text(length: nil),
      .timestamp(zoned: false, digits: 3): .timestamp(zoned: false), .binary(length: 9): .binary(length: nil),
    ],
    "postgres": [.binary(length: 9): .binary(length: nil)],
    "redshift": [
      .uuid: .text(length: 36), .xml: .text(length: nil),
      .timestamp(zoned: false, digits: 3): .timestamp(zoned: false),
    ],
    "snowflake": [
      .integer(bits: 16): .integer(bits: 64), .integer(bits: 32): .integer(bits: 64),
      .decimal(precision: 38, scale: 0): .integer(bits: 64), .float(bits: 32): .float(bits: 64),
      .uuid: .text(length: nil), .xml: .json, .character(length: 10): .text(length: 10),
      .structure([StructureField("a", .integer(bits: 32)), StructureField("b", .text(length: nil))]): .structure([
        StructureField("a", .integer(bits: 64)), StructureField("b", .text(length: nil)),
      ]),
    ],
  ]

  @Test(arguments: Dialect.all)
  func aWrittenTypeReadsBackAsItself(dialect: Dialect) throws {
    let alike = try #require(Self.keptAlike[dialect.id])
    for type in sampleTypes + nestedTypes + [.decimal(precision: 38, scale: 0), .decimal(precision: 29, scale: 0)] {
      guard let name = dialect.typeName(type) else { continue }
      #expect(dialect.parseType(name) == alike[type] ?? type)
      #expect(dialect.stored(type) == alike[type] ?? type)
      #expect(dialect.typeName(dialect.stored(type)) == name)
    }
  }

  @Test(
    arguments: [
      .decimal(precision: 0, scale: 0), .decimal(precision: 1001, scale: 0),
      .decimal(precision: 5, scale: 6), .decimal(precision: 5, scale: -1), .text(length: 0),
      .text(length: -1), .text(length: 10_485_761), .integer(bits: 8), .integer(bits: 128),
      .float(bits: 16),
    ] as [ColumnType])
  func aTypeOutOfBoundsIsNotWritten(type: ColumnType) {
    #expect(dialect.typeName(type) == nil)
  }

  @Test func identifiersOfDialectsAreUnique() {
    #expect(Set(Dialect.all.map(\.id)).count == Dialect.all.count)
    #expect(Dialect.all.allSatisfy { Dialect.named($0.id)?.id == $0.id })
    #expect(Dialect.named("oracle") == nil)
  }

  // warehouses.md: which change rewrites what, measured on PostgreSQL 15.
  @Test(
    arguments: [
      (.integer(bits: 32), .integer(bits: 32), .same),
      (.integer(bits: 16), .integer(bits: 64), .inPlace(rewrites: true)),
      (.integer(bits: 64), .decimal(precision: nil, scale: nil), .inPlace(rewrites: true)),
      (.integer(bits: 64), .decimal(precision: 18, scale: 0), .needsPerson),
      (.integer(bits: 64), .float(bits: 64), .needsPerson),
      (.integer(bits: 32), .float(bits: 64), .inPlace(rewrites: true)),
      (.float(bits: 32), .float(bits: 64), .inPlace(rewrites: true)),
      (.text(length: 10), .text(length: 20), .inPlace(rewrites: false)),
      (.text(length: 10), .text(length: nil), .inPlace(rewrites: false)),
      (.text(length: 20), .text(length: 10), .needsPerson),
      (.text(length: nil), .text(length: 10), .needsPerson),
      (.decimal(precision: 10, scale: 2), .decimal(precision: 12, scale: 2), .inPlace(rewrites: false)),
      (.decimal(precision: 10, scale: 2), .decimal(precision: nil, scale: nil), .inPlace(rewrites: false)),
      (.decimal(precision: 10, scale: 2), .decimal(precision: 12, scale: 4), .inPlace(rewrites: true)),
      (.decimal(precision: 10, scale: 2), .decimal(precision: 10, scale: 4), .needsPerson),
      (.decimal(precision: 12, scale: 2), .decimal(precision: 10, scale: 2), .needsPerson),
      (.character(length: 5), .character(length: 10), .inPlace(rewrites: true)),
      (.character(length: 5), .text(length: 5), .inPlace(rewrites: true)),
      (.character(length: 5), .text(length: 4), .needsPerson),
      (.text(length: 5), .character(length: 10), .needsPerson),
      (.xml, .text(length: nil), .inPlace(rewrites: false)),
      (.json, .text(length: nil), .inPlace(rewrites: true)),
      (.boolean, .text(length: nil), .inPlace(rewrites: true)),
      (.boolean, .integer(bits: 32), .needsPerson),
      (.text(length: nil), .json, .needsPerson),
      (.date, .timestamp(zoned: false), .inPlace(rewrites: true)),
      (.timestamp(zoned: false), .timestamp(zoned: true), .needsPerson),
      (.unrecognized("citext"), .text(length: nil), .unknown),
      (.text(length: nil), .unrecognized("citext"), .unknown),
      (.unrecognized("citext"), .unrecognized("citext"), .same),
    ] as [(ColumnType, ColumnType, TypeChange)])
  func postgresSaysWhatATypeChangeNeeds(from: ColumnType, to: ColumnType, expected: TypeChange) {
    #expect(dialect.change(from: from, to: to) == expected)
  }

  @Test(arguments: Dialect.all)
  func nothingIsDoneInPlaceThatLosesValues(dialect: Dialect) {
    let types = sampleTypes.filter { dialect.stored($0) == $0 }
    for from in types {
      for to in types {
        if case .inPlace = dialect.change(from: from, to: to) { #expect(widens(from, to: to)) }
      }
    }
  }
}

@Suite struct WideningTests {
  @Test func wideningIsAnOrder() {
    for first in sampleTypes {
      #expect(widens(first, to: first))
      for second in sampleTypes where widens(first, to: second) {
        if first != second { #expect(!widens(second, to: first)) }
        for third in sampleTypes where widens(second, to: third) {
          #expect(widens(first, to: third), "\(first) < \(second) < \(third)")
        }
      }
    }
  }

  @Test(
    arguments: [
      (.text(length: nil), .json), (.json, .xml), (.date, .timestamp(zoned: true)),
      (.timestamp(zoned: false), .timestamp(zoned: true)), (.time, .timestamp(zoned: false)),
      (.decimal(precision: 5, scale: 2), .float(bits: 64)), (.float(bits: 64), .float(bits: 32)),
      (.integer(bits: 32), .float(bits: 32)), (.integer(bits: 32), .decimal(precision: 11, scale: 2)),
    ] as [(ColumnType, ColumnType)])
  func whatCannotBeForeseenIsNoWidening(from: ColumnType, to: ColumnType) {
    #expect(!widens(from, to: to))
  }
}

@Suite struct FivetranTypeTests {
  @Test(
    arguments: [
      ("BOOLEAN", .boolean), ("SHORT", .integer(bits: 16)), ("INT", .integer(bits: 32)),
      ("LONG", .integer(bits: 64)), ("DECIMAL(12,2)", .decimal(precision: 12, scale: 2)),
      ("BIGDECIMAL(12, 2)", .decimal(precision: 12, scale: 2)),
      ("BIGDECIMAL", .decimal(precision: nil, scale: nil)), ("FLOAT", .float(bits: 32)),
      ("DOUBLE", .float(bits: 64)), ("LOCALDATE", .date), ("NAIVE_DATE", .date),
      ("LOCALDATETIME", .timestamp(zoned: false)), ("NAIVE_DATETIME", .timestamp(zoned: false)),
      ("INSTANT", .timestamp(zoned: true)), ("UTC_DATETIME", .timestamp(zoned: true)),
      ("LOCALTIME", .time), ("NAIVE_TIME", .time), ("JSON", .json), ("XML", .xml),
      ("BINARY", .binary(length: nil)), ("STRING", .text(length: nil)), ("STRING(64)", .text(length: 64)),
      ("string", .text(length: nil)), ("UNSPECIFIED", .unrecognized("UNSPECIFIED")),
      ("STRING(0)", .unrecognized("STRING(0)")), ("DECIMAL(2,3)", .unrecognized("DECIMAL(2,3)")),
      ("LONG(3)", .unrecognized("LONG(3)")), ("", .unrecognized("")),
    ] as [(String, ColumnType)])
  func bothSpellingsAreRead(spelled: String, type: ColumnType) {
    #expect(ColumnType(fivetran: spelled) == type)
  }

  @Test func aNeutralNameReadsBackAsItself() {
    for type in sampleTypes {
      if let name = type.fivetranName { #expect(ColumnType(fivetran: name) == type) }
    }
    #expect(ColumnType.timestamp(zoned: true).fivetranName == "INSTANT")
    #expect(ColumnType.decimal(precision: 12, scale: 2).fivetranName == "DECIMAL(12,2)")
    #expect(ColumnType.uuid.fivetranName == nil)
  }
}
