import DriftCore
import TestSupport
import Testing

/// What people see of each kind of change of a type: one golden a kind, with what differs between dialects side by side.
struct TypeKindStoryTests {
  @Test(arguments: TypeKindStory.all)
  func eachKindOfTypeReadsAsAgreed(story: TypeKindStory) throws {
    var texts: [(dialect: String, parts: [String])] = []
    for dialect in Dialect.all {
      guard let scene = story.scene(dialect) else { continue }
      texts.append((dialect.title, parts(of: try text(scene))))
    }
    try #require(!texts.isEmpty)
    let missing = Dialect.all.map(\.title).filter { title in !texts.contains { $0.dialect == title } }
    let heading = missing.isEmpty ? "" : "(no such change: \(missing.joined(separator: ", ")))\n\n"
    try expectGolden(heading + sideBySide(texts), "stories/\(story)/expected/proposal.md")
  }

  /// What a merge of the proposal leaves to be proposed.
  @Test(arguments: TypeKindStory.all, Dialect.all)
  func aMergedProposalIsNotProposedAgain(story: TypeKindStory, dialect: Dialect) throws {
    guard let scene = story.scene(dialect), let drafted = try? scene.drafted(scene.judged()) else { return }
    let bytes = try #require(drafted.edits.first { $0.path.hasSuffix("contract.odcs.yaml") }?.bytes)
    let contract = try #require(parseContract(bytes, path: "c").0)
    #expect(diff(from: contract, to: scene.table, dialect: dialect).isEmpty)
  }

  /// The pull request, or why there is none.
  private func text(_ scene: Scene) throws -> String {
    do {
      let drafted = try scene.drafted(scene.judged())
      let text = proposal(branch: "mooring/crm/crm-deal", connection: "crm", tables: [drafted], model: nil)
      return "# \(text.title)\n\n\(text.body)"
    } catch let refusal as DraftRefusal {
      let messages = scene.judged().map { "\($0.verdict.rule), \($0.colour): \($0.verdict.message)" }
      return messages.joined(separator: "\n") + "\n\nnothing is drafted: \(refusal)\n"
    }
  }

  /// Cut before every heading and everything that folds.
  private func parts(of text: String) -> [String] {
    var parts = [""]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("### ") || line.hasPrefix("<details>") || line.hasPrefix("<sub>") { parts.append("") }
      parts[parts.count - 1] += line + "\n"
    }
    return parts
  }

  /// What all dialects share once, in the order of the text, and what differs under their names.
  private func sideBySide(_ texts: [(dialect: String, parts: [String])]) -> String {
    var titles: [String] = []
    for (_, parts) in texts {
      var place = 0
      for title in parts.map(title) {
        if let known = titles.firstIndex(of: title) {
          place = known + 1
        } else {
          titles.insert(title, at: place)
          place += 1
        }
      }
    }
    return titles.map { title in
      var groups: [(dialects: [String], text: String)] = []
      for (dialect, parts) in texts {
        let text = parts.filter { self.title($0) == title }.joined()
        if text.isEmpty { continue }
        if let known = groups.firstIndex(where: { $0.text == text }) {
          groups[known].dialects.append(dialect)
        } else {
          groups.append(([dialect], text))
        }
      }
      let told = groups.flatMap(\.dialects)
      let heading = told.count == texts.count ? "" : "(\(told.joined(separator: ", ")) only)\n\n"
      return heading
        + (lineByLine(groups) ?? groups.map { "(\($0.dialects.joined(separator: ", ")))\n\n\($0.text)" }.joined())
    }.joined()
  }

  /// Texts of as many lines each: a line that all of them have once, another after whose it is.
  private func lineByLine(_ groups: [(dialects: [String], text: String)]) -> String? {
    let texts = groups.map { $0.text.split(separator: "\n", omittingEmptySubsequences: false) }
    guard let count = texts.first?.count, texts.allSatisfy({ $0.count == count }) else { return nil }
    let lines = (0..<count).flatMap { index -> [String] in
      var variants: [(dialects: [String], line: Substring)] = []
      for (group, text) in zip(groups, texts) {
        if let known = variants.firstIndex(where: { $0.line == text[index] }) {
          variants[known].dialects += group.dialects
        } else {
          variants.append((group.dialects, text[index]))
        }
      }
      if variants.count == 1 { return [String(variants[0].line)] }
      return variants.map { "(\($0.dialects.joined(separator: ", "))) \($0.line)" }
    }
    return lines.joined(separator: "\n")
  }

  private func title(_ part: String) -> String {
    let line = part.prefix { $0 != "\n" }
    return line.hasPrefix("### ") || line.hasPrefix("<") ? String(line.prefix { !$0.isNumber }) : ""
  }
}
