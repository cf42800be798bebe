import DriftCore
import TestSupport
import Testing

@Suite struct DialectVerifyTests {
  let dialect = Dialect.postgres

  @Test(arguments: Dialect.all)
  func whatIsDraftedIsAccepted(dialect: Dialect) throws {
    for story in DialectStory.all(dialect) {
      #expect(check(try upText(story, dialect), story, dialect) == [], "\(story)")
    }
  }

  @Test(arguments: Dialect.all)
  func whatIsWrittenReadsBackAsTheSameAction(dialect: Dialect) throws {
    let odd = (try? dialect.quote(#"odd "name""#)) == nil ? "odd 'name'" : #"odd "name""#
    let table = TableName(schema: "analytics", name: odd)
    let (x, b) = (ColumnName(dialect.folded("x")), ColumnName(dialect.folded("b")))
    // Where quoted names fold, none has a capital.
    func known(_ name: String) -> ColumnName {
      ColumnName((try? dialect.quote(name)) == nil ? name.lowercased() : name)
    }
    let types = dialect.writableTypes
    #expect(types.count >= 12)
    let actions: [AlterAction] =
      types.flatMap { [.addColumn(x, $0), .setType(known("X y"), $0)] }
      + [
        .renameColumn(from: known("A"), to: b), .dropColumn(ColumnName(odd)), .dropNotNull("x"),
        .setNotNull("x"), .commentColumn("x", "all; -- of it"), .commentTable("/* y"),
        .addPrimaryKey(["x", b]), .dropPrimaryKey, .renameTable(to: b.text), .dropView,
      ]
      + dialect.viewPrivileges.map { .grant(Grant([.select, $0], to: .everyone)) }
      + [true, false].map {
        .grant(Grant([.select], to: .named(.user, RoleName(known(odd).text)), isGrantable: $0))
      }
    for action in actions where action.kind != .copyColumn && dialect.canWrite(action.kind) {
      let (found, read) = try dialect.parse(dialect.alter(table, action))
      #expect(found == table)
      #expect(read == action)
    }
  }

  /// Every token boundary of every story's up.sql, with each of these put in.
  @Test(
    arguments: Dialect.all,
    [
      ";", "--", "/*", "'", "\"", "`", "\\", "$$", " ? ", " :x ", " @x ", " r'a' ", "\u{0}",
      ", DROP COLUMN \"x\"", " CASCADE",
      " USING 1", " CASCADE ", "; DROP TABLE canary;", "E'a'", " $1 ", "\u{2028}", "\r", "(", " . ", "//",
      "#",
    ])
  func aMutationIsRefused(dialect: Dialect, mutation: String) throws {
    for story in mutable(dialect) {
      let text = try upText(story, dialect)
      for boundary in boundaries(of: text) {
        let bytes = Array(text.utf8)
        let mutated = String(
          decoding: bytes[..<boundary] + Array(mutation.utf8) + bytes[boundary...], as: UTF8.self)
        if check(mutated, story, dialect).isEmpty {
          Issue.record("accepted \(mutation.debugDescription) at byte \(boundary) of \(story)")
        }
      }
    }
  }

  @Test(arguments: Dialect.all)
  func whiteSpaceIsFree(dialect: Dialect) throws {
    for story in mutable(dialect) {
      let text = try upText(story, dialect)
      for boundary in boundaries(of: text) {
        for space in [" ", "\n", "\t\n "] {
          let bytes = Array(text.utf8)
          let mutated = String(
            decoding: bytes[..<boundary] + Array(space.utf8) + bytes[boundary...], as: UTF8.self)
          if !check(mutated, story, dialect).isEmpty {
            Issue.record("refused white space at byte \(boundary) of \(story)")
          }
        }
      }
    }
  }

  @Test func theCaseOfKeywordsIsFree() {
    #expect(dialect.equalTokens("SELECT l.\"a\"\nFROM x", "select  l . \"a\" from X"))
    #expect(!dialect.equalTokens("SELECT \"a\"", "SELECT \"A\""))
    #expect(!dialect.equalTokens("SELECT 'a'", "SELECT 'A'"))
    #expect(!dialect.equalTokens("SELECT \"a\"", "SELECT a"))
    #expect(!dialect.equalTokens("SELECT \"é\"", "SELECT \"e\u{301}\""))
    #expect(!dialect.equalTokens("SELECT 1", "SELECT 10"))
    #expect(!dialect.equalTokens("SELECT a -> b", "SELECT a - > b"))
    #expect(!dialect.equalTokens("SELECT a", "SELECT a a"))
  }

  @Test(
    arguments: [
      // One literal where backslash escapes, two statements where it does not; and the mirror image.
      (#"SELECT 'a\'; DROP TABLE x; --'"#, .literal), (#"SELECT 'a\'' ; DROP TABLE x; --'"#, .literal),
      (#"SELECT r'a\'"#, .literal), ("SELECT E'a'", .literal), ("SELECT e'a'", .literal),
      ("SELECT U&'a'", .literal), (#"SELECT U&"a""#, .literal), ("SELECT N'a'", .literal),
      ("SELECT B'0'", .literal), ("SELECT X'0'", .literal), ("SELECT $$a$$", .literal),
      ("SELECT $tag$a$tag$", .literal), ("SELECT $1a", .literal), ("SELECT a$1", .literal),
      ("SELECT 1a", .literal), ("SELECT 'a''", .unterminated), ("SELECT 'a", .unterminated),
      (#"SELECT "a"#, .unterminated), (#"SELECT """#, .name), ("SELECT 1 -- x", .comment),
      ("SELECT 1 --x\n", .comment), ("SELECT /* /* x */ ; DROP TABLE y; */ 1", .comment),
      ("SELECT 1 /", nil), ("SELECT 1+--1", .comment), ("SELECT `a`", .character),
      ("SELECT a\\b", .character), ("SELECT \u{0}", .character), ("SELECT\r1", .character),
      ("SELECT 'a\nb'", .character), ("SELECT \"a\u{202E}b\"", .character),
      ("SELECT a\u{A0}b", .character), ("SELECT tаble", .character), ("SELECT [a]", .character),
      ("SELECT {a}", .character), (";", .separator), ("SELECT 1;;", .separator),
      ("SELECT 1; ; SELECT 2", .separator), ("SELECT 'it''s'", nil), (#"SELECT "we""ird; --""#, nil),
      ("", nil), (" \n", nil), ("SELECT 'a;b'", nil), ("SELECT 'a--b'", nil), ("SELECT '/*'", nil),
    ] as [(String, StatementRefusal.Check?)])
  func aTextThatTwoEnginesReadInTwoWaysIsRefused(text: String, check: StatementRefusal.Check?) {
    var found: StatementRefusal.Check?
    do { _ = try dialect.split(text) } catch { found = error.check }
    #expect(found == check)
  }

  @Test func statementsKeepTheirBytes() throws {
    let text = "  ALTER  TABLE a.b\tDROP COLUMN \"x;y\" ;\n\n SELECT 1\n"
    #expect(try dialect.split(text) == ["ALTER  TABLE a.b\tDROP COLUMN \"x;y\"", "SELECT 1"])
  }

  @Test(
    arguments: [
      ("ALTER TABLE a.t ADD COLUMN x text", .addColumn("x", .text(length: nil))),
      ("alter table A.\"t\" add column X VARCHAR(9)", .addColumn("x", .text(length: 9))),
      (
        "ALTER TABLE a.t ALTER COLUMN \"X\" TYPE numeric ( 18 , 2 )",
        .setType("X", .decimal(precision: 18, scale: 2))
      ),
      (
        "ALTER TABLE a.t ALTER COLUMN x SET DATA TYPE double precision",
        .setType("x", .float(bits: 64))
      ),
      (
        "ALTER TABLE a.t ADD COLUMN x timestamp(6) with time zone",
        .addColumn("x", .timestamp(zoned: true))
      ),
      ("ALTER TABLE a.t DROP COLUMN x", .dropColumn("x")),
      ("ALTER TABLE a.t RENAME COLUMN \"X\" TO y", .renameColumn(from: "X", to: "y")),
      ("ALTER TABLE a.t ALTER COLUMN x SET NOT NULL", .setNotNull("x")),
      ("ALTER TABLE a.t ALTER COLUMN x DROP NOT NULL", .dropNotNull("x")),
      ("DROP VIEW a.t", .dropView),
      ("grant Insert, SELECT on table a.t to public", .grant(Grant([.select, .insert], to: .everyone))),
      (
        "GRANT SELECT ON TABLE a.t TO \"A b\" WITH GRANT OPTION",
        .grant(Grant([.select], to: .named(.user, "A b"), isGrantable: true))
      ),
    ] as [(String, AlterAction)])
  func aHandWrittenStatementIsReadByItsMeaning(statement: String, action: AlterAction) throws {
    let (table, found) = try dialect.parse(statement)
    #expect(table == TableName(schema: "a", name: "t"))
    #expect(found == action)
  }

  @Test(arguments: [
    "", "ALTER", "ALTER TABLE a.t", "ALTER TABLE t DROP COLUMN x", "ALTER TABLE c.a.t DROP COLUMN x",
    "ALTER TABLE ONLY a.t DROP COLUMN x", "ALTER TABLE a.t * DROP COLUMN x",
    "ALTER TABLE IF EXISTS a.t DROP COLUMN x", "ALTER TABLE a.t DROP COLUMN IF EXISTS x",
    "ALTER TABLE a.t ADD COLUMN IF NOT EXISTS x text", "ALTER TABLE a.t DROP COLUMN x CASCADE",
    "ALTER TABLE a.t DROP COLUMN x RESTRICT", "ALTER TABLE a.t DROP COLUMN x, DROP COLUMN y",
    "ALTER TABLE a.t DROP COLUMN x; DROP TABLE y", "ALTER TABLE a.t DROP COLUMN x;",
    "ALTER TABLE a.t ADD COLUMN x text DEFAULT 1", "ALTER TABLE a.t ADD COLUMN x text NOT NULL",
    "ALTER TABLE a.t ADD COLUMN x text[]", "ALTER TABLE a.t ADD COLUMN x citext",
    "ALTER TABLE a.t ADD COLUMN x \"text\"", "ALTER TABLE a.t ADD COLUMN x pg_catalog.text",
    "ALTER TABLE a.t ADD COLUMN \"X\" text", "ALTER TABLE a.t ADD COLUMN ctid text",
    "ALTER TABLE a.t ADD COLUMN _fivetran_x text", "ALTER TABLE a.t DROP COLUMN _fivetran_synced",
    "ALTER TABLE a.t DROP COLUMN XMIN", "ALTER TABLE a.t ALTER COLUMN x TYPE int USING x::int",
    "ALTER TABLE a.t ALTER COLUMN x TYPE text COLLATE \"C\"", "ALTER TABLE a.t OWNER TO me",
    "ALTER TABLE a.t SET SCHEMA b", "ALTER TABLE a.t RENAME TO b.u", "ALTER TABLE a.t RENAME TO \"U\"",
    "ALTER TABLE a.t ADD PRIMARY KEY ()",
    "COMMENT ON TABLE a.t IS E'x'", "COMMENT ON COLUMN a.t.x IS NULL", "COMMENT ON SCHEMA a IS 'x'",
    "ALTER TABLE a.t RENAME COLUMN x TO \"Y\"", "ALTER TABLE a.t DISABLE TRIGGER ALL",
    "ALTER TABLE a.t ADD CONSTRAINT c CHECK (true)", "ALTER TABLE a.t SET TABLESPACE x",
    "ALTER TABLE a.t ENABLE ROW LEVEL SECURITY", "DROP TABLE a.t", "DROP VIEW a.t CASCADE",
    "DROP VIEW a.t, a.u", "CREATE TABLE a.t (x text)", "BEGIN", "DO 'x'", "CALL f()",
    "GRANT ALL ON a.t TO me", "GRANT ALL ON TABLE a.t TO \"me\"", "GRANT SELECT ON a.t TO \"me\"",
    "GRANT SELECT ON TABLE a.t TO me", "GRANT SELECT ON TABLE a.t TO CURRENT_USER",
    "GRANT SELECT ON TABLE a.t TO \"public\"", "GRANT SELECT ON TABLE a.t TO ROLE \"me\"",
    "GRANT SELECT ON TABLE a.t TO \"me\", PUBLIC", "GRANT SELECT ON TABLE a.t TO \"me\" GRANTED BY \"you\"",
    "GRANT SELECT (x) ON TABLE a.t TO \"me\"", "GRANT SELECT, SELECT ON TABLE a.t TO \"me\"",
    "GRANT SELECT, ON TABLE a.t TO \"me\"", "GRANT TRUNCATE ON TABLE a.t TO \"me\"", "GRANT me TO \"you\"",
    "GRANT SELECT ON TABLE a.t, a.u TO \"me\"", "GRANT SELECT ON ALL TABLES IN SCHEMA a TO \"me\"",
    "SET search_path TO x", "COPY a.t FROM PROGRAM 'x'",
    "UPDATE a.t SET x = 1", "DELETE FROM a.t", "TRUNCATE a.t", "EXECUTE x",
    "WITH x AS (SELECT 1) SELECT 1", "ALTER TABLE 'a'.t DROP COLUMN x",
    "ALTER TABLE a.t DROP COLUMN 'x'", "ALTER TABLE a.t DROP COLUMN $1",
    "ALTER TABLE a.\"" + String(repeating: "t", count: 64) + "\" DROP COLUMN x",
    "ALTER TABLE a.t DROP COLUMN " + String(repeating: "x", count: 64),
    "ALTER TABLE a.t DROP COLUMN x" + String(repeating: " ", count: 20_000),
  ])
  func whatIsNotInTheGrammarIsRefused(statement: String) {
    #expect(throws: StatementRefusal.self) { try dialect.parse(statement) }
  }

  @Test func aRefusalNamesTheCheckAndTheToken() throws {
    let story = try #require(DialectStory.named("column-added", dialect))
    let up = try upText(story, dialect)
    let refusals = check(
      up.replacing(#""tier" text"#, with: #""tier" text CASCADE"#), story, dialect)
    #expect(refusals.map(\.statement) == [1])
    #expect(refusals.map(\.check) == [.type])
    #expect(
      refusals[0].description == "statement 1, token 9: \"text CASCADE\" is not a type that Mooring writes (type)")
    let other = check(up.replacing(#"l."tier_c""#, with: #"l."fax""#), story, dialect)
    #expect(other.map(\.check) == [.plan])
    #expect(other[0].statement == 2)
    #expect(other[0].token != nil)
  }

  @Test func aStatementForAnotherTableColumnOrTypeIsRefused() throws {
    let story = try #require(DialectStory.named("target-tidied", dialect))
    let up = try upText(story, dialect)
    for (old, new) in [
      (#""analytics""#, #""salesforce""#), (#""account""#, #""contact""#), (#""fax""#, #""phone""#),
      ("DROP NOT NULL", "SET NOT NULL"), (#""fax""#, "FAXX"),
    ] {
      #expect(!check(up.replacing(old, with: new), story, dialect).isEmpty, "\(old) -> \(new)")
    }
    #expect(check(up.replacing(#""fax""#, with: "FAX"), story, dialect).isEmpty)
    let statements = try dialect.split(up)
    #expect(!check(statements.dropLast().joined(separator: ";"), story, dialect).isEmpty)
    #expect(!check(statements.reversed().joined(separator: ";"), story, dialect).isEmpty)
  }

  @Test func aMergedMappingThatSaysSomethingElseIsRefused() throws {
    var story = try #require(DialectStory.named("view-replaced", dialect))
    let up = try upText(story, dialect)
    story.mapping.columns[1].sources = ["rep_c"]
    #expect(check(up, story, dialect).map(\.check) == [.plan])
    let change = story.change
    #expect(
      dialect.verify(
        statements: [up], against: change, mapping: nil, landed: story.landed
      ).map(\.check) == [.plan])
  }

  @Test func aChangeOfTheLandedTableIsRefused() throws {
    let story = try #require(DialectStory.named("target-tidied", dialect))
    var change = story.change
    change.target = change.table
    #expect(
      dialect.verify(
        statements: try upStatements(story, dialect), against: change, mapping: story.mapping,
        landed: story.landed
      ).map(\.check) == [.plan])
  }

  /// One statement each, and one whole file; the longest story's pieces the others have as well.
  private func mutable(_ dialect: Dialect) -> [DialectStory] {
    let stories = DialectStory.all(dialect).filter { $0.name != "types-tried" }
    let single = stories.flatMap { story in
      story.actions.map { action in
        var part = story
        // Rights are granted only behind a view that is made anew.
        part.actions = action.kind == .grant ? [.renameTable(to: "kept"), .replaceView, action] : [action]
        return part
      }
    }
    return single + stories.filter { $0.name == "column-added" }
  }

  private func check(_ text: String, _ story: DialectStory, _ dialect: Dialect)
    -> [StatementRefusal]
  {
    do {
      return dialect.verify(
        statements: try dialect.split(text), against: story.change, mapping: story.mapping,
        landed: story.landed, systemColumns: story.systemColumns)
    } catch { return [error] }
  }

  /// Where a token begins or ends, in bytes: found without the lexer under test. Quoted pieces are one token.
  private func boundaries(of text: String) -> [Int] {
    var found: Set<Int> = [0, text.utf8.count]
    var quote: UInt8?
    var previous = 0
    for (index, byte) in text.utf8.enumerated() {
      let isQuote = byte == 0x22 || byte == 0x27 || byte == 0x60
      let kind =
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x24: 1
        case 0x20, 0x0A: 2
        case 0x3A, 0x3C...0x3E, 0x2D, 0x7C, 0x7E: 3
        default: 10 + index
        }
      if let open = quote {
        if byte == open { quote = nil }
        previous = -1
        continue
      }
      if kind != previous, !(isQuote && previous == -1) { found.insert(index) }
      previous = kind
      if isQuote { quote = byte }
    }
    return found.sorted()
  }
}
