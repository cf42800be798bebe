import DriftCore
import Testing

/// Order is evidence only where the source's own catalogue is read.
struct RenamesPlaceTests {
  private func found(_ before: [String], _ after: [String], usesSourceOrder: Bool = true) -> [CaseChange] {
    func columns(_ texts: [String]) -> [SchemaCase.Column] {
      texts.map { SchemaCase.Column(name: ColumnName($0), type: "STRING") }
    }
    let table = SchemaCase(
      id: "1", tableBefore: "t", tableAfter: "t", before: columns(before), after: columns(after))
    return predictedChanges(of: table, usesSourceOrder: usesSourceOrder).filter { $0.tier != .candidate }.map(\.change)
  }

  @Test func anUnlikeNameAtTheSamePlaceIsARename() {
    let (before, after) = (["id", "towhat", "b", "a"], ["id", "resource", "b", "a", "towel"])
    #expect(found(before, after) == [.columnAdded("towel"), .columnRenamed(from: "towhat", to: "resource")])
    #expect(!found(before, after, usesSourceOrder: false).contains { $0.kind == "column_renamed" })
  }

  @Test func theEndOfATableIsAPlaceWhereEveryColumnLinesUp() {
    let before = ["zone", "build_server_id", "area", "source_code_management_server_id"]
    let after = ["zone", "cicd_build_server_id", "area", "cicd_scm_server_id"]
    let last = CaseChange.columnRenamed(from: "source_code_management_server_id", to: "cicd_scm_server_id")
    #expect(found(before, after).contains(last))
    #expect(!found(before, after + ["owner"]).contains(last))
  }

  @Test func whatIsDroppedAndAddedAtTheEndLinesUpOnlyByItsNames() {
    let (before, after) = (["zone", "area", "weight", "colour"], ["zone", "area", "owner", "reason"])
    #expect(!found(before, after).contains { $0.kind == "column_renamed" })
  }

  @Test func aSwapIsNotAsserted() {
    let before: [ColumnName] = ["id", "first_name", "zone", "yard", "last_name", "area"]
    let after: [ColumnName] = ["id", "last_name", "zone", "yard", "first_name", "area"]
    #expect(found(before.map(\.text), after.map(\.text)) == [])
  }

  @Test func whatMovedIsNotAsserted() {
    let (before, after) = (["id", "site_code", "zone", "area"], ["id", "zone", "site_codes", "area"])
    #expect(found(before, after, usesSourceOrder: false).contains { $0.kind == "column_renamed" })
    #expect(!found(before, after).contains { $0.kind == "column_renamed" })
  }

  @Test func theOrderOfNamesSaysNothing() {
    let (before, after) = (["alpha", "bravo", "delta", "zulu"], ["alpha", "charlie", "delta", "zulu"])
    #expect(found(before, after) == found(before, after, usesSourceOrder: false))
  }

  @Test func aNameThatMovedLeftItsPlaceToAnother() {
    #expect(
      found(["id", "stamp", "zone", "area"], ["id", "built", "zone", "area", "stamp"])
        == [.columnAdded("stamp"), .columnRenamed(from: "stamp", to: "built")])
  }

  @Test(arguments: [
    ("a b c", "a b c", ""), ("b a c", "a c b", "b"), ("a b c d e", "e d c b a", ""),
  ])
  func aFewMovedColumnsAreTold(before: String, after: String, moved: String) {
    func names(_ text: String) -> [ColumnName] { text.split(separator: " ").map { ColumnName(String($0)) } }
    #expect(movedColumns(names(before), names(after)) == Set(names(moved)))
  }
}
