import DriftCore
import Reconciliation
import Testing

@testable import soak

/// What Mooring says of a branch that people have written on.
struct EditedBranchTests {
  private let outside = Outside(seed: 1)
  private let name = "mooring/crm/green"

  private func run(kind: String = "github") async throws -> RunReport {
    var reconciler = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0).reconciler()
    reconciler.project.forge.kind = kind
    return try await reconciler.run()
  }

  /// A column arrived and was proposed; then somebody wrote over one file of the proposal.
  private func edited(_ file: String, _ change: @Sendable (String) -> String) async throws -> CommitID {
    await outside.drift("tier")
    _ = try await run()
    return try #require(await outside.edit(name, file, change))
  }

  @Test func aSoundEditIsToldAsOneThatWillBeApplied() async throws {
    let tip = try await edited("change.yaml") { $0 + "# as agreed with finance\n" }
    let report = try await run()
    #expect(report.connections.flatMap(\.actions).map(\.text) == ["people have edited it. This merge will be applied."])
    let status = try #require(await outside.statuses[tip])
    #expect(status.context == "mooring/check" && status.state == .success)
    let comment = try #require(await outside.comments[name])
    #expect(comment.hasPrefix("People have edited this branch, so Mooring leaves it as it is.\n"))
    #expect(comment.contains("This merge will be applied."))
  }

  @Test func anEditThatApplyWouldRefuseIsAFailureWithItsPlace() async throws {
    let tip = try await edited("up.sql") { _ in "DROP TABLE analytics.account;\n" }
    _ = try await run()
    #expect(await outside.statuses[tip]?.state == .failure)
    let comment = try #require(await outside.comments[name])
    #expect(comment.contains("This merge will not be applied as it is"))
    #expect(comment.contains("apply would not carry this out"), "\(comment)")
  }

  @Test func brokenYAMLIsToldByLine() async throws {
    _ = try await edited("change.yaml") { $0 + "actions: [\n" }
    _ = try await run()
    let comment = try #require(await outside.comments[name])
    #expect(comment.contains("change.yaml:"), "\(comment)")
  }

  @Test func whatWasToldIsNotToldAgainUntilSomebodyEditsAgain() async throws {
    _ = try await edited("change.yaml") { $0 + "# one\n" }
    _ = try await run()
    let writes = await outside.writes
    await outside.sync()
    #expect(try await run().connections.flatMap(\.actions) == [])
    #expect(await outside.writes == writes)
    let tip = try #require(await outside.edit(name, "change.yaml") { $0 + "# two\n" })
    _ = try await run()
    #expect(await outside.statuses[tip]?.state == .success)
  }

  @Test func driftThatMovedOnIsToldWithTheEdit() async throws {
    _ = try await edited("change.yaml") { $0 + "# one\n" }
    await outside.drift("segment")
    _ = try await run()
    #expect(
      await outside.comments[name]?.contains("**a person has worked on this branch, and the drift has moved on") == true
    )
  }

  @Test func aForgeThatRefusesIsAWarning() async throws {
    _ = try await edited("change.yaml") { $0 + "# one\n" }
    await outside.refuseForge("no right to set a status")
    let report = try await run()
    #expect(report.warnings.contains { $0.contains("no right to set a status") })
  }

  @Test func aLocalFolderIsToldInTheReportAlone() async throws {
    _ = try await edited("change.yaml") { $0 + "# one\n" }
    let report = try await run(kind: "local")
    #expect(report.connections.flatMap(\.actions).count == 1)
    #expect(await outside.statuses.isEmpty)
  }
}

extension Outside {
  fileprivate func drift(_ column: String) {
    if git.commits.count == 1 {
      begin()
      git.writeMain("contracts/mooring.yaml", Array(projectText.utf8), message: "init")
    }
    source.tables["account"]?[column] = SourceSide.Column(type: "text")
    sync()
  }

  /// Returns the new tip; nil where the branch has no such file.
  fileprivate func edit(_ branch: String, _ file: String, _ change: (String) -> String) -> CommitID? {
    guard let tip = git.branches[branch],
      let path = git.branch(branch, at: tip).changes.keys.first(where: { $0.hasSuffix("/\(file)") })
    else { return nil }
    git.edit(branch, path) { Array(change(String(decoding: $0, as: UTF8.self)).utf8) }
    return git.branches[branch]
  }

  fileprivate func refuseForge(_ reason: String) { forgeRefusal = reason }
}

private let projectText = """
  version: 1
  fivetran: {key: "${KEY}", secret: "${SECRET}"}
  destinations:
    w: {kind: postgres, group: group, url: "${URL}"}
  connections:
    crm: {id: crm_id, destination: w, mode: propose}

  """
