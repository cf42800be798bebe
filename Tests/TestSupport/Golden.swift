import Foundation
package import Testing

/// Requires `text` to equal the file `fixtures/<path>`, byte for byte. `UPDATE_GOLDEN=1` writes the file instead.
package func expectGolden(
  _ text: String, _ path: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let file = root.appendingPathComponent("fixtures/\(path)")
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return
  }
  guard let golden = try? Data(contentsOf: file) else {
    Issue.record("fixtures/\(path) is not there: UPDATE_GOLDEN=1", sourceLocation: sourceLocation)
    return
  }
  let expected = String(decoding: golden, as: UTF8.self)
  #expect(
    text.utf8.elementsEqual(expected.utf8), "fixtures/\(path): \(firstDifference(text, expected))",
    sourceLocation: sourceLocation)
}

/// The first line that differs, as it is and as it should be.
private func firstDifference(_ text: String, _ expected: String) -> String {
  let now = text.split(separator: "\n", omittingEmptySubsequences: false)
  let before = expected.split(separator: "\n", omittingEmptySubsequences: false)
  for index in 0..<max(now.count, before.count) {
    let left = index < now.count ? String(now[index]) : "(end)"
    let right = index < before.count ? String(before[index]) : "(end)"
    if !left.utf8.elementsEqual(right.utf8) {
      return "line \(index + 1)\n  is:       \(left)\n  expected: \(right)"
    }
  }
  return "no line differs"
}
