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

  @Test func whatWasFoundIsKeptForEachTableUntilItChanges() throws {
    let clone = try ContractClone()
    let environment = ["XDG_CACHE_HOME": clone.folder.path("cache")]
    func lint(_ part: String...) throws -> String {
      try clone.run("\(programs)/mooring", ["lint"] + part, environment).output
    }
    let clean = try lint()
    let memory = try #require(try clone.folder.names().first { $0.hasPrefix("cache/mooring/lint-") })
    // Only what is kept can say this.
    try clone.pretend("\(clone.account)", found: "kept of account", in: memory)
    try clone.pretend("\(clone.lead)", found: "kept of lead", in: memory)
    let kept = try lint()
    #expect(kept.contains("kept of account") && kept.contains("kept of lead"))
    #expect(try lint("\(clone.lead)/contract.odcs.yaml").contains("kept of lead"), "a part has the memory of the whole")
    try clone.append("# edited", to: "\(clone.account)/contract.odcs.yaml")
    let edited = try lint()
    #expect(!edited.contains("kept of account") && edited.contains("kept of lead"))
    // Of what warehouse the types are, mooring.yaml says.
    try clone.edit("contracts/mooring.yaml", "kind: postgres", "kind: redshift")
    #expect(try !lint().contains("kept of lead"))
    try clone.edit("contracts/mooring.yaml", "kind: redshift", "kind: postgres")
    #expect(try lint() == clean)
  }

  @Test func aMemoryThatIsNotAsItWasWrittenIsNotBelieved() throws {
    let clone = try ContractClone()
    let environment = ["XDG_CACHE_HOME": clone.folder.path("cache")]
    func lint() throws -> String { try clone.run("\(programs)/mooring", ["lint"], environment).output }
    let clean = try lint()
    let memory = try #require(try clone.folder.names().first { $0.hasPrefix("cache/mooring/lint-") })
    let text = try clone.read(memory)
    let spoilt = text.replacing("\"findings\":[]", with: "\"findings\":[ ]")
    let oldBuild = try clone.signed(
      String(text.split(separator: "\n")[1]).replacing("\"program\":\"", with: "\"program\":\"0"))
    for wrong in ["not JSON", "", String(text.dropLast(3)), spoilt, oldBuild] {
      try clone.folder.write(wrong, to: memory)
      #expect(try lint() == clean)
      #expect(try clone.read(memory) == text, "written again")
    }
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

extension ContractClone {
  /// A memory's text behind its digest.
  fileprivate func signed(_ text: String) throws -> String {
    try folder.write(text, to: "cache/unsigned")
    let digest = try run("/usr/bin/sha256sum", ["cache/unsigned"], [:]).output.prefix(64)
    return "\(digest)\n\(text)"
  }

  /// Lets the memory say that something was found in a clean folder.
  fileprivate func pretend(_ unit: String, found message: String, in memory: String) throws {
    let finding =
      "{\"path\":\"\(unit)/contract.odcs.yaml\",\"line\":null,\"column\":null,\"severity\":\"error\",\"message\":\"\(message)\",\"hint\":null}"
    let old = "\"path\":\"\(unit)\",\"findings\":[]"
    let text = String(try read(memory).split(separator: "\n")[1])
    guard text.contains(old) else { throw WorldError("\(unit) is not kept as clean") }
    try folder.write(
      try signed(text.replacing(old, with: "\"path\":\"\(unit)\",\"findings\":[\(finding)]")), to: memory)
  }
}
