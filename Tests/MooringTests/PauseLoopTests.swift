import JSON
import PostgreSQL
import Testing

/// Red findings pause the connection: the real programs, the simulator over HTTP and a real PostgreSQL.
struct PauseLoopTests {
  private let branch = "mooring/salesforce/salesforce-account"

  @Test func aRedFindingPausesUntilItIsMergedAndItsSyncMayRun() async throws {
    let world = try await world("one-blocked-table", red: "column.blocked")
    let planned = try world.mooring("run", "--dry-run")
    #expect(
      planned.contains(
        "\n     PATCH /v1/connections/iodize_impressive\n     {\"paused\":true,\"run_setup_tests\":false}\n"),
      "\(planned)")
    #expect(try await world.isPaused() == false, "a dry run sends nothing")
    let run = try world.mooring("run")
    #expect(run.contains("paused       salesforce: paused until "), "\(run)")
    #expect(try await world.isPaused() == true)
    #expect(
      try world.read("proposals/salesforce--salesforce-account.md").contains("is paused in Fivetran while this is open")
    )
    let status = try world.mooring("status")
    #expect(status.contains("paused in Fivetran because of red findings\n  salesforce: since "), "\(status)")
    // Nothing is sent or written again.
    let lines = try await world.value(ledgerLines)
    for _ in 0..<2 {
      try world.loseCache()
      let report = try JSONValue.parse(try world.mooring("run", "--json"))
      #expect(report["pauses"]?[0]?["state"]?.string == "stands")
    }
    #expect(try await world.value(ledgerLines) == lines)
    #expect(try await patches(world) == 1)
    try world.merge(branch)
    try world.acknowledge()
    let applying = try world.mooring("run")
    #expect(applying.contains("resumed the connection, which was paused because of 1 red finding"), "\(applying)")
    #expect(try await world.isPaused() == false)
    for _ in 0..<6 where try await world.value(finished) == "0" { try world.mooring("run") }
    #expect(try await world.value(finished) == "1")
    #expect(try await patches(world) == 2)
    let audit = try world.mooring("audit", "export")
    #expect(audit.contains("\"event\":\"connection.paused\"") && audit.contains("\"event\":\"connection.resumed\""))
  }

  @Test func aPersonOrTheLongestTimeEndsItForGood() async throws {
    let world = try await world("one-table", red: "column.added")
    try world.mooring("run")
    #expect(try await world.isPaused() == true)
    // A day later: its end lies behind.
    _ = try await world.database.query(
      """
      UPDATE mooring.ledger SET detail = regexp_replace(detail, '"until":"[^"]*"', '"until":"2026-01-01T00:00:00Z"')
      WHERE kind = 'pause'
      """)
    let late = try world.mooring("run")
    #expect(late.contains("resumed      salesforce: the longest time is over, and nobody has answered"), "\(late)")
    #expect(try await world.isPaused() == false)
    #expect(try world.mooring("status").contains("salesforce: goes on since its longest time was over at"))
    try world.loseCache()
    #expect(!(try world.mooring("run")).contains("paused"), "the same finding does not pause it again")
    // Another one does, and a person ends that by hand, another by command.
    try await world.advance()
    #expect(try world.mooring("run").contains("paused       salesforce: "))
    try await world.setPaused(false)
    #expect(try world.mooring("run").contains("resumed      salesforce: somebody resumed it in Fivetran"))
    try world.loseCache()
    #expect(!(try world.mooring("run")).contains("paused"))
    #expect(try world.mooring("resume", "salesforce") == "nothing holds salesforce\n")
  }

  @Test func aPersonEndsItByCommandAndSomebodyElsesPauseIsLeftAlone() async throws {
    let world = try await world("one-table", red: "column.added")
    try world.mooring("run")
    let answer = try JSONValue.parse(try world.mooring("resume", "salesforce", "--json"))
    #expect(answer["pause"]?["state"]?.string == "resumed")
    #expect(try await world.isPaused() == false)
    try await world.setPaused(true)
    try await world.advance()
    for _ in 0..<2 { #expect(!(try world.mooring("run")).contains("salesforce: paused")) }
    #expect(try world.mooring("resume", "salesforce") == "nothing holds salesforce\n")
    #expect(try await world.isPaused() == true)
  }

  /// Intent, request and line of the pause and of its end, each killed before; the next run knows.
  @Test func everyActOfAPauseSurvivesAKill() async throws {
    let world = try await world("one-table", red: "column.added")
    var kills = 0
    while try world.run(["run"], killAt: kills + 1).wasKilled { kills += 1 }
    #expect(kills > 4)
    try world.mooring("run")
    #expect(try await world.isPaused() == true)
    try world.mooring("reject", branch, "--reason", "not wanted")
    var number = 1
    while try world.run(["run"], killAt: number).wasKilled { number += 1 }
    try world.mooring("run")
    #expect(try await world.isPaused() == false)
    let told = try await world.value(
      "SELECT string_agg(kind || ' ' || state, ', ' ORDER BY line) FROM mooring.ledger WHERE kind LIKE '%pause'")
    #expect(told == "pause intended, pause done, unpause intended, unpause done")
  }

  // MARK: The scene

  private let finished = "SELECT count(*)::text FROM mooring.ledger WHERE kind = 'change' AND state = 'done'"
  private let ledgerLines = "SELECT count(*)::text FROM mooring.ledger"

  /// Of settings of the connection itself.
  private func patches(_ world: World) async throws -> Int {
    try await world.requests().count {
      $0.hasPrefix("PATCH /v1/connections/iodize_impressive") && !$0.contains("/schemas")
    }
  }

  /// A connection that has drifted, and whose drift is red.
  private func world(_ scenario: String, red rule: String) async throws -> World {
    let world = try await World(scenario: scenario)
    let project = try world.read("contracts/mooring.yaml")
    let asked = "settings_owner: mooring\n  on_red: {pause: true, at_most: 24h}\n  policies: {\(rule): block}"
    try world.write(project.replacing("settings_owner: mooring", with: asked), to: "contracts/mooring.yaml")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    return world
  }
}
