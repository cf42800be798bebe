import DriftCore
import Testing

/// Renames as the comparison of a contract with its table gives them.
struct RenamesDiffTests {
  private func changes(_ before: [ContractColumn], _ added: [ObservedColumn]) -> [SchemaChange] {
    let gone = before.map { ObservedColumn(name: $0.name, isPrimaryKey: false, inSource: .absent, landed: .present) }
    return diff(
      from: Contract(id: "c", version: "1", table: table, columns: before),
      to: ObservedTable(
        name: table, source: SourceTable(schema: "crm", name: "deal"), inSource: .present, landed: .present,
        columns: (gone + added).sorted { $0.name < $1.name }),
      dialect: .postgres)
  }

  private let table = TableName(schema: "crm", name: "deal")

  private func promised(_ name: ColumnName, type: String = "text", source: String? = nil, synonyms: [String] = [])
    -> ContractColumn
  {
    ContractColumn(name: name, physicalType: type, sourceColumn: source ?? name.text, synonyms: synonyms)
  }

  private func landed(_ name: ColumnName, type: ColumnType = .text(length: nil), source: String? = nil)
    -> ObservedColumn
  {
    ObservedColumn(
      name: name, sourceName: source, type: type, physicalType: "text", isNullable: true, isPrimaryKey: false,
      inSource: .present, landed: .present)
  }

  @Test(arguments: [
    ("declared", ["next_step"], nil as String?, "next_step"), ("same source column", [], "Stage", "phase"),
    ("only case or separators differ", [], nil, "STAGE__"),
  ])
  func whatIsCertainNeedsNoGuess(reason: String, synonyms: [String], source: String?, name: String) {
    let found = changes(
      [promised("stage", source: "Stage", synonyms: synonyms)], [landed(ColumnName(name), source: source)])
    guard case .columnRenamed(_, let to, let evidence)? = found.first, found.count == 1 else {
      Issue.record("\(found)")
      return
    }
    #expect(to.name.text == name)
    #expect(evidence.isCertain)
    #expect(evidence.reasons == [reason])
  }

  @Test func twoSpellingsOfOneNameAreNotCertain() {
    let found = changes([promised("ownerMail")], [landed("owner_mail"), landed("OWNER_MAIL")])
    #expect(!found.contains { if case .columnRenamed(_, _, let evidence) = $0 { evidence.isCertain } else { false } })
  }

  @Test func aCandidateKeepsBothReadings() {
    let found = changes([promised("rep")], [landed("owner_rep"), landed("other_rep")])
    let kinds = found.map(\.word).sorted()
    #expect(kinds == ["added", "added", "perhaps renamed", "removed"])
    let judged = classify(
      found, connection: "crm", context: RuleContext(table: table, service: "x", dialect: .postgres),
      policies: Policies())
    let suspected = judged.first { $0.verdict.rule == "column.renamed.candidate" }
    #expect(suspected?.colour == .yellow)
    #expect(suspected?.verdict.message.contains("next best") == true)
  }

  /// Twenty-five million pairs are too many to be laid side by side.
  @Test(.timeLimit(.minutes(5)), arguments: ["name", "cents"])
  func aWideTableOfNewNamesIsComparedByWhatTheNamesShare(suffix: String) {
    let words = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "junco"]
    func name(_ number: Int) -> String {
      let digits = [number / 1000, number / 100 % 10, number / 10 % 10, number % 10]
      return digits.map { words[$0] }.joined(separator: "_") + "_\(number)"
    }
    let found = changes(
      (0..<5_000).map { promised(ColumnName(name($0)), type: "integer") },
      (0..<5_000).map { landed(ColumnName("\(name($0))_\(suffix)"), type: .integer(bits: 32)) })
    #expect(found.count >= 5_000)
  }

  /// The same source column leads from one to the other, at once.
  @Test(.timeLimit(.minutes(5))) func aWideTableThatWasRenamedIsCertain() {
    let found = changes(
      (0..<5_000).map { promised(ColumnName("a\($0)"), source: "Source\($0)") },
      (0..<5_000).map { landed(ColumnName("b\($0)"), source: "Source\($0)") })
    #expect(found.count == 5_000)
    #expect(found.allSatisfy { if case .columnRenamed(_, _, let evidence) = $0 { evidence.isCertain } else { false } })
  }
}
