import DriftCore
import JSON
import Testing

/// Columns that came beside one of nearly the same name.
struct LookAlikesTests {
  /// The look-alikes that `mooring compare` finds between two lists of names; every column else is the same.
  private func found(_ before: [String], _ after: [String]) throws -> [ColumnName: ColumnName] {
    func schema(_ names: [String]) throws -> NeutralSchema {
      let columns = names.map { #"{"name":"\#($0)","type":"STRING"}"# }.joined(separator: ",")
      let document =
        #"{"connectors":[{"id":"c","service":"s","schema":"p","tables":[{"name":"t","columns":[\#(columns)]}]}]}"#
      return try NeutralSchema(JSONBytes(Array(document.utf8)))
    }
    return try compare(schema(before), schema(after), dialect: .postgres).first?.lookAlikes ?? [:]
  }

  private static let many = (0..<40).map { "column_\($0)" }

  @Test(arguments: [
    // By case, in a column that stayed, between others, and where two came at once.
    (many + ["TIER"], many + ["TIER", "tier"], ["tier": "TIER"]),
    (many, many + ["Tier", "tier"], ["Tier": "tier", "tier": "Tier"]),
    // As one letter or as two, and as the sign for kelvin; also where JSON has them as escapes.
    (["na\u{EF}ve"], ["na\u{EF}ve", "nai\u{308}ve"], ["nai\u{308}ve": "na\u{EF}ve"]),
    (["rank"], ["rank", "ran\u{212A}"], ["ran\u{212A}": "rank"]),
    (["ran\u{212A}"], ["ran\u{212A}", "rank"], ["rank": "ran\u{212A}"]),
    ([#"ran\u212A"#], [#"ran\u212A"#, "rank"], ["rank": "ran\u{212A}"]),
    // What is spelled with the same letters is nearer than what only has them in another case.
    (["NA\u{CF}VE", "na\u{EF}ve"], ["NA\u{CF}VE", "na\u{EF}ve", "nai\u{308}ve"], ["nai\u{308}ve": "na\u{EF}ve"]),
    // A part of a name, a value, and the name that a renamed column had are none.
    (["tier_c"], ["tier_c", "tier"], [:]),
    (["id"], ["id", "string"], [:]),
    (["Tier"], ["tier"], [:]),
  ])
  func namesThatDifferInCaseOrSpellingAloneAreFound(
    before: [String], after: [String], expected: [ColumnName: ColumnName]
  ) throws {
    #expect(try found(before, after) == expected)
  }

  @Test func whatLooksLikeAnotherIsNeverGreen() throws {
    let table = TableName(schema: "crm", name: "deal")
    func judged(_ name: ColumnName, like other: ColumnName?) throws -> ClassifiedChange {
      let column = ObservedColumn(
        name: name, type: .text(length: nil), physicalType: "text", isNullable: true, landed: .present)
      return try #require(
        classify(
          [.columnAdded(column)], connection: "crm",
          context: RuleContext(
            table: table, service: "s", dialect: .postgres, lookAlikes: other.map { [name: $0] } ?? [:]),
          policies: Policies()
        ).first)
    }
    #expect(try judged("tier", like: nil).colour == .green)
    let byCase = try judged("tier", like: "TIER")
    #expect(byCase.verdict.rule == "column.added.lookAlike" && byCase.colour == .yellow)
    #expect(byCase.verdict.message.hasSuffix("has the name of \"TIER\" but for its case"))
    let bySpelling = try judged("nai\u{308}ve", like: "na\u{EF}ve")
    #expect(
      bySpelling.verdict.message.hasSuffix(#"but for how its letters are spelled, nai\u{308}ve and na\u{EF}ve"#))
  }

  /// Where both have been observed, nobody mistyped one: what Mooring proposes passes.
  @Test(
    arguments: [
      (["TIER", "tier"], LintCheck.lookAlikes), (["tier", "re\u{202E}gion"], .contract),
    ], [true, false])
  func lintWarnsOfNamesOnlyWhereAPersonMayHaveMistypedOne(names: ([String], LintCheck), isObserved: Bool) {
    let columns = names.0.enumerated().map { index, name in
      ContractColumn(
        id: "col_\(index)", name: ColumnName(name), physicalType: "text", logicalType: "string",
        sourceColumn: isObserved || index == 0 ? name : nil)
    }
    let contract = Contract(
      id: "c", version: "1.0.0", table: TableName(schema: "crm", name: "deal"), columns: columns)
    let server = ContractServer(
      name: "w", type: "postgres", schema: "crm", connectionID: "i", connectorType: "", groupID: "g")
    let path = "contracts/crm/crm.deal/contract.odcs.yaml"
    let findings = lint([path: Array(renderContract(contract, server: server).utf8)])
    #expect(findings.map(\.check) == (isObserved ? [] : [names.1]), "\(findings)")
  }
}
