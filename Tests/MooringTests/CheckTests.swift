import Foundation
import JSON
import TestSupport
import Testing

/// `mooring check` in a clone that can reach nothing.
struct CheckTests {
  @Test func anEditThatChangesNothingForTheWarehouseHasNothingToApply() throws {
    let clone = try ContractClone()
    try clone.edit(
      "\(clone.account)/contract.odcs.yaml", "name: tier_c\n", "name: tier_c\n        description: Which plan.\n")
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("another description"))
    #expect(outcome.output.contains("Nothing to apply."))
  }

  @Test func aMappedColumnThatNoChangeAddsIsAnErrorAtItsLine() throws {
    let clone = try ContractClone()
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 2)
    try expectGolden(outcome.output, "check/expected/mapping-edited.txt")
    try expectGolden(try clone.mooring("check", "--markdown").output, "check/expected/mapping-edited.md")
    try expectGolden(try clone.mooring("check", "--format", "github").output, "check/expected/mapping-edited.github")
    try expectGolden(
      try clone.mooring("check", "--format", "gitlab").output, "check/expected/mapping-edited.gitlab.json")
    try expectGolden(try clone.mooring("check", "--json").output, "check/expected/mapping-edited.json")
  }

  @Test func aRedEditOfAContractNeedsAPersonsName() throws {
    let clone = try ContractClone()
    try clone.edit("\(clone.account)/mapping.yaml", "  - {source: region_c, target: region, type: text}\n", "")
    try clone.edit("\(clone.account)/contract.odcs.yaml", try region(of: clone), "")
    let unanswered = try clone.mooring("check")
    #expect(unanswered.status == 2)
    #expect(unanswered.output.contains("nobody answers for it yet"))
    try #expect(clone.mooring("draft").status == 0)
    let waiting = try clone.mooring("check")
    #expect(waiting.status == 2)
    try expectGolden(waiting.output, "check/expected/contract-narrowed.txt")
    try clone.edit("\(clone.account)/changes/0001-deprecate-region-c/change.yaml", #"by: """#, #"by: "ada""#)
    try #expect(clone.mooring("check").status == 0)
  }

  @Test func anAcknowledgementThatWasTakenOutIsStillWaitedFor() throws {
    let clone = try ContractClone()
    try clone.edit("\(clone.account)/mapping.yaml", "  - {source: region_c, target: region, type: text}\n", "")
    try clone.edit("\(clone.account)/contract.odcs.yaml", try region(of: clone), "")
    try #expect(clone.mooring("draft").status == 0)
    let path = "\(clone.account)/changes/0001-deprecate-region-c/change.yaml"
    let kept = try clone.read(path).split(separator: "\n").filter {
      !$0.hasPrefix("acknowledge:") && !$0.contains("by: \"\"")
    }
    try clone.folder.write(kept.joined(separator: "\n") + "\n", to: path)
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("waits for 1 acknowledgement"))
  }

  @Test func aContractThatCannotBeReadIsNotTakenForGone() throws {
    let clone = try ContractClone()
    let path = "\(clone.account)/contract.odcs.yaml"
    try clone.append("x: [", to: path)
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("\(path):") && !outcome.output.contains("the contract is gone"))
    try FileManager.default.removeItem(atPath: clone.folder.path(path))
    #expect(try clone.mooring("check").output.contains("the contract is gone"))
  }

  @Test func aRenameDeclaredByItsIdIsARename() throws {
    let clone = try ContractClone()
    let path = "\(clone.account)/contract.odcs.yaml"
    try clone.edit(path, "        name: tier_c\n", "        name: plan_c\n")
    let outcome = try clone.mooring("check")
    #expect(outcome.output.contains("tier_c renamed to plan_c: declared"))
  }

  @Test(arguments: [
    ("DROP TABLE canary;\n", "refused: "),
    ("ALTER TABLE \"analytics\".\"account\" ADD COLUMN \"tier\" text, DROP COLUMN \"name\";\n", "refused: "),
    ("ALTER TABLE \"analytics\".\"account\" ADD COLUMN \"tier\" bigint;\n", "refused: "),
    ("ALTER TABLE \"analytics\".\"other\" ADD COLUMN \"tier\" text;\n", "refused: "),
    ("-- nothing\n", "comment"),
  ])
  func aStatementEditedBeyondWhatIsUnderstoodIsRefused(script: String, reason: String) throws {
    let clone = try drafted()
    try clone.folder.write(script, to: "\(clone.account)/changes/0001-add-tier/up.sql")
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("apply would not carry this out: "))
    #expect(outcome.output.contains(reason), "\(outcome.output)")
  }

  @Test func aMergedChangeThatIsEditedOrTakenAwayIsTold() throws {
    let clone = try drafted()
    try clone.commit("add tier")
    try clone.git("branch", "-f", "main")
    let path = "\(clone.account)/changes/0001-add-tier/change.yaml"
    try clone.edit(path, "type: text}", "type: \"text\"}")
    #expect(try clone.mooring("check").output.contains("a merged change is edited"))
    try FileManager.default.removeItem(atPath: clone.folder.path("\(clone.account)/changes"))
    #expect(try clone.mooring("check").output.contains("a merged change is taken away"))
  }

  @Test func aNameBehindAMergedAcknowledgementIsNoEdit() throws {
    let clone = try ContractClone()
    try clone.edit("\(clone.account)/mapping.yaml", "  - {source: region_c, target: region, type: text}\n", "")
    try clone.edit("\(clone.account)/contract.odcs.yaml", try region(of: clone), "")
    try #expect(clone.mooring("draft").status == 0)
    try clone.commit("merged without a name")
    try clone.git("branch", "-f", "main")
    try clone.edit("\(clone.account)/changes/0001-deprecate-region-c/change.yaml", #"by: """#, #"by: "ada""#)
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 0)
    #expect(!outcome.output.contains("a merged change is edited"))
  }

  @Test func aNumberThatTheProtectedBranchHasTakenMeanwhileIsAnError() throws {
    let clone = try drafted()
    try clone.commit("add tier")
    try clone.git("checkout", "-q", "main")
    try clone.append("  - {source: tier_c, target: plan, type: text}", to: "\(clone.account)/mapping.yaml")
    try #expect(clone.mooring("draft", "--base", "HEAD").status == 0)
    try clone.commit("add plan")
    try clone.git("checkout", "-q", "mine")
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("the number is taken by"))
  }

  @Test func aViewWhoseColumnsMovedIsRefusedBeforeTheWarehouseDoes() throws {
    let clone = try ContractClone()
    let score = "  - {source: score, target: score, type: double precision}"
    try clone.append(score, to: "\(clone.lead)/mapping.yaml")
    #expect(try clone.mooring("draft").status == 0)
    let email = "  - {source: email, target: email, type: text}\n"
    try clone.edit("\(clone.lead)/mapping.yaml", email, email.replacing("target: email", with: "target: mail"))
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("keeps the old view under another name"))
  }

  @Test func aViewThatNothingReplacesIsAnError() throws {
    let clone = try ContractClone()
    try clone.edit(
      "\(clone.lead)/mapping.yaml", "target: email, type: text}", "target: email, type: text, convert: lower}")
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("no change replaces the view analytics.lead"))
  }

  @Test func errorsThatWereThereBeforeAndLieElsewhereKeepNothingFromBeingApplied() throws {
    let clone = try ContractClone()
    try clone.git("checkout", "-q", "main")
    try clone.append("  - {source: gone, target: gone, type: text}", to: "\(clone.lead)/mapping.yaml")
    try clone.commit("an error of somebody else")
    try clone.git("checkout", "-q", "-B", "mine")
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    _ = try clone.mooring("draft")
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("warning: column \"gone\" is not in the contract"))
  }

  @Test func aBranchCannotSoftenThePoliciesItIsJudgedBy() throws {
    let clone = try ContractClone()
    try clone.append("policies: {column.removed: ignore}", to: "contracts/mooring.yaml")
    try clone.edit("\(clone.account)/mapping.yaml", "  - {source: region_c, target: region, type: text}\n", "")
    try clone.edit("\(clone.account)/contract.odcs.yaml", try region(of: clone), "")
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("judged by the policies that are in force"))
  }

  @Test func aConnectionThatWantsApprovalSaysWhatElseTheMergeTakes() throws {
    let clone = try ContractClone()
    try clone.git("checkout", "-q", "main")
    try clone.edit("contracts/mooring.yaml", "mode: propose}", "mode: propose, approval: signature}")
    try clone.commit("whoever lands it signs")
    try clone.git("checkout", "-q", "-B", "mine")
    try clone.edit("contracts/mooring.yaml", "approval: signature", "approval: merge")
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    try #expect(clone.mooring("draft").status == 0)
    #expect(try clone.mooring("check").output.contains("runs once the commit that lands it is signed"))
  }

  @Test func aFolderThatWasOnlyMovedIsTheChangeThatItWas() throws {
    let clone = try drafted()
    try clone.commit("add tier")
    try clone.git("branch", "-f", "main")
    try clone.git("mv", clone.account, "contracts/salesforce/account-elsewhere")
    let outcome = try clone.mooring("check")
    #expect(!outcome.output.contains("a merged change"))
    #expect(!outcome.output.contains("applies    0001"))
  }

  @Test func withoutItsProjectFileNothingWouldRun() throws {
    let clone = try ContractClone()
    try FileManager.default.removeItem(atPath: clone.folder.path("contracts/mooring.yaml"))
    let outcome = try clone.mooring("check")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("contracts/mooring.yaml: error: is gone"))
  }

  @Test func aLinkInTheWorkTreeIsNeverFollowed() throws {
    let clone = try ContractClone()
    let secret = try clone.folder.write("token: \(canary)\n", to: "elsewhere")
    try FileManager.default.removeItem(atPath: clone.folder.path("\(clone.account)/mapping.yaml"))
    try FileManager.default.createSymbolicLink(
      atPath: clone.folder.path("\(clone.account)/mapping.yaml"), withDestinationPath: secret)
    let outcome = try clone.mooring("check")
    #expect(!(outcome.output + outcome.errors).contains(canary))
  }

  @Test func namesFromOutsideStayInsideTheirAnnotation() throws {
    let clone = try ContractClone()
    try clone.append(
      #"  - {source: tier_c, target: "t%0A::error::x,y\n::stop", type: text}"#, to: "\(clone.account)/mapping.yaml")
    let outcome = try clone.mooring("check", "--format", "github")
    #expect(outcome.status == 2)
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines.allSatisfy {
        $0.hasPrefix("::error file=contracts/") || $0.hasPrefix("::warning file=contracts/")
          || $0.hasPrefix("::notice title=mooring check::")
      })
    #expect(outcome.output.contains("t%250A::error::x,y"))
  }

  @Test func whatCannotBeToldEndsWithOneAndAWayOut() throws {
    let clone = try ContractClone()
    let missing = try clone.mooring("check", "--base", "origin/nowhere")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("git fetch origin"))
    try clone.git("checkout", "-q", "--orphan", "other")
    try clone.commit("another history")
    let unrelated = try clone.mooring("check")
    #expect(unrelated.status == 1)
    #expect(unrelated.errors.contains("fetch-depth: 0"))
    try clone.git("checkout", "-q", "mine")
    #expect(try clone.mooring("check", "--contracts", "elsewhere").status == 1)
  }

  /// The lines of a column that a person takes out of the contract.
  private func region(of clone: ContractClone) throws -> String {
    let text = try clone.read("\(clone.account)/contract.odcs.yaml")
    guard let start = text.range(of: "      - id: col_region_c\n"), let end = text.range(of: "      - id: col_seats\n")
    else { throw WorldError("the contract has no region_c") }
    return String(text[start.lowerBound..<end.lowerBound])
  }

  /// A clone with a drafted change that adds a column.
  private func drafted() throws -> ContractClone {
    let clone = try ContractClone()
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    try #expect(clone.mooring("draft").status == 0)
    try #expect(clone.mooring("check").status == 0)
    return clone
  }
}
