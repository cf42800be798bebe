import PostgreSQL
import TestSupport
import Testing

private let hostile = [
  "plain", "Upper", "we\"ird; DROP TABLE t", "it's", "back\\slash", "a\\'; DROP TABLE x; --",
  "line\nbreak", "tab\t", "e\u{301}", "\"\u{301}", "'\u{301}x", "{a,b}", "NULL", "null", " ",
  "\u{202E}rtl",
  "emoji 🦊", "$1", "--", "/*", "U&\"x\"",
]

@Suite struct QuotingTests {
  @Test func everyNameAndTextComesBackAsItWas() async throws {
    let connection = try await PostgresConnection.connect(
      to: try await PostgresServer.freshAddress())
    for text in hostile {
      let result = try await connection.query(
        "SELECT \(try quoteLiteral(text)) AS \(try quoteIdentifier(text))")
      #expect(result.columns.first.map { Array($0.utf8) } == Array(text.utf8))
      #expect(result.rows.first?.first??.utf8.elementsEqual(text.utf8) == true)
    }
  }

  @Test func arraysSurviveTheServer() async throws {
    let connection = try await PostgresConnection.connect(
      to: try await PostgresServer.freshAddress())
    let elements = hostile + [""]
    let result = try await connection.query(
      "SELECT $1::text[], $1::text[] || NULL::text, '{}'::text[]", parameters: [arrayText(elements)]
    )
    let row = try #require(result.rows.first)
    #expect(arrayElements(row[0] ?? "") == elements)
    #expect(arrayElements(row[1] ?? "") == elements + [nil])
    #expect(arrayElements(row[2] ?? "") == [])
  }

  @Test(arguments: ["", "{", "a", "{a", "{a,", "{\"a}", "{\"a\"b}", "{a}b", "{\\"])
  func whatIsNoArrayIsNotRead(text: String) {
    #expect(arrayElements(text) == nil)
  }

  @Test func theNULCharacterIsRefused() {
    #expect(throws: PostgresError.self) { try quoteIdentifier("a\0b") }
    #expect(throws: PostgresError.self) { try quoteLiteral("a\0b") }
    #expect(throws: PostgresError.self) { try quoteIdentifier("") }
  }
}
