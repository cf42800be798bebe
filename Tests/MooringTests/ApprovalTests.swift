import Foundation
import TestSupport
import Testing

/// Who said yes, with the real programs, real git and real keys.
@Suite(.enabled("ssh-keygen makes the keys") { isHere("ssh-keygen", for: "signed commits") })
struct ApprovalTests {
  /// A change is merged; the key of an allowed signer is at hand.
  private func merged() async throws -> (world: World, signers: String) {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    try world.mooring("run")
    let (status, errors) = try runProgram(
      "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", "kim"], in: world.folder)
    try #require(status == 0, "\(errors)")
    let key = try String(contentsOfFile: "\(world.folder)/kim.pub", encoding: .utf8)
    let signers = "\(world.folder)/allowed_signers"
    try "kim@example.com namespaces=\"git\" \(key)".write(toFile: signers, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: signers)
    try world.merge("mooring/salesforce/green")
    return (world, signers)
  }

  @Test func anUnsignedMergeIsShownAndHeldAndItsWayOutWorks() async throws {
    let (world, signers) = try await merged()
    for command in ["plan", "run", "apply", "status"] {
      let text = try world.mooring(command, "--allowed-signers", signers)
      #expect(text.contains("not approved"), "\(command)")
      #expect(text.contains("which is not signed") && text.contains("git revert -S"), "\(command)")
    }
    #expect(try world.mooring("status", "--json", "--allowed-signers", signers).contains("\"unapproved\""))
    #expect(try await world.value(columnCount) == "0")
    try world.inCheckout("revert", "-m", "1", "--no-edit", "HEAD")
    try world.inCheckout(
      "-c", "gpg.format=ssh", "-c", "user.signingKey=\(world.folder)/kim", "revert", "--no-edit", "-S", "HEAD")
    try world.inCheckout("push", "-q", "origin", "main")
    #expect(try world.mooring("run", "--allowed-signers", signers).contains("applied"))
    #expect(try await world.value(columnCount) == "1")
    #expect(try world.mooring("status", "--allowed-signers", signers).contains("approved by kim@example.com"))
  }

  @Test func theRuleOfTheRepositoryIsEnoughToHold() async throws {
    let (world, signers) = try await merged()
    let path = "contracts/mooring.yaml"
    try world.write(
      try world.read(path).replacing("  mode: propose\n", with: "  mode: propose\n  approval: signature\n"), to: path)
    try world.commit("ask for signatures")
    #expect(try world.mooring("run").contains("--allowed-signers"), "nobody has said who may sign")
    #expect(try world.mooring("run", "--allowed-signers", signers).contains("which is not signed"))
    #expect(try await world.value(columnCount) == "0")
  }

  @Test func aForcePushedBaseStopsEverythingUntilAPersonConfirms() async throws {
    let (world, _) = try await merged()
    #expect(try world.mooring("run").contains("applied"))
    let known = try world.inCheckout("rev-parse", "HEAD")
    try world.inCheckout("reset", "-q", "--hard", "HEAD~1")
    try world.inCheckout("push", "-q", "--force", "origin", "main")
    let tip = try world.inCheckout("rev-parse", "HEAD")
    for isCacheLost in [false, true] {
      if isCacheLost { try world.loseCache() }
      for command in ["run", "apply"] {
        let outcome = try world.run([command])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("ALARM") && outcome.output.contains("mooring resume --base \(tip)"))
        #expect(outcome.output.contains(known))
      }
    }
    #expect(try world.run(["resume", "--base", known]).status == 1, "that is not where the branch is")
    #expect(try world.run(["resume"]).status != 0)
    #expect(try world.mooring("resume", "--base", tip).contains("without \(known.prefix(10))"))
    #expect(try world.mooring("status").contains("base rewritten from \(known.prefix(10)) to \(tip.prefix(10))"))
    try world.loseCache()
    #expect(!(try world.mooring("run")).contains("ALARM"))
  }
}

extension World {
  @discardableResult
  fileprivate func inCheckout(_ arguments: String...) throws -> String {
    let (status, output, errors) = try GitProgram(in: "\(folder)/checkout").run(arguments)
    guard status == 0 else { throw WorldError("git \(arguments.joined(separator: " ")): \(errors)") }
    return output
  }
}
