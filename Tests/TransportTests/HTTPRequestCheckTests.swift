import DriftCore
import Testing

@testable import Transport

struct HTTPRequestCheckTests {
  @Test(arguments: [
    "http://example.com", "https://example.com:8443/a/b?c=d#e", "HTTPS://EXAMPLE.com/",
    "http://[::1]:80/", "http://example.com/a..b/...",
  ])
  func anOrdinaryURLPasses(url: String) throws {
    try HTTPRequest(url: url).check()
  }

  @Test(
    arguments: [
      ("", .badURL), ("example.com/a", .badURL), ("http:///a", .badURL), ("://example.com", .badURL),
      ("http://example.com/a b", .badURL), ("http://example.com/a\r\nX: y", .badURL),
      ("http://example.com/\u{0}", .badURL), ("http://example.com\\@other.com/", .badURL),
      ("http://exämple.com/", .badURL), ("http://example.com/é", .badURL),
      ("http://exam%70le.com/", .badURL), ("http://example.com/a/../b", .badURL),
      ("http://example.com/%2E%2e/b", .badURL), ("http://example.com/./b", .badURL),
      ("file:///etc/passwd", .badURL), ("file://localhost/etc/passwd", .forbiddenURL),
      ("ftp://example.com/", .forbiddenURL), ("gopher://example.com/", .forbiddenURL),
      ("http://user@example.com/", .forbiddenURL), ("http://u:p@example.com/", .forbiddenURL),
    ] as [(String, TransportError.Code)])
  func anUnsafeURLIsRefused(url: String, code: TransportError.Code) {
    let error = #expect(throws: TransportError.self) { try HTTPRequest(url: url).check() }
    #expect(error?.code == code)
  }

  @Test(arguments: ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\u{0}b", "a\u{7F}"])
  func aLineBreakCannotBeSmuggledIntoAHeader(text: String) {
    let headers = [
      HTTPHeader("X-Name", text), HTTPHeader("X-Name", secret: Secret(text)), HTTPHeader(text, "a"),
    ]
    for header in headers {
      let request = HTTPRequest(url: "http://example.com/", headers: [header])
      let error = #expect(throws: TransportError.self) { try request.check() }
      #expect(error?.code == .badRequest)
    }
  }

  @Test(arguments: ["", "G ET", "GET / HTTP/1.1\r\nX: y", "get"])
  func aMethodIsCapitalLettersOnly(method: String) {
    let error = #expect(throws: TransportError.self) {
      try HTTPRequest(method: method, url: "http://example.com/").check()
    }
    #expect(error?.code == .badRequest)
  }

  @Test(arguments: [
    ("https://u:s3cret@example.com/v1/a?token=s3cret#s3cret", "GET https://example.com/v1/a"),
    ("https://s3cret@example.com@other.com/v1", "GET https://other.com/v1"),
    ("http://example.com?s3cret", "GET http://example.com"),
    ("http://example.com/ s3cret", "GET (unreadable URL)"),
    ("s3cret", "GET (unreadable URL)"),
  ])
  func anErrorNamesMethodSchemeHostAndPathOnly(url: String, place: String) {
    #expect(HTTPRequest(url: url).place == place)
  }

  @Test func nothingPrintsASecret() {
    let request = HTTPRequest(
      url: "https://example.com/?token=s3cret",
      headers: [HTTPHeader("Authorization", secret: Secret("s3cret"))], body: Array("s3cret".utf8))
    var dumped = ""
    dump(request.headers, to: &dumped)
    let error = TransportError(.timedOut, request)
    for text in ["\(error)", String(reflecting: error), "\(request.headers)", dumped] {
      #expect(!text.contains("s3cret"))
    }
  }
}
