import Foundation
import JSON
import PostgreSQL
import Testing

/// The whole loop with the real programs.
struct LoopTests {
  @Test func anAddedColumnGoesFromTheSourceToTheTarget() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    #expect(try world.mooring("run").contains("no drift"))
    try await world.advance()
    #expect(try world.run(["diff"]).status == 2)
    #expect(try world.mooring("run").contains("mooring/salesforce/green"))
    #expect(try await world.value(columnCount) == "0", "nothing runs before the merge")
    try world.merge("mooring/salesforce/green")
    #expect(try world.mooring("run").contains("applied"))
    let filled = try await world.value(
      "SELECT count(*)::text FROM analytics.account WHERE tier_c IS NOT NULL")
    #expect(filled == "10")
    try world.git("-C", "checkout", "pull", "-q", "origin", "main")
    #expect(try world.run(["lint"]).status == 0)
    #expect(try world.run(["diff"]).status == 0)
  }

  @Test func aSecondRunWithNothingChangedWritesNothing() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    try world.mooring("run")
    for _ in 0..<2 {
      try world.loseCache()
      let before = try await fingerprint(of: world)
      let report = try JSONValue.parse(try world.mooring("run", "--json"))
      #expect(report["connections"]?[0]?["actions"]?.array?.isEmpty == true)
      #expect(try await fingerprint(of: world) == before)
    }
  }

  @Test func aRejectedFindingIsNotProposedAgain() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()
    try world.mooring("run")
    try world.mooring("reject", "mooring/salesforce/green", "--reason", "not wanted")
    let again = try world.mooring("run")
    #expect(again.contains("(rejected)"))
    let kept = try world.git("-C", "contracts.git", "show", "mooring-refusals:salesforce/salesforce.account.yaml")
    #expect(kept.contains("    reason: not wanted\n"))
    #expect(kept.contains("change: \"tier_c: "))
    #expect(try world.mooring("status").contains("refused\n  mooring/salesforce/green  1 finding for good by "))
    // A further finding of the same table is proposed, and what was refused before stays refused.
    try await world.advance()
    try world.mooring("run")
    let text = try world.read("proposals/salesforce--green.md")
    #expect(text.contains("score_c"))
  }

  @Test func aSnoozeSaysUntilWhenAndNothingEndsInThePast() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()
    try world.mooring("run")
    let branch = "mooring/salesforce/green"
    let refused = try world.run(["reject", branch, "--until", "2020-01-01"])
    #expect(refused.status != 0)
    #expect(refused.errors.contains("--until: \"2020-01-01\" is no time to come"))
    #expect(try world.mooring("reject", branch, "--until", "2999-12-31").contains("again before 2999-12-31T00:00:00Z"))
    try world.mooring("run")
    #expect(try world.mooring("status").contains("until 2999-12-31T00:00:00Z"))
    let kept = try world.git("-C", "contracts.git", "show", "mooring-refusals:salesforce/salesforce.account.yaml")
    #expect(kept.contains("until: \"2999-12-31T00:00:00Z\"\n"))
    // The team ends it in git.
    try world.git("-C", "checkout", "fetch", "-q", "origin")
    try world.git("-C", "checkout", "checkout", "-q", "mooring-refusals")
    let ended = kept.replacing("\"2999-12-31T00:00:00Z\"", with: "2020-01-01")
    try world.write(ended + "\n", to: "salesforce/salesforce.account.yaml")
    try world.git("-C", "checkout", "commit", "-q", "-am", "we want it now")
    try world.git("-C", "checkout", "push", "-q", "origin", "mooring-refusals")
    try world.git("-C", "checkout", "checkout", "-q", "main")
    try world.mooring("run")
    let status = try world.mooring("status")
    #expect(status.hasPrefix("open proposals\n  mooring/salesforce/green"))
    #expect(!status.contains("\nrefused\n"))
  }

  @Test func aHalfReadIsHeldAndRemovesNothing() async throws {
    let world = try await World(scenario: "three-connectors")
    try await world.adopt()
    try world.mooring("run")
    try await world.control("faults", #"{"kind":"half","path":"iodize_impressive/schemas"}"#)
    try await world.control("sync", #"{"connection":"iodize_impressive"}"#)
    let report = try world.mooring("run")
    #expect(report.contains("mooring resume salesforce"))
    #expect(try world.git("-C", "contracts.git", "branch", "--list", "mooring/*").isEmpty)
    try await world.control("sync", #"{"connection":"iodize_impressive"}"#)
    #expect(try world.mooring("run").contains("no drift"), "the next whole read lifts it")
    #expect(try world.mooring("resume", "salesforce").contains("nothing holds salesforce"))
  }

  @Test func aRefusingFivetranIsANamedErrorAndTheNextRunRecovers() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()
    try await world.control("faults", #"{"kind":"status","status":401,"path":"/v1/connections"}"#)
    let refused = try world.run(["run"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("listing the connections"))
    #expect(!refused.errors.contains(canary))
    #expect(try world.mooring("run").contains("proposed"))
  }

  @Test func everyProblemOfAProjectFileIsToldAtOnce() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    let text = try world.read("contracts/mooring.yaml")
    try world.write(
      text.replacingOccurrences(of: "mode: propose", with: "mdoe: propose")
        + "policies: {column.added: maybe}\n", to: "contracts/mooring.yaml")
    try world.commit("a bad project file")
    let outcome = try world.run(["run"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("contracts/mooring.yaml:"))
    #expect(outcome.errors.contains(#"did you mean "mode"?"#))
    #expect(outcome.errors.contains("maybe"))
  }

  @Test func whatIsMergedWithoutAnAcknowledgementIsHeld() async throws {
    let world = try await World(scenario: "three-connectors")
    try await world.adopt()
    try world.mooring("run")
    for _ in 0..<6 { try await world.advance() }
    try world.mooring("run")
    try world.merge("mooring/salesforce/salesforce-account")
    #expect(try world.mooring("run").contains("not acknowledged"))
    #expect(try await world.value(columnCount) == "0")
  }

  @Test func editedSQLThatMeansSomethingElseIsRefused() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    let path = "contracts/salesforce/salesforce.account/changes/0001-add-tier-c/up.sql"
    let sql = try world.read(path)
    try world.write(
      sql.replacingOccurrences(
        of: #"ADD COLUMN "tier_c" text"#, with: #"DROP COLUMN "name""#), to: path)
    try world.commit("a slip of the hand")
    #expect(try world.mooring("run").contains("refused"))
    let name = try await world.value(
      "SELECT count(*)::text FROM information_schema.columns WHERE table_schema = 'analytics' AND column_name = 'name'"
    )
    #expect(name == "1")
  }

  @Test func twoChangesWithOneNumberAreBothHeld() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    let changes = "contracts/salesforce/salesforce.account/changes"
    for name in ["change.yaml", "up.sql", "down.sql"] {
      let text = try world.read("\(changes)/0001-add-tier-c/\(name)")
      try world.write(
        text.replacingOccurrences(of: "0001-add-tier-c", with: "0001-twin"),
        to: "\(changes)/0001-twin/\(name)")
    }
    try world.commit("a twin")
    #expect(try world.run(["lint"]).status == 2)
    #expect(try world.mooring("run").contains("same number"))
    #expect(try await world.value(columnCount) == "0")
  }

  @Test func aLostLedgerAdoptsWhatIsThereAndHoldsTheRest() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    try world.mooring("run")
    _ = try await world.database.query("DROP SCHEMA mooring CASCADE")
    #expect(try world.mooring("run").contains("adopted"))
    _ = try await world.database.query("DROP SCHEMA mooring CASCADE")
    _ = try await world.database.query("ALTER TABLE analytics.account DROP COLUMN tier_c")
    #expect(try world.mooring("run").contains("held"))
    #expect(try await world.value(columnCount) == "0")
    try world.mooring("adopt", "--apply-rest")
    #expect(try world.mooring("run").contains("applied"))
    #expect(try await world.value(columnCount) == "1")
  }

  @Test func twoRunsAtOnceApplyOnce() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    let runs = try world.runTwice(["run"])
    #expect(runs.allSatisfy { $0 == 0 || $0 == 1 })
    try world.mooring("run")
    let doubled = try await world.value(
      "SELECT count(*)::text FROM (SELECT 1 FROM mooring.ledger WHERE state = 'done' GROUP BY change, step, part HAVING count(*) > 1) AS d"
    )
    #expect(doubled == "0")
    #expect(try await world.value(columnCount) == "1")
  }

  @Test func aBlockedColumnIsEnabledFirstAndMappedSecond() async throws {
    let world = try await World(
      scenario: "three-connectors", others: "  orders_db:\n    id: exotic_granite\n")
    try await world.adopt()
    try world.mooring("run")
    for _ in 0..<8 { try await world.advance() }
    try world.mooring("run")
    let branch = "mooring/orders_db/orders_db_public-customers"
    try world.merge(branch)
    let applied = try world.mooring("run", "orders_db")
    #expect(applied.contains("set enabled: true"))
    try world.mooring("run", "orders_db")
    let second = try world.mooring("run", "orders_db")
    #expect(second.contains("marketing_opt_in"))
    let text = try world.read("proposals/orders_db--orders_db_public-customers.md")
    #expect(text.contains("has landed as boolean"))
    let landed = try await world.value(
      "SELECT count(*)::text FROM information_schema.columns WHERE table_schema = 'orders_db_public' AND column_name = 'marketing_opt_in'"
    )
    #expect(landed == "1")
  }

  @Test func personalDataIsHashedAfterTheMerge() async throws {
    let world = try await World(scenario: "three-connectors")
    try await world.adopt()
    try world.mooring("run")
    for _ in 0..<2 { try await world.advance() }
    try world.mooring("run")
    let text = try world.read("proposals/salesforce--salesforce-contact.md")
    #expect(text.contains("clear text"))
    try world.merge("mooring/salesforce/salesforce-contact")
    #expect(try world.mooring("run").contains("hashed: true"))
    try world.git("-C", "checkout", "pull", "-q", "origin", "main")
    #expect(!(try world.mooring("run")).contains("failed"))
  }

  @Test func hostileNamesPassThroughAsData() async throws {
    let world = try await World(scenario: "hostile-names")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    let report = try world.mooring("run")
    #expect(report.contains("proposed"))
    #expect(!report.contains("\u{202E}"), "marks that turn text around are shown, not obeyed")
    let proposals = "\(world.folder)/checkout/proposals"
    for name in try FileManager.default.contentsOfDirectory(atPath: proposals) {
      guard name.hasSuffix(".md") else { continue }
      let text = try String(contentsOfFile: "\(proposals)/\(name)", encoding: .utf8)
      let outsideOfCode = text.split(separator: "`", omittingEmptySubsequences: false)
        .enumerated().filter { $0.offset % 2 == 0 }.map(\.element).joined()
      #expect(!outsideOfCode.contains("<script"))
    }
    let paths = try world.git("-C", "contracts.git", "ls-tree", "-r", "--name-only", "main")
    #expect(!paths.contains(".."))
    // One is there already in other letters of Unicode, so a person looks at the table; the branch passes the linter.
    #expect(report.contains("but for how its letters are spelled, cafe\\u{301} and caf\\u{E9}"))
    try world.merge("mooring/salesforce/salesforce-account")
    let linted = try world.run(["lint"])
    #expect(linted.status == 0, "\(linted.output)")
    #expect(try world.mooring("run").contains("applied"))
    let canary = try await world.value("SELECT count(*)::text FROM analytics.account")
    #expect(canary == "10", "the target has lived through every name")
  }

  @Test func noSecretIsWrittenAnywhere() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()
    let output = try world.mooring("run")
    #expect(!output.contains(canary))
    for name in try FileManager.default.subpathsOfDirectory(atPath: world.folder) {
      guard let data = FileManager.default.contents(atPath: "\(world.folder)/\(name)") else {
        continue
      }
      #expect(data.range(of: Data(canary.utf8)) == nil, "\(name)")
    }
  }
}

let columnCount =
  "SELECT count(*)::text FROM information_schema.columns WHERE table_schema = 'analytics' AND column_name = 'tier_c'"

/// Everything durable outside of our own state: refs, proposals, ledger.
private func fingerprint(of world: World) async throws -> String {
  var text = try world.git("-C", "contracts.git", "for-each-ref")
  let folder = "\(world.folder)/checkout/proposals"
  for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
    text += "\n\(name)\n" + (try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
    text += "\(String(describing: attributes[.modificationDate]))"
  }
  text += try await world.value("SELECT count(*)::text FROM mooring.ledger") ?? ""
  return text
}
