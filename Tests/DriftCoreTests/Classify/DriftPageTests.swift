import DriftCore
import Foundation
import Testing

/// `docs/drift.md` says what the rules say.
struct DriftPageTests {
  @Test func thePageListsEveryRuleAndEveryKindThatNothingObserves() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/drift.md")
    var page = try String(contentsOf: file, encoding: .utf8)
    for (name, table) in [("rules", rules()), ("unobserved", unobserved())] {
      let (start, end) = ("<!-- \(name) -->\n", "<!-- end of \(name) -->\n")
      let from = try #require(page.range(of: start)?.upperBound)
      let to = try #require(page.range(of: end)?.lowerBound)
      if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        page.replaceSubrange(from..<to, with: table)
      } else {
        #expect(page[from..<to] == table, "docs/drift.md is not what the rules say: UPDATE_GOLDEN=1 writes it")
      }
    }
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try page.write(to: file, atomically: true, encoding: .utf8)
    }
  }

  @Test func everyRuleSaysWhyAndWhatToDo() throws {
    for rule in Rule.all {
      #expect([rule.summary, rule.why, rule.advice].allSatisfy { $0.hasSuffix(".") && $0.count > 10 }, "\(rule.id)")
      let text = try #require(explanation(of: rule.id))
      #expect([rule.summary, rule.why, rule.advice].allSatisfy(text.contains))
    }
  }

  @Test func aKindIsEitherSpokenOfOrNotObserved() {
    let ids = UnobservedKind.all.flatMap(\.ids)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { id in !Rule.all.contains { $0.id == id } })
    #expect(ids.allSatisfy { explanation(of: $0)?.contains("No rule speaks of it") ?? false })
  }

  /// What a policy can be set for, and what a verdict can be given by.
  @Test func everyKindIsExplained() {
    for kind in policyKinds { #expect(explanation(of: kind) != nil, "\(kind)") }
    #expect(explanation(of: "type.widened")?.contains("type.lengthWidened") ?? false)
    #expect(explanation(of: "type.synonym")?.contains("no difference") ?? false)
    #expect(explanation(of: "unknown")?.contains("Look at it yourself") ?? false)
  }

  @Test(arguments: [("table.syncModeChanged", true), ("column.hashed", true), ("column.ad", false), ("", false)])
  func aPrefixOfRulesIsExplainedByThem(id: String, isKnown: Bool) { #expect((explanation(of: id) != nil) == isKnown) }

  private func rules() -> String {
    let rows = Rule.all.map { rule in
      "| `\(rule.id)` | \(rule.summary) | \((rule.effects?.words ?? Array(repeating: "varies", count: 4)).joined(separator: " | ")) |\n"
    }
    return
      "\n| kind | what it says | readers | writes | way back | default |\n|---|---|---|---|---|---|\n\(rows.joined())\n"
  }

  private func unobserved() -> String {
    let rows = UnobservedKind.all.map { kind in
      "| \(kind.ids.map { "`\($0)`" }.joined(separator: ", ")) | \(kind.reason) |\n"
    }
    return "\n| kind | why |\n|---|---|\n\(rows.joined())\n"
  }
}
