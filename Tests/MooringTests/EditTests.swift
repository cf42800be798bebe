import Foundation
import JSON
import Testing

/// Edits by people, with the real programs and a real warehouse.
struct EditTests {
  private let folder = "contracts/salesforce/salesforce.account"

  /// - Parameter isPromised: whether the person writes the column into the contract as well.
  @Test(arguments: [true, false])
  func aMappingEditedOnMainIsProposedMergedAndApplied(isPromised: Bool) async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    if isPromised {
      try world.write(
        try world.read("\(folder)/contract.odcs.yaml").replacingOccurrences(
          of: "contractCreatedTs:", with: "      - id: col_tier_c\n        name: tier_c\ncontractCreatedTs:"),
        to: "\(folder)/contract.odcs.yaml")
    }
    try addTier(to: world)
    try world.commit("map the tier, by hand")
    let report = try JSONValue.parse(try world.mooring("run", "--json"))
    let rules = report["connections"]?[0]?["tables"]?[0]?["changes"]?.array?.compactMap { $0["rule"]?.string }
    #expect(rules?.contains("target.columnMissing") == true)
    #expect(try await count(of: world) == "0", "nothing runs before the merge")
    let branch = "mooring/salesforce/salesforce-account"
    try world.git("-C", "checkout", "fetch", "-q", "origin")
    try world.git("-C", "checkout", "checkout", "-q", "--detach", "origin/\(branch)")
    #expect(try world.run(["check"]).output.contains("This merge will be applied."))
    try world.git("-C", "checkout", "checkout", "-q", "main")
    try world.merge(branch)
    #expect(try world.mooring("run").contains("applied"))
    #expect(try await filled(in: world) == "10")
    try await world.load()
    #expect(try world.mooring("run").contains("no drift"))
    try world.git("-C", "checkout", "pull", "-q", "origin", "main")
    #expect(try world.run(["lint"]).status == 0)
  }

  /// Nothing in the target tells of it: only what `load.sql` was rendered from.
  @Test func aConversionEditedOnMainIsProposed() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try upperName(in: world, commit: true)
    #expect(try world.mooring("run").contains("mapping.yaml was edited; load.sql still is that of the mapping before"))
    try world.merge("mooring/salesforce/salesforce-account")
    #expect(try world.mooring("run").contains("no drift"))
    try await world.load()
    #expect(try await world.value(Self.lowerNames) == "0")
  }

  @Test func theExpressionOfAViewEditedOnMainIsProposedMergedAndApplied() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt(onto: "view")
    try world.mooring("run")
    try upperName(in: world, commit: true)
    #expect(try world.mooring("run").contains("still is that of the mapping before"))
    #expect(try await world.value(Self.lowerNames) == "10", "nothing runs before the merge")
    try world.merge("mooring/salesforce/salesforce-account")
    #expect(try world.mooring("run").contains("applied"))
    #expect(try await world.value(Self.lowerNames) == "0")
    #expect(try world.mooring("run").contains("no drift"))
  }

  @Test func theExpressionOfAViewEditedOnABranchIsDrafted() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt(onto: "view")
    try world.git("-C", "checkout", "checkout", "-q", "-b", "mine")
    try upperName(in: world, commit: false)
    let checked = try world.run(["check"])
    #expect(checked.status == 2)
    #expect(checked.output.contains("no change replaces the view analytics.account"))
    try world.mooring("draft")
    #expect(try world.mooring("check").contains("This merge will be applied."))
  }

  /// PostgreSQL does not take it in place: the old view keeps its readers under another name, and `down.sql` leads back.
  @Test func aViewThatCannotBeReplacedIsMadeAnewBesideTheOldOne() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adoptReadView()
    try world.mooring("run")
    try world.leaveOutName()
    try world.mooring("run")
    let text = try world.read("proposals/salesforce--salesforce-account.md")
    #expect(text.contains("1 view reads it and goes on reading the old one: `analytics.reader`"))
    try world.merge("mooring/salesforce/salesforce-account")
    #expect(try world.mooring("run").contains("applied"))
    #expect(try await world.value(World.isMadeAnew) == "true")
    #expect(try world.mooring("run").contains("no drift"))
    let down = try world.read("\(folder)/changes/0001-render-table/down.sql")
    for statement in down.components(separatedBy: ";\n") where statement.contains(" ") {
      _ = try await world.value(statement)
    }
    #expect(try await world.value("SELECT to_regclass('analytics.account_before_0001')::text") == nil)
    let reads = "SELECT has_table_privilege('mooring_reader', 'analytics.account', 'select')::text"
    #expect(try await world.value(reads) == "true")
    #expect(try await world.value("SELECT count(name)::text FROM analytics.account") == "10")
  }

  /// Who may read a view is in no file.
  @Test func aViewThatMustBeMadeAnewIsDraftedWhereTheWarehouseIsReached() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adoptReadView()
    try world.git("-C", "checkout", "checkout", "-q", "-b", "mine")
    try world.leaveOutName(commit: false)
    #expect(try world.run(["check"]).output.contains("no change replaces the view analytics.account"))
    let offline = try world.run(["draft", "--offline"])
    #expect(offline.output.contains("who may read that one is not known"), "\(offline.output)\(offline.errors)")
    try world.mooring("draft")
    #expect(try world.read("\(folder)/changes/0001-render-table/up.sql").contains("TO \"mooring_reader\""))
    #expect(try world.mooring("check").contains("This merge will be applied."))
  }

  private static let lowerNames = "SELECT count(*)::text FROM analytics.account WHERE name <> upper(name)"

  private func upperName(in world: World, commit: Bool) throws {
    let mapping = try world.read("\(folder)/mapping.yaml")
    let edited = mapping.replacing(
      "{source: name, target: name, type: text}", with: "{source: name, target: name, type: text, convert: upper}")
    #expect(edited != mapping)
    try world.write(edited, to: "\(folder)/mapping.yaml")
    if commit { try world.commit("names in capitals") }
  }

  @Test func aMappingEditedOnABranchIsDraftedMergedAndApplied() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try world.git("-C", "checkout", "checkout", "-q", "-b", "mine")
    let edited =
      try world.read("\(folder)/mapping.yaml") + "  - {source: name, target: short_name, type: text, convert: upper}\n"
    try world.write(edited, to: "\(folder)/mapping.yaml")
    #expect(try world.run(["check"]).status == 2)
    #expect(try world.mooring("draft").contains("fill short_name in old rows"))
    #expect(try world.mooring("check").contains("This merge will be applied."))
    try world.git("-C", "checkout", "add", "-A", "contracts")
    try world.git("-C", "checkout", "commit", "-q", "-m", "a short name")
    try world.git("-C", "checkout", "checkout", "-q", "main")
    try world.git("-C", "checkout", "merge", "-q", "--no-ff", "mine")
    try world.git("-C", "checkout", "push", "-q", "origin", "main")
    #expect(try world.mooring("run").contains("applied"))
    let filled = "SELECT count(*)::text FROM analytics.account WHERE short_name = upper(name)"
    #expect(try await world.value(filled) == "10")
    let after = try JSONValue.parse(try world.mooring("run", "--json"))
    #expect(after["applied"]?.array?.isEmpty == true)
    #expect(after["connections"]?[0]?["tables"]?.array?.isEmpty == true, "the target is as the mapping says")
  }

  @Test func ourOwnPullRequestsAnswerForThemselves() async throws {
    let others = "  stripe: {id: speak_inexpensive}\n  orders_db: {id: exotic_granite}\n"
    let world = try await World(scenario: "three-connectors", others: others)
    try await world.adopt()
    try world.mooring("run")
    for _ in 0..<8 { try await world.advance() }
    try world.mooring("run")
    try world.git("-C", "checkout", "fetch", "-q", "origin")
    let branches = try world.git("-C", "checkout", "branch", "-r", "--list", "origin/mooring/*").split(separator: "\n")
    #expect(!branches.isEmpty)
    for branch in branches.map({ $0.trimmingCharacters(in: .whitespaces) }) {
      try world.git("-C", "checkout", "checkout", "-q", "--detach", branch)
      let outcome = try world.run(["check", "--json"])
      let answer = try JSONValue.parse(outcome.output)["answer"]?.string
      #expect(answer != "refused", "\(branch): \(outcome.output)")
      #expect(outcome.status == (answer == "waits" ? 2 : 0))
    }
  }

  private func addTier(to world: World) throws {
    try world.write(
      try world.read("\(folder)/mapping.yaml") + "  - {source: tier_c, target: tier, type: text}\n",
      to: "\(folder)/mapping.yaml")
  }

  private func count(of world: World) async throws -> String? {
    try await world.value(
      "SELECT count(*)::text FROM information_schema.columns WHERE table_schema = 'analytics' AND column_name = 'tier'")
  }

  private func filled(in world: World) async throws -> String? {
    try await world.value("SELECT count(*)::text FROM analytics.account WHERE tier IS NOT NULL")
  }
}
