import Foundation
import PostgreSQL
import Testing

/// The way back of what was applied, with the real programs.
struct UndoTests {
  @Test func whatWasAppliedIsUndoneByAChangeLikeAnyOther() async throws {
    let world = try await applied()
    let proposed = try world.mooring("undo", "salesforce/salesforce.account/0001")
    #expect(proposed.contains("0001-add-tier-c, which was applied, is undone: drop column tier_c"))
    #expect(proposed.contains("proposed     \(branch)"))
    let manual = try String(contentsOfFile: "\(packageRoot)/docs/reliability.md", encoding: .utf8)
    let shown = proposed.replacing("\(world.folder)/checkout/", with: "")
    let example = "$ mooring undo salesforce/salesforce.account/0001\n\(shown)```\n"
    #expect(manual.contains(example), "docs/reliability.md shows something else")
    let text = try world.read("proposals/salesforce--salesforce-account.md")
    #expect(text.contains("drops `analytics.account.tier_c` with every value in it"))
    #expect(try world.run(["undo", "salesforce/salesforce.account/0001"]).errors.contains("proposed already"))
    let open = try world.mooring("run")
    #expect(open.contains("(open: \(branch))"), "a run leaves it as it is")
    #expect(!open.contains("updated"))
    #expect(try await world.value(columnCount) == "1", "nothing runs before the merge")
    try world.merge(branch)
    #expect(try world.mooring("run").contains("not acknowledged"))
    try world.acknowledge()
    let run = try world.mooring("run")
    #expect(run.contains("applied      salesforce.account 0002-undo-0001"))
    #expect(try await world.value(columnCount) == "0")
    // The column still lands: that it is not wanted is on record, as a "no" to what the change answered.
    #expect(run.contains("(rejected)"))
    try world.git("-C", "checkout", "pull", "-q", "origin", "main")
    #expect(!(try world.read("contracts/salesforce/salesforce.account/mapping.yaml")).contains("tier_c"))
    #expect(try world.run(["lint"]).status == 0)
    try world.loseCache()
    let again = try world.mooring("run")
    #expect(!again.contains("proposed"))
    let kept = try world.git("-C", "contracts.git", "show", "mooring-refusals:salesforce/salesforce.account.yaml")
    #expect(kept.contains("reason: undone by change 0002"))
    let errors = try world.run(["undo", "salesforce/salesforce.account/0001"]).errors
    #expect(errors.contains("change 0001 is undone already, by change 0002"))
    let refused = try world.run(["undo", "salesforce/salesforce.account/0002"])
    #expect(refused.errors.contains("no statement undoes this step: drop"))
    let audited = try world.mooring("audit", "export", "warehouse")
    #expect(audited.contains("\"event\":\"change.withdrawn\""))
    #expect(audited.contains("\"kind\":\"undo 1\""))
  }

  /// What a way back takes out of the contract is answered for by the way back itself.
  @Test func theCheckOfAWayBackWaitsForANameAndForNothingElse() async throws {
    let world = try await applied()
    try world.mooring("undo", "salesforce/salesforce.account/0001")
    try world.git("-C", "checkout", "fetch", "-q", "origin")
    try world.git("-C", "checkout", "checkout", "-q", "origin/\(branch)")
    let checked = try world.run(["check"])
    #expect(checked.output.contains("waits for 1 acknowledgement"), "\(checked.output)\(checked.errors)")
    #expect(!checked.output.contains("nobody answers"))
  }

