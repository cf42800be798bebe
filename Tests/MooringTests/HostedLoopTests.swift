import Foundation
import JSON
import PostgreSQL
import TestSupport
import Testing

/// The loop with the contracts on a git host and pull requests on GitHub, both over HTTP.
struct HostedLoopTests {
  private let branch = "mooring/salesforce/green"

  @Test(arguments: [false, true])
  func anAddedColumnGoesThroughAPullRequestToTheTarget(isSquashed: Bool) async throws {
    let (world, host) = try await drifted()
    let report = try world.mooring("run")
    #expect(report.contains("https://github.example.com/acme/contracts/pull/1"))
    let pull = try #require(host.forge.pulls.first)
    #expect(pull.isOpen && pull.base == "main" && pull.branch == branch)
    #expect(try pull.head == world.git("-C", "contracts.git", "rev-parse", branch))
    #expect(pull.title == "salesforce.account: 1 added")
    #expect(pull.body.contains(#"ADD COLUMN "tier_c" text"#))
    #expect(pull.labels == ["mooring", "mooring-green"])
    #expect(pull.users == ["rita"] && pull.teams == ["data"], "as CODEOWNERS has it")
    #expect(try await !world.columns().contains("tier_c"), "nothing runs before the merge")

    try world.merge(branch, isSquashed: isSquashed)
    host.forge.markMerged(1)
    #expect(try world.mooring("run").contains("applied"))
    let filled = try await world.value("SELECT count(*)::text FROM analytics.account WHERE tier_c IS NOT NULL")
    #expect(filled == "10")
    #expect(try world.branches().isEmpty, "what was merged is tidied up")
    #expect(host.forge.pulls.count == 1)
    #expect(host.forge.violations == [])
    for _ in 0..<2 { try await expectQuiet(world, host) }
  }

  @Test func whatAPersonClosesOnTheForgeIsNotProposedAgain() async throws {
    let (world, host) = try await drifted()
    try world.mooring("run")
    host.forge.closeByHand(1)
    for _ in 0..<2 {
      try world.loseCache()
      #expect(try world.mooring("run").contains("(rejected)"))
      try await expectQuiet(world, host)
    }
    #expect(host.forge.pulls.map(\.isOpen) == [false])
  }

  @Test func aWrongGitTokenIsOneErrorAndNothingIsWritten() async throws {
    var (world, host) = try await drifted()
    host.gitToken = "wrong-git-token"
    world.host = host
    try await expectRefusal(world, host, naming: ["MOORING_GIT_TOKEN", host.git.url])
    #expect(host.forge.requests == [])
  }

  @Test func aWrongForgeTokenIsOneErrorAndNothingIsWritten() async throws {
    var (world, host) = try await drifted()
    host.forgeToken = "wrong-forge-token"
    world.host = host
    try await expectRefusal(world, host, naming: ["forge.token", host.forge.url])
  }

  @Test func whatAReviewerCommitsToTheBranchIsKeptAndIsWhatRuns() async throws {
    let (world, host) = try await drifted()
    try world.mooring("run")
    try world.edit(branch, renamed)
    let tip = try world.git("-C", "contracts.git", "rev-parse", branch)
    try world.mooring("run")
    #expect(try world.git("-C", "contracts.git", "rev-parse", branch) == tip, "the branch is the reviewer's now")
    let told = try #require(host.forge.change { $0.comments.values.map(\.body) }.first)
    #expect(told.contains("This merge will be applied."), "\(told)")
    let commit = tip.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(host.forge.change { $0.statuses["\(commit) mooring/check"]?.state } == "success")

    try world.merge(branch)
    host.forge.markMerged(1)
    #expect(try world.mooring("run").contains("applied"))
    let filled = try await world.value("SELECT count(*)::text FROM analytics.account WHERE tier IS NOT NULL")
    #expect(filled == "10")
    #expect(try await !world.columns().contains("tier_c"))
    #expect(try world.branches().isEmpty)
    #expect(host.forge.violations == [])
    try await expectQuiet(world, host)
    try world.git("-C", "checkout", "pull", "-q", "origin", "main")
    #expect(try world.run(["lint"]).status == 0)
  }

