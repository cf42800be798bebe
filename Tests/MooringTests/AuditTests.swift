import Foundation
import JSON
import PostgreSQL
import TestSupport
import Testing

@Suite struct AuditTests {
  /// Two machines: each has a clone and a cache of its own.
  @Test func twoInstancesStartedTogetherApplyOnceAndEndWell() async throws {
    let world = try await World(scenario: "one-table")
    try await world.mergeTheFirstDrift()
    let runs = try ["first", "second"].map { name in
      try world.prepared(["apply", "--state", "\(world.folder)/\(name)"])
    }
    for run in runs { try run.process.run() }
    for run in runs { run.process.waitUntilExit() }
    for run in runs {
      let output = try String(contentsOfFile: run.output, encoding: .utf8)
      #expect(run.process.terminationStatus == 0, "\(output)")
    }
    try world.mooring("apply")
    #expect(try await world.value(columnCount) == "1")
    let doubled = try await world.value(
      "SELECT count(*)::text FROM (SELECT 1 FROM mooring.ledger WHERE state = 'done' GROUP BY change, step, part HAVING count(*) > 1) AS d"
    )
    #expect(doubled == "0")
    let events = try events(in: world.mooring("audit", "export"))
    #expect(events.count { $0 == "change.applied" } == 1)
    #expect(events.count { $0 == "plan.begun" } == 1)
    #expect(try await world.value("SELECT count(*)::text FROM mooring.lease WHERE expires > now()") == "0")
  }

  @Test func aSecondInstanceSaysWhoIsAtATargetAndEndsWell() async throws {
    let world = try await World(scenario: "one-table")
    try await world.mergeTheFirstDrift()
    // Nobody on this machine is called so.
    _ = try await world.database.query(
      """
      INSERT INTO mooring.lease VALUES
        ('analytics', 'account', 7, 'process 4711 on build-7 (0 0 0)', '2026-11-22 01:02:03Z', now() + interval '1 hour')
      """)
    let held = try world.mooring("apply")
    #expect(
      held.contains("process 4711 on build-7 (0 0 0) is at analytics.account, since 2026-11-22T01:02:03Z"), "\(held)")
    #expect(try await world.value(columnCount) == "0")
    let before = try world.mooring("audit", "export")
    _ = try await world.database.query("UPDATE mooring.lease SET expires = now()")
    #expect(try world.mooring("apply").contains("applied"))
    #expect(try world.mooring("audit", "export").hasPrefix(before))
    #expect(try await world.value("SELECT token::text FROM mooring.lease") == "8")
  }

  @Test func anExportedLogIsWholeAndATamperedOneIsNot() async throws {
    let world = try await World(scenario: "one-table")
    try await world.mergeTheFirstDrift()
    try world.mooring("run")
    let export = try world.run(["audit", "export", "warehouse"])
    #expect(export.status == 0)
    let head = try #require(export.errors.split(separator: " ").last).trimmingCharacters(in: .newlines)
    #expect(export.output.contains(head))
    #expect(!export.output.contains(canary))
    let lines = export.output.split(separator: "\n").map(String.init)
    let judged = try JSONValue.parse(try #require(lines.first { $0.contains("\"plan.begun\"") }))
    #expect(judged["judgements"]?[0]?["by"]?.string == "rules")
    #expect((judged["statements"]?.array ?? []).count == 2)
    #expect(judged["inputs"]?["landing"]?.string?.count == 40)

    try world.write(export.output, to: "audit.jsonl")
    let place = "\(world.folder)/checkout/audit.jsonl"
    let whole = try world.verify(place, "--head", head)
    #expect(whole.status == 0 && whole.output.hasPrefix("whole: \(lines.count) lines"), "\(whole)")

    try world.write(lines.dropLast().map { $0 + "\n" }.joined(), to: "audit.jsonl")
    #expect(try world.verify(place).status == 0)
    let cut = try world.verify(place, "--head", head)
    #expect(cut.status == 2 && cut.output.contains("cut off at the end"), "\(cut)")

    try world.write(export.output.replacing("approved", with: "Approved"), to: "audit.jsonl")
    let changed = try world.verify(place, "--json")
    #expect(changed.status == 2)
    let finding = try JSONValue.parse(changed.output)["finding"]
    #expect(finding?["line"]?.int == lines.firstIndex { $0.contains("approved") }.map { $0 + 1 })
    #expect(try world.verify("\(world.folder)/nowhere").status == 1)
  }

  private func events(in log: String) throws -> [String] {
    try log.split(separator: "\n").compactMap { try JSONValue.parse(String($0))["event"]?.string }
  }
}

extension World {
  /// Up to the merge; nothing is applied yet.
  fileprivate func mergeTheFirstDrift() async throws {
    try await adopt()
    try await advance()
    try mooring("run")
    try merge("mooring/salesforce/green")
  }

  /// Without a repository.
  fileprivate func verify(_ arguments: String...) throws -> Outcome {
    let (process, output) = try prepared(["audit", "verify"] + arguments, isInRepository: false)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, wasKilled: false, output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: output + ".errors", encoding: .utf8))
  }
}
