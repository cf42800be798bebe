import DriftCore
import Testing

struct LineChangesTests {
  @Test func whatDiffersIsShownWithTwoLinesAround() {
    let before = (1...12).map { "line \($0)" }
    var after = before
    after[1] = "changed"
    after.insert("new", at: 9)
    #expect(
      changes(before, after) == """
         line 1
        -line 2
        +changed
         line 3
         line 4
        @@
         line 8
         line 9
        +new
         line 10
         line 11
        @@

        """)
  }

  @Test(arguments: [
    ("a", "a\r", ""), ("", "a", "+a\n"), ("a", "", "-a\n"), ("\u{E9}", "e\u{301}", "-\u{E9}\n+e\u{301}\n"),
  ])
  func linesAreTheirBytesWithoutTheirEnd(before: String, after: String, expected: String) {
    #expect(changes([before], [after])?.utf8.elementsEqual(expected.utf8) == true)
  }

  @Test func whatNobodyWouldReadIsNotShown() {
    #expect(changes((0..<600).map { "a\($0)" }, (0..<600).map { "b\($0)" }) == nil)
  }

  private func changes(_ before: [String], _ after: [String]) -> String? {
    func bytes(_ lines: [String]) -> [UInt8] {
      lines == [""] ? [] : Array(lines.map { $0 + "\n" }.joined().utf8)
    }
    return lineChanges(from: bytes(before), to: bytes(after))
  }
}
