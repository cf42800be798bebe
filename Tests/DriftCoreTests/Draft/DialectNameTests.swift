import DriftCore
import Testing

@Suite struct DialectNameTests {
  @Test(arguments: [
    ("tier", #""tier""#), ("Tier", #""Tier""#), (#"we"ird; DROP TABLE t"#, #""we""ird; DROP TABLE t""#),
    (#"""#, #""""""#), ("a'b`c\\d", #""a'b`c\d""#), ("select", #""select""#), ("--", #""--""#),
    ("naïve", #""naïve""#), (String(repeating: "x", count: 63), "\"" + String(repeating: "x", count: 63) + "\""),
  ])
  func postgresQuotesNames(name: String, quoted: String) throws {
    #expect(try Dialect.postgres.quote(name) == quoted)
  }

  @Test(arguments: [
    "", "a\u{0}b", "a\nb", "a\rb", "a\tb", "a\u{1B}[31m", "a\u{7F}", "a\u{85}", "a\u{2028}b",
    "a\u{2029}b", "a\u{202E}b", "a\u{2066}b", "a\u{200F}b", String(repeating: "x", count: 64),
    String(repeating: "é", count: 32),
  ])
  func namesThatAnEngineWouldReadOtherwiseAreRefused(name: String) {
    #expect(throws: NameRefusal.self) { try Dialect.postgres.quote(name) }
  }

  @Test(
    arguments: [
      ("tier", true), ("_tier2", true), ("select", true), (String(repeating: "x", count: 63), true),
      (String(repeating: "x", count: 64), false), ("Tier", false), ("2tier", false), ("ti-er", false),
      ("tiér", false), ("", false), ("ctid", false), ("xmin", false), ("tableoid", false),
      ("_fivetran_deleted", false), ("_fivetran_x", false), ("tier\"", false), ("tier\n", false),
      ("ti er", false),
    ] as [(String, Bool)])
  func onlyPlainNamesAreAdded(name: String, expected: Bool) {
    #expect(Dialect.postgres.canAdd(ColumnName(name)) == expected)
  }

  @Test func refusalsShowTheNameWithoutItsTricks() {
    let refusal = NameRefusal.unsafeCharacter(0x202E, in: "a\u{202E}b")
    #expect(!refusal.description.unicodeScalars.contains("\u{202E}"))
  }
}
