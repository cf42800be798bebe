import Testing

/// The process is killed before each of its durable acts, one after another, and started again.
@Suite(.serialized)
struct KillTests {
  @Test(arguments: [true, false])
  func everyDurableStepSurvivesAKill(keepingCache: Bool) async throws {
    let kills = try await kills { try await liveThroughAKill(at: $0, keepingCache: keepingCache) }
    // Opening the ledger, committing, pushing and opening a pull request; then executing, recording and finishing, and
    // closing it: there must be something to kill.
    #expect(kills > 7)
  }

  /// Settings and syncs lie outside of the destination's transactions: intent, effect and outcome are apart.
  @Test(arguments: [true, false])
  func settingsAndSyncsSurviveAKill(keepingCache: Bool) async throws {
    let kills = try await kills { try await enableThroughAKill(at: $0, keepingCache: keepingCache) }
    // Intent, patch, its outcome, the checks, the sync and its outcome, the end.
    #expect(kills > 5)
  }

  /// Between giving the old view's name away and the last grant the readers have half of a view.
  @Test func aViewMadeAnewSurvivesAKill() async throws {
    let kills = try await kills { number in
      let world = try await World(scenario: "one-table")
      try await world.adoptReadView()
      try world.mooring("run")
      try world.leaveOutName()
      try world.mooring("run")
      try world.merge("mooring/salesforce/salesforce-account")
      let applying = try world.run(["run"], killAt: number)
      try world.loseCache()
      try world.mooring("run")
      try world.mooring("run")
      #expect(try await world.value(World.isMadeAnew) == "true", "killed at \(number)")
      #expect(try await world.value(doubled) == "0", "killed at \(number)")
      #expect(try await world.value(finished) == "1", "killed at \(number)")
      return applying.wasKilled
    }
    // Rename, view, grant, the check and the end.
    #expect(kills > 4)
  }

  /// Kills at the first durable act, the second, and so on, until there is nothing left to kill; returns how often.
  private func kills(_ live: (Int) async throws -> Bool) async throws -> Int {
    var kills = 0
    while try await live(kills + 1) { kills += 1 }
    return kills
  }

  private let finished = "SELECT count(*)::text FROM mooring.ledger WHERE kind = 'change' AND state = 'done'"

  /// Returns whether there was anything left to kill.
  private func enableThroughAKill(at number: Int, keepingCache: Bool) async throws -> Bool {
    let world = try await World(scenario: "one-blocked-table")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/salesforce-account")

    let applying = try world.run(["run"], killAt: number)
    if !keepingCache { try world.loseCache() }
    // A sync is over when it has been looked at: a few runs, as a scheduler would start them.
    for _ in 0..<6 where try await world.value(finished) == "0" { try world.mooring("run") }

    #expect(try await world.value(finished) == "1", "killed at \(number)")
    let hashed = try await world.value(
      "SELECT bool_and(personal_email_c !~ '@')::text FROM salesforce.account")
    #expect(hashed == "true", "killed at \(number): landed, and never in clear text")
    let patches = try await world.requests().filter { $0.hasPrefix("PATCH") }
    #expect(patches.count == 1, "killed at \(number): \(patches)")
    #expect(try await world.value(doubled) == "0", "killed at \(number)")
    return applying.wasKilled
  }

  /// Returns whether there was anything left to kill in either half.
  private func liveThroughAKill(at number: Int, keepingCache: Bool) async throws -> Bool {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()

    let proposing = try world.run(["run"], killAt: number)
    if !keepingCache { try world.loseCache() }
    try world.mooring("run")
    let branches = try world.git("-C", "contracts.git", "branch", "--list", "mooring/*")
    #expect(branches.split(separator: "\n").count == 1, "killed at \(number): \(branches)")
    let branch = "mooring/salesforce/green"
    try expectPatchApplies(in: world, branch: branch)

    try world.merge(branch)
    let applying = try world.run(["run"], killAt: number)
    if !keepingCache { try world.loseCache() }
    try world.mooring("run")
    try world.mooring("run")

    let filled = try await world.value(
      "SELECT count(*)::text FROM analytics.account WHERE tier_c IS NOT NULL")
    #expect(filled == "10", "killed at \(number)")
    #expect(try await world.value(doubled) == "0", "killed at \(number)")
    #expect(try await world.value(finished) == "1", "killed at \(number)")
    let left = try world.git("-C", "contracts.git", "branch", "--list", "mooring/*")
    #expect(left.isEmpty, "killed at \(number): \(left)")
    try world.git("-C", "contracts.git", "fsck", "--strict")
    return proposing.wasKilled || applying.wasKilled
  }

  /// `git am` on the base that the patch names gives the branch's tree.
  private func expectPatchApplies(in world: World, branch: String) throws {
    let patch = "\(world.folder)/checkout/proposals/salesforce--green.patch"
    let text = try world.read("proposals/salesforce--green.patch")
    let base = try #require(
      text.split(separator: "\n").first { $0.hasPrefix("base-commit: ") }?.dropFirst(13))
    try world.git("clone", "-q", "\(world.folder)/contracts.git", "judge")
    try world.git("-C", "judge", "checkout", "-q", String(base))
    try world.git("-C", "judge", "am", "-q", patch)
    let tree = try world.git("-C", "judge", "rev-parse", "HEAD^{tree}")
    let expected = try world.git("-C", "contracts.git", "rev-parse", "\(branch)^{tree}")
    #expect(tree == expected)
  }
}

/// How many steps or batches the ledger has as done more than once.
let doubled = """
  SELECT count(*)::text FROM (
    SELECT 1 FROM mooring.ledger WHERE state = 'done' GROUP BY change, step, part HAVING count(*) > 1) AS d
  """
