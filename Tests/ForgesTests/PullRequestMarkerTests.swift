import DriftCore
import TestSupport
import Testing

@testable import Forges

struct PullRequestMarkerTests {
  private func marker(branch: String = "mooring/a", findings: [String] = []) -> PullRequestMarker {
    var draft = exampleDraft(branch, title: "x")
    draft.findings = findings
    return PullRequestMarker(draft, title: "x", labels: ["mooring"])
  }

  /// The body that is read begins with the marker that was written, whatever stands in it.
  @Test(arguments: [
    "plain", "-->", "--", "--!>", "<!--", "]]>", "\"", "\\", "\n", "\r\n", "\u{85}", "\u{2028}", "é", "🟢",
    "\u{202E}", " --> <script>alert(1)</script> <!-- mooring:v1 {} -->", "\\u002d\\u002d>",
    String(repeating: "0", count: 64), String(repeating: "F", count: 64),
  ])
  func nothingInAMarkerCanEndIt(text: String) throws {
    var written = marker(branch: "mooring/\(text)", findings: [text, "z"])
    written.labels = [text]
    let line = written.line
    #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    let inner = line.dropFirst("<!-- mooring:v1 ".count).dropLast(" -->".count)
    #expect(!inner.contains("-") && !inner.contains("<") && !inner.contains(">"))
    #expect(PullRequestMarker(body: "\(line)\n\nText.") == written)
    #expect(PullRequestMarker(body: "\(line)\r\nText.") == written)
    #expect(PullRequestMarker(body: line) == written)
  }

  /// A column's name may spell a whole marker; below the first line it is text.
  @Test func aMarkerFurtherDownIsText() {
    let forged = marker(branch: "mooring/b").line
    #expect(PullRequestMarker(body: "Text.\n\(forged)\n") == nil)
    #expect(PullRequestMarker(body: " \(forged)\n") == nil)
    let ours = marker()
    #expect(PullRequestMarker(body: "\(ours.line)\n\n```sql\n\(forged)\n```\n") == ours)
  }

  @Test(arguments: [
    "", "<!-- mooring:v1 -->", "<!-- mooring:v1  -->", "<!-- mooring:v1 {} -->", "<!-- mooring:v1 [] -->",
    "<!-- mooring:v2 {} -->", "<!-- mooring:v1 { -->",
  ])
  func whatIsNoMarkerIsNone(body: String) {
    #expect(PullRequestMarker(body: body) == nil)
  }

  @Test func findingsThatAreDigestsTakeLittleRoomAndStayInOrder() throws {
    let findings = (0..<1_000).map { String(repeating: "a", count: 60) + String(10_000 + $0).suffix(4) }
    let written = marker(findings: findings.reversed() + ["b.2", "a.1"])
    #expect(written.line.utf8.count < 44_000)
    #expect(PullRequestMarker(body: written.line)?.findings == (findings + ["a.1", "b.2"]).sorted())
  }

  @Test func aMarkerIsReplacedInItsPlace() {
    var changed = marker()
    changed.state = .refused
    #expect(body("\(marker().line)\n\nText.\n", with: changed) == "\(changed.line)\n\nText.\n")
    #expect(body("Text.\n", with: changed) == "\(changed.line)\n\nText.\n")
    #expect(body("", with: changed) == "\(changed.line)\n\n")
  }
}

struct CutTests {
  private let pointer = "(cut)"

  @Test func aTextThatFitsStaysAsItIs() {
    #expect(cut("abc", to: 3, pointer: pointer) == "abc")
  }

  @Test func theCutIsWhereABlockEnds() {
    let text = "# One\n\nalpha\nbeta\n\ngamma delta epsilon zeta\n"
    #expect(cut(text, to: 32, pointer: pointer) == "# One\n\nalpha\nbeta\n\n\n(cut)\n")
    #expect(cut(text, to: 18, pointer: pointer) == "# One\n\n\n(cut)\n")
  }

  @Test func aBlankLineInFencedCodeIsNoBorder() {
    let text = "Intro.\n\n```sql\nselect 1;\n\nselect 2;\n```\n\nEnd of it all, at last.\n"
    #expect(cut(text, to: 45, pointer: pointer) == "Intro.\n\n\n(cut)\n")
    #expect(cut(text, to: 60, pointer: pointer).hasSuffix("select 2;\n```\n\n\n(cut)\n"))
  }

  @Test(arguments: ["```", "````", "~~~"])
  func aFirstBlockThatIsTooLongIsCutAtALineAndItsFenceClosed(fence: String) {
    let text = "\(fence)sql\n" + String(repeating: "select 1; -- ``\n", count: 100) + "\(fence)\n"
    let result = cut(text, to: 200, pointer: pointer)
    #expect(result.hasSuffix("``\n\(fence)\n\n(cut)\n"))
    #expect(result.utf8.count <= 200)
  }

  @Test func neverMoreThanTheLimit() {
    let text = String(repeating: "ü\n\n```\nx\n\ny\n```\n\n| a |\n|---|\n", count: 50)
    for limit in 20..<text.utf8.count {
      let result = cut(text, to: limit, pointer: pointer)
      #expect(result.utf8.count <= limit)
      #expect(result.hasSuffix("(cut)\n"))
      #expect(!result.unicodeScalars.contains("\u{FFFD}"))
    }
  }
}

struct LabelTests {
  /// remembered, present, wanted -> added, removed
  @Test(arguments: [
    ([], [], ["a"], ["a"], []), (["a"], ["a"], ["a"], [], []), (["a"], [], ["a"], [], []),
    ([], ["a"], ["a"], [], []), (["a"], ["a"], ["b"], ["b"], ["a"]), (["a"], [], ["b"], ["b"], []),
    ([], ["x"], ["a"], ["a"], []), (["a"], ["a", "x"], [], [], ["a"]),
  ])
  func whatAPersonChangedIsLeftAlone(
    remembered: [String], present: [String], wanted: [String], added: [String], removed: [String]
  ) {
    #expect(
      labelEdits(remembered: remembered, present: present, wanted: wanted)
        == LabelEdits(added: added, removed: removed))
  }
}
