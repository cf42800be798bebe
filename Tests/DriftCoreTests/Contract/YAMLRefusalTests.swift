import DriftCore
import Testing

private func problems(_ text: String) -> [Diagnostic] {
  parseMapping(Array(text.utf8), path: "mapping.yaml").1
}

private let mapping = """
  version: 1
  source: {connection: salesforce, table: salesforce.account}
  target: {table: analytics.account, kind: table, owner: sales-data} # ours
  columns:
    - {source: id, target: account_id, type: text, key: true}
    - source: [owner_rep_c, rep_c]
      target: rep
      type: text
      convert: trim

  """

@Suite struct YAMLRefusalTests {
  @Test(arguments: [
    ("a: &x 1", "an anchor"), ("a: *x", "an alias"), ("<<: {a: 1}", "a merge key"),
    ("a: !!binary x", "a tag"), ("%YAML 1.1\n---\na: 1", "a directive"),
    ("a: 1\n---\nb: 2", "a second document"), ("a: 1\na: 2", "duplicate key \"a\""),
    ("", "is empty"),
    ("# only\n", "is empty"), ("[a]: 1", "not a text"), (": 1", "no key of the mapping"),
    ("a:\r b", "carriage return"), ("a: \u{85}b", "line end"), ("a: 1\n\tb: 2", "tab character"),
    ("a: [1", ""), ("a: \u{1}", "control characters"),
    (String(repeating: "[", count: 100_000), "deeper than 16"),
    (String(repeating: "- ", count: 1000), "deeper than 16"),
    ("a: \"" + String(repeating: "x", count: 4 << 20) + "\"", "more than 4 MiB"),
    ("a: [" + String(repeating: "1,", count: 650_000) + "1]", "more than 600000"),
  ])
  func unusualYAMLIsRefused(text: String, message: String) {
    let found = problems(text)
    #expect(found.count == 1)
    #expect(found.first?.message.contains(message) == true, "\(found)")
  }

  /// The place is where a person looks, not where the scanner gave up.
  @Test(arguments: [
    ("a: 1\nb: \"x\nc: 2\nd: 3\n", 2, 4, "a quote that is not closed", "close it"),
    ("a: 1\nb: 'x\nc: 2\n", 2, 4, "a quote that is not closed", "write '' for one"),
    ("a:\n  - b: 1\n   c: 2\n", 3, 4, "no item of the list", "the list begins at 2:3"),
    ("a: 1\nb: [1, 2\nc: 3\n", 3, 2, "a bracket that is not closed", "the bracket is at 2:4"),
    ("a: 1\nb: x: y\n", 2, 5, "where no key can stand", "in quotes"),
    ("a: 1\nb\nc: 2\n", 2, 1, "neither a key nor part of a text", "key: value"),
    ("a: @x\n", 1, 4, "no value can begin with", "put the value in quotes"),
  ])
  func whatCannotBeScannedIsToldWhereItBegan(text: String, line: Int, column: Int, message: String, hint: String) {
    let found = problems(text)
    #expect(found.count == 1 && found.first?.line == line && found.first?.column == column, "\(found)")
    #expect(found.first?.message.contains(message) == true, "\(found)")
    #expect(found.first?.hint?.contains(hint) == true, "\(found)")
  }

  @Test func bytesThatAreNotUTF8AreRefusedWithTheirPlace() {
    let bytes = Array("a: 1\nbé: ".utf8) + [0xFF]
    let found = parseMapping(bytes, path: "mapping.yaml").1
    #expect(found.first?.description.hasPrefix("mapping.yaml:2:5: error") == true, "\(found)")
    #expect(
      parseMapping([0xFF, 0xFE, 0x61, 0], path: "m").1.first?.message == "the file is UTF-16")
  }

  @Test func placesCountCharactersFromOne() {
    let found = problems(mapping.replacing("sales-data", "\u{E9}\u{1F600}, incldue: x"))
    #expect(found.count == 1)
    #expect(found.first?.line == 3)
    #expect(found.first?.column == 60)
    #expect(found.first?.message == "unknown key \"incldue\" in \"target\"")
  }

  @Test func everyProblemIsToldAtOnceWithAWayOut() {
    let text = mapping.replacing("convert: trim", "convert: to_number")
      .replacing("kind: table", "kind: tabl").replacing("key: true", "key: yes")
      .replacing("target: rep", "taget: rep")
    let found = problems(text)
    #expect(found.count == 5, "\(found)")
    #expect(found.contains { $0.hint == "did you mean \"table\"?" })
    #expect(found.contains { $0.hint == "did you mean \"target\"?" })
    #expect(found.contains { $0.message == "unknown conversion \"to_number\"" })
  }

  @Test func lineEndsAndAByteOrderMarkDoNotMatter() {
    let plain = parseMapping(Array(mapping.utf8), path: "m").0
    #expect(plain != nil)
    let windows = Array("\u{FEFF}".utf8) + Array(mapping.replacing("\n", with: "\r\n").utf8)
    #expect(parseMapping(windows, path: "m").0 == plain)
  }
}

extension String {
  func replacing(_ old: String, _ new: String) -> String { replacing(old, with: new) }
}
