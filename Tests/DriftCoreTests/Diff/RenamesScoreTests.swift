import DriftCore
import Testing

struct RenamesScoreTests {
  private let case1 = #"""
    {"id":"a-1","system":"a","table":"t","before":{"columns":[{"name":"x_code","type":"STRING"},{"name":"n","type":"INTEGER"}]},"after":{"columns":[{"name":"xx_code","type":"STRING"},{"name":"n","type":"LONG"}]},"labels":[{"kind":"column_renamed","from":"x_code","to":"xx_code","type":"STRING"},{"kind":"type_changed","column":"n","from_type":"INTEGER","to_type":"LONG"}],"tags":[TAGS]}
    """#

  private func answers(
    tags: String, _ predicted: [PredictedChange]
  ) throws -> [(known: CaseTruth, predicted: [PredictedChange])] {
    let text = case1.split(separator: "TAGS").joined(separator: tags)
    return try readCases(Array(text.utf8)).map { (known: try #require($0.known), predicted: predicted) }
  }

  private func renamed(_ from: ColumnName, _ to: ColumnName, _ tier: RenameTier = .rename) -> PredictedChange {
    PredictedChange(change: .columnRenamed(from: from, to: to), tier: tier, confidence: 0.9)
  }

  @Test func aCandidateCountsAsShownOnly() throws {
    let score = score(try answers(tags: #""rename""#, [renamed("x_code", "xx_code", .candidate)]))
    #expect(score.asserted.right == 0)
    #expect(score.shown.right == 1)
    #expect(score.shown.labelled == 1)
  }

  @Test func ambiguousCasesAreLeftOut() throws {
    let score = score(try answers(tags: #""ambiguous""#, [renamed("x_code", "xx_code")]))
    #expect(score.cases == 0)
    #expect(score.shown.labelled == 0)
  }

  @Test func anUnverifiedPairIsWrongOnlyWhereItTakesAKnownColumn() throws {
    let predicted = [renamed("other", "another"), renamed("x_code", "another")]
    #expect(score(try answers(tags: #""api_migration""#, predicted)).asserted.wrong == 1)
    #expect(score(try answers(tags: #""rename""#, predicted)).asserted.wrong == 2)
  }

  @Test func everyKindIsPredicted() throws {
    let text = case1.split(separator: "TAGS").joined(separator: "")
    let table = try #require(try readCases(Array(text.utf8)).first)
    let predicted = predictedChanges(of: table.seen, usesSourceOrder: false)
    #expect(predicted.map(\.change) == [.columnRenamed(from: "x_code", to: "xx_code"), .typeChanged("n")])
    #expect(score([(try #require(table.known), predicted)]).exactCases == 1)
  }

  @Test func aCaseWithoutLabelsIsToldAsWell() throws {
    let labelled = case1.split(separator: #""system":"a","table":"t","#).joined()
    let bare = try #require(labelled.split(separator: #","labels""#).first) + "}"
    let table = try #require(try readCases(Array(bare.utf8)).first)
    #expect(table.known == nil)
    #expect(
      predictedChanges(of: table.seen, usesSourceOrder: false).map(\.change)
        == [.columnRenamed(from: "x_code", to: "xx_code"), .typeChanged("n")])
  }

  @Test func labelsOfAnotherFormAreNamed() {
    let line = #"{"id":"1","before":null,"after":{"columns":[]},"labels":[{"kind":"renamed"}]}"#
    #expect(throws: CaseError.self) { try readCases(Array(line.utf8)) }
  }

  @Test func aBrokenLineIsNamed() {
    #expect(throws: CaseError.self) { try readCases(Array("{\"id\":1}\n".utf8)) }
  }
}
