import Foundation
import TestSupport
import Testing

/// `docs/reliability.md` says what is promised, and which test shows it.
struct ReliabilityPageTests {
  @Test func everyPromiseNamesATestThatIsThere() throws {
    let page = try String(contentsOfFile: "\(packageRoot)/docs/reliability.md", encoding: .utf8)
    let from = try #require(page.range(of: "### What is promised")?.upperBound)
    let to = try #require(page.range(of: "### What is held rather than prevented")?.lowerBound)
    let rows = page[from..<to].split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    #expect(rows.count > 20)
    let tests = try testTexts()
    for row in rows {
      let cell = row.split(separator: "|").last ?? ""
      let names = cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) }
      #expect(!names.isEmpty, "no test shows: \(row)")
      for name in names where !name.contains(" ") {
        let isThere = tests.contains { $0.contains("func \(name)(") || $0.contains("case \(name)\n") }
        #expect(isThere, "no test is called \(name)")
      }
    }
  }

  private func testTexts() throws -> [String] {
    let folder = "\(packageRoot)/Tests"
    return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
      .map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
  }
}
