import Foundation
import JSON
import TestSupport
import Testing

/// `mooring draft` for what a person edited, from the files alone.
struct DraftTests {
  @Test func anEditedMappingBecomesAChangeThatWouldBeApplied() throws {
    let clone = try ContractClone()
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    try clone.edit("\(clone.account)/mapping.yaml", "type: integer, convert: try_cast", "type: bigint")
    try clone.append("  - {source: score, target: score, type: double precision}", to: "\(clone.lead)/mapping.yaml")
    let mapping = try clone.read("\(clone.account)/mapping.yaml")
    let drafted = try clone.mooring("draft")
    #expect(drafted.status == 0)
    try expectGolden(drafted.output, "check/expected/drafted.txt")
    #expect(try clone.read("\(clone.account)/mapping.yaml") == mapping, "what a person wrote stays as it is")
    let folder = "\(clone.account)/changes/0001-2-changes"
    for name in ["change.yaml", "up.sql", "down.sql"] {
      try expectGolden(try clone.read("\(folder)/\(name)"), "check/expected/drafted-account-\(name)")
    }
    try expectGolden(try clone.read("\(clone.account)/load.sql"), "check/expected/drafted-account-load.sql")
    try expectGolden(
      try clone.read("\(clone.lead)/changes/0001-add-score/up.sql"), "check/expected/drafted-lead-up.sql")
    let checked = try clone.mooring("check")
    #expect(checked.status == 0)
    try expectGolden(checked.output, "check/expected/drafted-check.txt")
  }

  @Test func whatWasDraftedIsToldToProgramsToo() throws {
    let clone = try ContractClone()
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    let drafted = try clone.mooring("draft", "--json")
    #expect(drafted.status == 0)
    let table = try JSONValue.parse(Array(drafted.output.utf8))["tables"]?.array?.first
    #expect(table?.members?.map(\.name) == ["connection", "folder", "written", "steps", "notes", "left"])
    #expect(table?["folder"]?.string == clone.account)
    #expect(table?["written"]?.array?.contains(.string("\(clone.account)/changes/0001-add-tier/up.sql")) == true)
    #expect(try JSONValue.parse(Array(clone.mooring("draft", "--json").output.utf8))["tables"] == [])
  }

  @Test func aSecondRunChangesNothing() throws {
    let clone = try ContractClone()
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    try #expect(clone.mooring("draft").status == 0)
    try clone.git("add", "-A")
    let before = try clone.git("write-tree")
    let again = try clone.mooring("draft")
    #expect(again.status == 0)
    #expect(again.output.hasPrefix("nothing to draft"))
    try clone.git("add", "-A")
    #expect(try clone.git("write-tree") == before)
  }

  @Test func whatIsEditedAfterADraftGetsTheNextNumber() throws {
    let clone = try ContractClone()
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    try #expect(clone.mooring("draft").status == 0)
    try clone.append(
      "  - {source: tier_c, target: plan, type: text, convert: lower}", to: "\(clone.account)/mapping.yaml")
    try #expect(clone.mooring("draft").status == 0)
    let names = try clone.names(under: "\(clone.account)/changes").filter { $0.hasSuffix("up.sql") }
    #expect(names == ["0001-add-tier", "0002-add-plan"].map { "\(clone.account)/changes/\($0)/up.sql" })
    try #expect(clone.mooring("check").status == 0)
  }

  @Test func aConversionAloneIsRenderedIntoLoadSQLAndNeedsNoChange() throws {
    let clone = try ContractClone()
    try clone.edit(
      "\(clone.account)/mapping.yaml", "target: name, type: text}", "target: name, type: text, convert: trim}")
    #expect(try clone.mooring("check").output.contains("is not what mapping.yaml renders"))
    try #expect(clone.mooring("draft").status == 0)
    #expect(try clone.names(under: "\(clone.account)/changes").isEmpty)
    #expect(try clone.mooring("check").output.hasPrefix("Nothing to apply."))
  }

  @Test func whatFilesCannotTellIsLeftWithAWayOut() throws {
    let clone = try ContractClone()
    try clone.append(
      "      - id: col_size_c\n        name: size_c\n        physicalType: text",
      to: "\(clone.account)/contract.odcs.yaml")
    try clone.append("  - {source: size_c, target: size, type: text}", to: "\(clone.account)/mapping.yaml")
    try clone.edit("\(clone.account)/mapping.yaml", "target: seats, type: integer", "target: seats, type: boolean")
    try clone.edit("\(clone.lead)/mapping.yaml", "analytics.lead", "analytics.leads")
    let outcome = try clone.mooring("draft")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("size waits for size_c"))
    #expect(outcome.output.contains("seats is integer in the target and cannot become boolean in place"))
    #expect(outcome.output.contains("whether analytics.leads is there cannot be told from files"))
    #expect(try clone.names(under: "\(clone.account)/changes").isEmpty)
  }

  @Test func whatIsNoContractIsToldAndNothingIsWritten() throws {
    let clone = try ContractClone()
    try clone.append("  - {source: tier_c, target: tier, typ: text}", to: "\(clone.account)/mapping.yaml")
    let outcome = try clone.mooring("draft")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("mapping.yaml:10:"))
    #expect(try clone.names(under: "\(clone.account)/changes").isEmpty)
  }

  @Test func aLinkInPlaceOfAFolderIsNotWrittenThrough() throws {
    let clone = try ContractClone()
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    try FileManager.default.createDirectory(atPath: clone.folder.path("outside"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: clone.folder.path("\(clone.account)/changes"), withDestinationPath: clone.folder.path("outside"))
    let outcome = try clone.mooring("draft")
    #expect(outcome.status == 1)
    #expect(try clone.names(under: "outside").isEmpty)
  }
}