  /// The drift is there again, and so is the proposal, as another pull request.
  @Test func whatIsRevertedBeforeItRanIsNotAppliedAndIsProposedAnew() async throws {
    let (world, host) = try await drifted()
    try world.mooring("run")
    try world.merge(branch)
    host.forge.markMerged(1)
    try world.git("-C", "checkout", "revert", "-m", "1", "--no-edit", "HEAD")
    try world.git("-C", "checkout", "push", "-q", "origin", "main")
    let output = try world.mooring("run")
    #expect(output.contains("proposed") && !output.contains("applied"), "\(output)")
    #expect(try await !world.columns().contains("tier_c"))
    #expect(host.forge.pulls.count == 2)
    try world.merge(branch)
    host.forge.markMerged(2)
    #expect(try world.mooring("run").contains("applied"))
    #expect(try await world.columns().contains("tier_c"))
    #expect(host.forge.violations == [])
  }

  /// Any file of a proposal, with another name for the new column of the target. The landed column keeps its own.
  private func renamed(_ text: String) -> String {
    let words = ["target: tier_c", "add_column: tier_c", "target_column: tier_c", "column: tier_c, absent", "[tier_c]"]
    let text = words.reduce(text) { $0.replacing($1, with: $1.replacing("tier_c", with: "tier")) }
    return text.replacing(#""tier_c""#, with: #""tier""#).replacing(#"l."tier""#, with: #"l."tier_c""#)
  }

  /// A hosted world with contracts, owners and one added column.
  private func drifted() async throws -> (World, Host) {
    let world = try await World(scenario: "one-table", isHosted: true)
    try world.write("/contracts/ @rita @acme/data\n", to: ".github/CODEOWNERS")
    try world.git("-C", "checkout", "add", ".github")
    try await world.adopt()
    try await world.advance()
    return (world, try #require(world.host))
  }

  /// One more run writes nothing, and asks the git host once and the forge once, for pull requests and the dashboard.
  private func expectQuiet(_ world: World, _ host: Host) async throws {
    let before = try await fingerprint(of: world, host)
    host.forgetRequests()
    let report = try JSONValue.parse(try world.mooring("run", "--json"))
    #expect(report["connections"]?[0]?["actions"]?.array?.isEmpty == true)
    #expect(host.forge.requests == ["POST /graphql"])
    // The first answer is a question for the token.
    #expect(host.git.requests.map(\.path) == ["/contracts.git/info/refs", "/contracts.git/info/refs"])
    #expect(try await fingerprint(of: world, host) == before)
  }

  private func expectRefusal(_ world: World, _ host: Host, naming words: [String]) async throws {
    let before = try await fingerprint(of: world, host)
    let outcome = try world.run(["run"])
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.components(separatedBy: "error:").count == 2, "\(outcome.errors)")
    for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
    for secret in [host.gitToken, host.forgeToken, canary] { #expect(!outcome.errors.contains(secret)) }
    #expect(try await fingerprint(of: world, host) == before)
  }
}

/// Everything durable outside of our own state: refs, pull requests, ledger.
private func fingerprint(of world: World, _ host: Host) async throws -> String {
  let tables = try await world.value(
    "SELECT string_agg(table_schema || '.' || table_name, ' ' ORDER BY 1) FROM information_schema.tables")
  let hasLedger = tables?.contains("mooring.ledger") ?? false
  let lines = hasLedger ? try await world.value("SELECT count(*)::text FROM mooring.ledger") : nil
  let refs = try world.git("-C", "contracts.git", "for-each-ref")
  return [refs, "\(host.forge.pulls)", tables ?? "", lines ?? "no ledger"].joined(separator: "\n")
}

extension World {
  /// The target's, in order of their names.
  fileprivate func columns() async throws -> [String] {
    try await database.query(
      "SELECT column_name FROM information_schema.columns WHERE table_schema = 'analytics' ORDER BY 1"
    ).rows.compactMap { $0.first ?? nil }
  }

  fileprivate func branches() throws -> String { try git("-C", "contracts.git", "branch", "--list", "mooring/*") }

  /// A reviewer's commit on a branch, to every file that it brings.
  fileprivate func edit(_ branch: String, _ change: (String) -> String) throws {
    try git("-C", "checkout", "fetch", "-q", "origin")
    try git("-C", "checkout", "checkout", "-q", "-b", "review", "origin/\(branch)")
    let names = try git("-C", "checkout", "diff", "--name-only", "main", "review").split(separator: "\n").map(
      String.init)
    for name in names { try write(change(try read(name)), to: name) }
    try git("-C", "checkout", "commit", "-q", "-a", "-m", "a better name")
    try git("-C", "checkout", "push", "-q", "origin", "review:\(branch)")
    try git("-C", "checkout", "checkout", "-q", "main")
  }
}
