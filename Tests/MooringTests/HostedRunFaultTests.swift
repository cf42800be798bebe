import Foundation
import TestSupport
import Testing

/// What goes wrong between Mooring, git and the forge in a whole run, and what its next run makes of it.
@Suite(.serialized)
struct HostedRunFaultTests {
  private let branch = "mooring/salesforce/green"

  /// A hosted world with contracts and one added column.
  private func drifted() async throws -> (World, Host) {
    let world = try await World(scenario: "one-table", isHosted: true)
    try await world.adopt()
    try await world.advance()
    return (world, try #require(world.host))
  }

  private func expectNoSecret(_ outcome: World.Outcome, _ host: Host) {
    for secret in [host.gitToken, host.forgeToken, canary] {
      #expect(!outcome.output.contains(secret) && !outcome.errors.contains(secret))
    }
  }

  /// The proposal names another server for the token to go to, and another variable to send there.
  @Test func noConfigurationOfAProposalBranchIsUsed() async throws {
    let (world, host) = try await drifted()
    try world.mooring("run")
    let other = try LoopbackServer([])
    let text = try world.read("contracts/mooring.yaml")
    for words in [("api: \"${FORGE_URL}\"", "api: \"\(other.url)\""), ("${FIVETRAN_URL}", other.url)] {
      try world.git("-C", "checkout", "fetch", "-q", "origin")
      try world.git("-C", "checkout", "checkout", "-q", "-B", "review", "origin/\(branch)")
      #expect(text.contains(words.0))
      try world.write(text.replacing(words.0, with: words.1), to: "contracts/mooring.yaml")
      try world.git("-C", "checkout", "commit", "-q", "-a", "-m", "another server")
      try world.git("-C", "checkout", "push", "-q", "-f", "origin", "review:\(branch)")
      try world.git("-C", "checkout", "checkout", "-q", "main")
      for command in ["run", "plan", "status", "apply"] {
        let outcome = try world.run([command])
        #expect(outcome.status == 0, "\(command): \(outcome.errors)")
      }
    }
    #expect(other.requests.isEmpty)
    #expect(host.forge.violations == [])
  }

  /// At each request to the forge in turn. The next run, with a good token, ends as if nothing had been.
  @Test func aForgeTokenThatIsRevokedInTheMiddleIsOneErrorAndHealed() async throws {
    let (world, host) = try await drifted()
    let main = try world.git("-C", "contracts.git", "rev-parse", "main")
    for number in 1...20 {
      host.forge.change { state in
        state.requests = []
        state.meanwhile[number] = { $0.token = "another" }
      }
      let outcome = try world.run(["run"])
      expectNoSecret(outcome, host)
      let asked = host.forge.requests.count
      host.forge.change { state in
        state.token = host.forgeToken
        state.meanwhile = [:]
      }
      if asked < number {
        #expect(outcome.status == 0 && number > 3)
        break
      }
      #expect(outcome.status == 1, "request \(number)")
      #expect((outcome.output + outcome.errors).contains("check forge.token"), "request \(number)")
      #expect(asked == number, "request \(number): nothing more is asked of the forge")
      #expect(try world.git("-C", "contracts.git", "rev-parse", "main") == main)
      try world.mooring("run")
      #expect(host.forge.pulls.filter(\.isOpen).map(\.branch) == [branch])
      // Once more from the start, for the next request.
      host.forge.change { state in
        state.pulls = [:]
        state.issues = [:]
      }
      try world.git("-C", "contracts.git", "update-ref", "-d", "refs/heads/\(branch)")
      try world.loseCache()
    }
  }

  @Test(arguments: [403, 413, 500])
  func aPushThatTheHostRefusesIsSaidAndDoneTheNextTime(status: Int) async throws {
    let (world, host) = try await drifted()
    host.git.setFault(.pushStatus(status))
    let outcome = try world.run(["run"])
    #expect(outcome.status == 1)
    #expect((outcome.output + outcome.errors).contains("unexpected http status code: \(status)"), "\(outcome.errors)")
    #expect(host.forge.pulls.isEmpty, "what is not pushed is not proposed")
    expectNoSecret(outcome, host)
    host.git.setFault(nil)
    try world.mooring("run")
    #expect(host.forge.pulls.map(\.branch) == [branch])
  }

  /// Both look, one pushes and opens, and the other finds that, or says that somebody else moved the branch.
  @Test func twoRunsAtOnceOpenOnePullRequest() async throws {
    let (world, host) = try await drifted()
    let codes = try world.runTwice(["run"])
    #expect(codes.contains(0), "\(codes)")
    try world.mooring("run")
    #expect(host.forge.pulls.map(\.branch) == [branch])
    #expect(host.forge.violations == [])
  }

  @Test(arguments: [
    ("readable by others", "others may read"), ("a link", "is not a plain file"), ("empty", "is empty"),
    ("a blank line", "is empty"), ("a folder", "is not a plain file"), ("huge", "is over 64 KiB"),
    ("no text", "is not UTF-8"), ("missing", "is not there"),
  ])
  func aSecretFileThatIsNotSafeIsNotUsed(kind: String, finding: String) async throws {
    let world = try await World(scenario: "one-table", isHosted: true)
    try world.commit("a project")
    let host = try #require(world.host)
    let folder = "\(world.folder)/secrets"
    let path = "\(folder)/FORGE_TOKEN"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    world.environment = ["FORGE_TOKEN": nil, "MOORING_SECRETS": folder]
    func put(_ bytes: [UInt8], mode: Int = 0o600) {
      _ = FileManager.default.createFile(
        atPath: path, contents: Data(bytes), attributes: [.posixPermissions: mode])
    }
    let token = Array(host.forgeToken.utf8)
    switch kind {
    case "readable by others": put(token, mode: 0o644)
    case "a link":
      put(token)
      try FileManager.default.moveItem(atPath: path, toPath: path + ".real")
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + ".real")
    case "empty": put([])
    case "a blank line": put([0x0D, 0x0A])
    case "a folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    case "huge":
      put([])
      #expect(truncate(path, 1 << 30) == 0)
    case "no text": put([0xFF, 0xFE, 0x41])
    default: break
    }
    let outcome = try world.run(["run"])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("forge.token: \(path) \(finding)") || outcome.errors.contains("\(finding) \(path)"),
      "\(outcome.errors)")
    expectNoSecret(outcome, host)
    #expect(host.forge.requests.isEmpty)
  }

  @Test func oneLineFeedAtTheEndOfASecretFileIsNotPartOfIt() async throws {
    let (world, host) = try await drifted()
    let path = "\(world.folder)/secrets/FORGE_TOKEN"
    try FileManager.default.createDirectory(atPath: "\(world.folder)/secrets", withIntermediateDirectories: true)
    world.environment = ["FORGE_TOKEN": nil, "MOORING_SECRETS": "\(world.folder)/secrets"]
    _ = FileManager.default.createFile(
      atPath: path, contents: Data((host.forgeToken + "\n").utf8), attributes: [.posixPermissions: 0o600])
    try world.mooring("run")
    #expect(host.forge.pulls.map(\.branch) == [branch])
  }
}