  @Test func whatIsNotAppliedIsNotUndone() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    let unknown = try world.run(["undo", "salesforce/salesforce.account/0001"])
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("change 0001 was not applied: the ledger does not have it"))
    #expect(try world.run(["undo", "nothing"]).errors.contains("does not name a change"))
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    let waiting = try world.run(["undo", "contracts/salesforce/salesforce.account/changes/0001-add-tier-c"])
    #expect(waiting.errors.contains("change 0001 was not applied"))
  }

  @Test func aRevertOnMainProposesTheWayBack() async throws {
    let world = try await applied()
    try world.git("-C", "checkout", "revert", "-m", "1", "--no-edit", "HEAD")
    try world.git("-C", "checkout", "push", "-q", "origin", "main")
    let run = try world.mooring("run")
    #expect(run.contains("proposed     \(branch)"))
    #expect(try await world.value(columnCount) == "1")
    let again = try world.mooring("run")
    #expect(again.contains("(open: \(branch))"))
    try world.merge(branch)
    try world.acknowledge()
    #expect(try world.mooring("run").contains("applied      salesforce.account 0002-undo-0001"))
    #expect(try await world.value(columnCount) == "0")
    #expect(!(try world.mooring("run")).contains("proposed"))
  }

  /// Closed, the target keeps what it has, and nobody is asked again.
  @Test func aWayBackThatIsRefusedIsNotProposedAgain() async throws {
    let world = try await applied()
    try world.git("-C", "checkout", "revert", "-m", "1", "--no-edit", "HEAD")
    try world.git("-C", "checkout", "push", "-q", "origin", "main")
    try world.mooring("run")
    try world.mooring("reject", branch, "--reason", "the readers need it")
    for _ in 0..<2 { #expect(!(try world.mooring("run")).contains("proposed     \(branch)")) }
    #expect(try await world.value(columnCount) == "1")
  }

  @Test func aFolderThatIsOnlyClearedAwayUndoesNothing() async throws {
    let world = try await applied()
    try world.git("-C", "checkout", "rm", "-q", "-r", "contracts/salesforce/salesforce.account/changes")
    try world.commit("old changes")
    let run = try world.mooring("run")
    #expect(run.contains("withdrawn    salesforce.account 0001"))
    #expect(run.contains("its folder was deleted, and contract.odcs.yaml and mapping.yaml still say what it did"))
    #expect(!run.contains("proposed"))
    #expect(!(try world.mooring("run")).contains("withdrawn"), "it is told once")
    // Its number is not given again.
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    #expect(world.exists("contracts/salesforce/salesforce.account/changes/0002-add-score-c"))
  }

  @Test func whatIsTakenOffBeforeItIsAppliedNeverRunsAndIsANo() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    // Somebody holds the target while the change is merged.
    _ = try await world.database.query(
      """
      INSERT INTO mooring.lease (table_schema, table_name, token, holder, since, expires)
      VALUES ('analytics', 'account', 1, 'somebody', now(), now() + interval '1 hour')
      """)
    #expect(try world.mooring("run").contains("waiting"))
    try world.git("-C", "checkout", "revert", "-m", "1", "--no-edit", "HEAD")
    try world.git("-C", "checkout", "push", "-q", "origin", "main")
    let run = try world.mooring("run")
    #expect(run.contains("withdrawn    salesforce.account 0001"))
    #expect(run.contains("taken off the protected branch before it was applied"))
    #expect(run.contains("(rejected)"))
    _ = try await world.database.query("DELETE FROM mooring.lease")
    try world.loseCache()
    let later = try world.mooring("run")
    #expect(!later.contains("applied"))
    #expect(!later.contains("proposed"))
    #expect(try await world.value(columnCount) == "0")
  }

  /// What was applied and is there no longer is found, proposed, and never done again unseen.
  @Test func whatSomebodyTookOutOfTheTargetIsANewFinding() async throws {
    let world = try await applied()
    _ = try await world.database.query("ALTER TABLE analytics.account DROP COLUMN tier_c")
    try world.loseCache()
    let run = try world.mooring("run")
    #expect(run.contains("proposed"))
    #expect(run.contains("tier_c"))
    #expect(try await world.value(columnCount) == "0")
    #expect(
      try world.run(["undo", "salesforce/salesforce.account/0001"]).errors.contains("has an open pull request"))
    try world.mooring("reject", branch)
    let gone = try world.run(["undo", "salesforce/salesforce.account/0001"]).errors
    #expect(gone.contains("what 0001-add-tier-c did is there no longer: tier_c is not in the target"))
  }

  /// What was merged is judged by its own bytes: a statement that takes something away wants a name, whoever wrote it in.
  @Test func whatAReviewerMadeMoreDestructiveIsRefusedUntilSomebodyAnswersForIt() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    let folder = "contracts/salesforce/salesforce.account/changes/0001-add-tier-c"
    let sql = try world.read("\(folder)/up.sql")
    try world.write(sql + "\nALTER TABLE \"analytics\".\"account\" DROP COLUMN \"name\";\n", to: "\(folder)/up.sql")
    var change = try world.read("\(folder)/change.yaml")
    let steps = try #require(change.range(of: "steps:\n"))
    let count = change[steps.upperBound...].components(separatedBy: "{step: ").count - 1
    let actions = change.components(separatedBy: "\n").filter {
      $0.hasPrefix("  - {add_column") || $0.hasPrefix("  - {backfill")
    }
    change.replaceSubrange(steps, with: "  - {drop_column: name}\nsteps:\n")
    let relies = try #require(change.range(of: "relies_on:\n"))
    change.replaceSubrange(
      relies, with: "  - {step: \(count + 1), ddl: \(actions.count + 1)}\nrelies_on:\n")
    try world.write(change, to: "\(folder)/change.yaml")
    try world.commit("while we are at it")
    let run = try world.mooring("run")
    #expect(run.contains("refused: it would drop column name"), "\(run)")
    #expect(try await world.value(columnCount) == "0")
    let name = try await world.value(
      "SELECT count(*)::text FROM information_schema.columns WHERE table_schema = 'analytics' AND column_name = 'name'")
    #expect(name == "1")
  }

  /// The look at the result belongs to the statement's transaction: what is not as reviewed is as if it had never run.
  @Test func aStatementWhoseResultIsNotThereTakesItselfBack() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    _ = try await world.database.query(
      """
      CREATE FUNCTION public.meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'analytics' AND column_name = 'tier_c'
          AND data_type = 'text')
        THEN ALTER TABLE analytics.account ALTER COLUMN tier_c TYPE varchar(7); END IF;
      END $$
      """)
    _ = try await world.database.query(
      "CREATE EVENT TRIGGER meddle ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION public.meddle()")
    let failed = try world.run(["run"])
    #expect(failed.status == 1)
    let reason = "its result is not what was reviewed: analytics.account.tier_c is character varying(7)"
    #expect(failed.output.contains(reason))
    #expect(try await world.value(columnCount) == "0")
    let done = "SELECT count(*)::text FROM mooring.ledger WHERE change = 1 AND state = 'done'"
    #expect(try await world.value(done) == "0")
    _ = try await world.database.query("DROP EVENT TRIGGER meddle")
    #expect(try world.mooring("run").contains("applied"))
    #expect(try await world.value(columnCount) == "1")
  }

  // MARK: What people do

  private let branch = "mooring/salesforce/salesforce-account"

  /// A world in which a column was added, proposed, merged and applied.
  private func applied() async throws -> World {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    #expect(try world.mooring("run").contains("applied      salesforce.account 0001-add-tier-c"))
    return world
  }
}
