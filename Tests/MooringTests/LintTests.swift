import Foundation
import JSON
import TestSupport
import Testing

/// `mooring lint` and `mooring fmt` on a clone, as an editor or a CI job calls them.
struct LintTests {

  @Test func findingsArePrintedForPeopleAndForCISystems() throws {
    let clone = try ContractClone()
    try clone.edit("\(clone.account)/contract.odcs.yaml", "status: active", "statsu: 100%")
    for (arguments, golden) in [
      ([], "lint.txt"), (["--json"], "lint.json"), (["--format", "github"], "lint.github"),
      (["--format", "gitlab"], "lint.gitlab.json"), (["--format", "sarif"], "lint.sarif"),
    ] {
      let outcome = try clone.run("\(programs)/mooring", ["lint"] + arguments, [:])
      #expect(outcome.status == 2)
      try expectGolden(outcome.output, "contracts/\(golden)")
    }
  }

  @Test func fmtAndExplainAnswerProgramsToo() throws {
    let clone = try ContractClone()
    let path = "\(clone.account)/contract.odcs.yaml"
    _ = try clone.mooring("fmt")
    try clone.edit(path, "status: active", "status:    active")
    let formatted = try clone.mooring("fmt", "--check", "--json")
    #expect(formatted.status == 2)
    #expect(
      try JSONValue.parse(Array(formatted.output.utf8))
        == ["written": false, "changed": [.string(path)], "problems": []])
    try clone.folder.write("a: &x 1\n", to: path)
    let refused = try clone.mooring("fmt", "--json")
    #expect(refused.status == 1)
    let problem = try JSONValue.parse(Array(refused.output.utf8))["problems"]?.array?.first
    #expect(problem?["check"] == "yaml" && problem?["line"] == 1)

    func explained(_ subject: String) throws -> [JSONValue] {
      let outcome = try clone.mooring("explain", subject, "--json")
      #expect(outcome.status == 0)
      return try JSONValue.parse(Array(outcome.output.utf8)).array ?? []
    }
    let keys = ["id", "summary", "why", "advice", "readers", "writes", "reversible", "policy", "unobserved"]
    let rules = try explained("rules")
    #expect(rules.count > 90)
    for found in try rules + explained("column.added.lookAlike") + explained("pk") + explained("column.split") {
      #expect(found.members?.map(\.name) == keys)
    }
    #expect(try explained("pk").count == 4)
    #expect(try explained("conversions").contains { $0["id"] == "try_cast" })
    #expect(try clone.mooring("explain", "column.aded", "--json").status == 1)
  }

  @Test func aFileIsJudgedWithItsNeighboursAndOnlyItIsTold() throws {
    let clone = try ContractClone()
    try clone.edit("\(clone.account)/contract.odcs.yaml", "status: active", "statsu: active")
    let contract = try clone.mooring("lint", "\(clone.account)/contract.odcs.yaml")
    #expect(contract.status == 2)
    #expect(contract.output.contains("statsu") && contract.output.hasSuffix("1 file checked, 1 error, 0 warnings\n"))
    #expect(try clone.mooring("lint", "\(clone.lead)/contract.odcs.yaml").status == 0)
  }

  /// The types of the destination, which mooring.yaml tells.
  @Test func aPartIsJudgedAsTheWholeWouldBe() throws {
    let clone = try ContractClone()
    let contract = "\(clone.account)/contract.odcs.yaml"
    try clone.edit(contract, "physicalType: text", "physicalType: VARCHAR2(18)")
    let whole = try clone.mooring("lint")
    #expect(whole.status == 2)
    let findings = whole.output.split(separator: "\n").dropLast()
    #expect(findings.contains { $0.contains("VARCHAR2(18)") })
    for part in [contract, "./\(contract)", clone.account, "contracts/salesforce", "contracts/salesforce/"] {
      let outcome = try clone.mooring("lint", part)
      #expect(outcome.status == 2, "\(part)")
      #expect(outcome.output.split(separator: "\n").dropLast().count == findings.count, "\(part)")
      #expect(outcome.output.hasPrefix(part), "\(part)")
    }
    let beside = try clone.run(
      "/usr/bin/env", ["-C", clone.account, "\(programs)/mooring", "lint", "contract.odcs.yaml"], [:])
    #expect(beside.status == 2 && beside.output.hasPrefix("contract.odcs.yaml:"))
    #expect(try clone.mooring("lint", "\(clone.lead)/contract.odcs.yaml").status == 0)
    let nowhere = try clone.mooring("lint", "\(clone.account)/changes/0009-x/change.yaml")
    #expect(nowhere.status == 1 && nowhere.errors.contains("there is no such file or folder"))
  }

  @Test func aSecondContractOfATableIsToldAtBoth() throws {
    let clone = try ContractClone()
    let second = "contracts/salesforce/again/contract.odcs.yaml"
    try clone.folder.write(try clone.read("\(clone.account)/contract.odcs.yaml"), to: second)
    let first = "\(clone.account)/contract.odcs.yaml"
    for (one, other) in [(first, second), (second, first)] {
      let outcome = try clone.mooring("lint", one)
      #expect(outcome.status == 2)
      #expect(outcome.output.contains("has a second contract\n  hint: the other is \(other); delete one"))
      #expect(outcome.output.hasSuffix("1 file checked, 1 error, 0 warnings\n"))
    }
  }

  @Test func whatWasFoundIsKeptUntilAFileChanges() throws {
    let clone = try ContractClone()
    let environment = ["XDG_CACHE_HOME": clone.folder.path("cache")]
    func lint() throws -> String { try clone.run("\(programs)/mooring", ["lint"], environment).output }
    let first = try lint()
    let kept = try clone.folder.names().filter { $0.hasPrefix("cache/mooring/lint-") }
    #expect(kept.count == 1)
    // Only what is kept can say this.
    try clone.edit(
      kept[0], "\"findings\":[]",
      "\"findings\":[{\"path\":\"p\",\"line\":null,\"column\":null,\"severity\":\"error\",\"message\":\"kept\",\"hint\":null}]"
    )
    #expect(try lint().hasPrefix("p: error: kept\n"))
    try clone.append("# edited", to: "\(clone.account)/contract.odcs.yaml")
    #expect(try lint() == first)
    try clone.folder.write("not JSON", to: kept[0])
    #expect(try lint() == first)
  }

  @Test func fmtChangesOnlyHowThingsAreWritten() throws {
    let clone = try ContractClone()
    let path = "\(clone.account)/contract.odcs.yaml"
    #expect(try clone.mooring("fmt").status == 0)
    #expect(try clone.mooring("fmt", "--check").status == 0)
    let canonical = try clone.read(path)
    try clone.edit(path, "status: active", "status:    'active'   # since March")
    let check = try clone.mooring("fmt", "--check")
    #expect(check.status == 2 && check.output == "\(path)\n")
    #expect(try clone.mooring("fmt", path).status == 0)
    #expect(try clone.read(path) == canonical.replacing("status: active", with: "status: active  # since March"))
    try clone.folder.write("a: &x 1\n", to: path)
    let refused = try clone.mooring("fmt")
    #expect(refused.status == 1)
    #expect(refused.errors.hasPrefix("\(path):1:4: error: an anchor"))
  }
}
