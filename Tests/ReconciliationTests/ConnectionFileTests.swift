import DriftCore
import Reconciliation
import Testing

@testable import soak

/// What `connection.yaml` promises is compared with each look, and what differs is proposed as its edit.
struct ConnectionFileTests {
  private let outside = Outside(seed: 1)
  private let branch = "mooring/crm/connection"

  @Test func whatDiffersIsProposedAsAnEditOfTheFile() async throws {
    await outside.promise("# ours\nversion: 1\nid: i\nchange_handling: BLOCK_ALL   # agreed in March\n")
    let report = try await run()
    #expect(report.connections.first?.changes.map(\.verdict.rule) == ["table.changeHandling"])
    #expect(report.hasFindings)
    #expect(await outside.pullRequests.keys.sorted() == [branch])
    #expect(
      await outside.proposed(on: branch)
        == "# ours\nversion: 1\nid: i\nchange_handling: ALLOW_ALL   # agreed in March\n")
    #expect(await outside.changes(on: branch) == [Outside.connectionFile])
  }

  /// Promise 3, with and without what the last run kept.
  @Test(arguments: [true, false])
  func whatIsProposedIsNotProposedAgain(remembers: Bool) async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: BLOCK_ALL\n")
    _ = try await run()
    let writes = await outside.writes
    if !remembers { await outside.loseCaches() }
    await outside.sync()
    let report = try await run()
    #expect(report.connections.first?.standing == .open(branch: branch))
    #expect(await outside.writes == writes)
  }

  @Test func whatIsAsPromisedIsNotTold() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: ALLOW_ALL\n")
    #expect(try await run().connections.first?.changes.isEmpty == true)
    #expect(await outside.pullRequests.isEmpty)
  }

  @Test func aMergedOneIsDoneWith() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: BLOCK_ALL\n")
    _ = try await run()
    await outside.merge(branch)
    let report = try await run()
    #expect(report.connections.first?.changes.isEmpty == true)
    #expect(await outside.git.branches[branch] == nil)
    #expect(await outside.pullRequests.isEmpty)
  }

  @Test func whatIsSetBackInFivetranIsClosed() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: BLOCK_ALL\n")
    _ = try await run()
    await outside.handle(.blockAll)
    _ = try await run()
    #expect(await outside.pullRequests.isEmpty)
    #expect(await outside.git.branches[branch] == nil)
  }

  @Test func aNoCountsUntilTheFindingChanges() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: BLOCK_ALL\n")
    _ = try await run()
    await outside.refuse(branch)
    #expect(try await run().connections.first?.standing == .refused)
    #expect(await outside.pullRequests.isEmpty)
    #expect(await outside.recorded("crm/connection.yaml")?.contains("now ALLOW_ALL, promised is BLOCK_ALL") == true)
    await outside.handle(.allowColumns)
    _ = try await run()
    #expect(await outside.pullRequests.keys.sorted() == [branch])
  }

  @Test func aBranchThatAPersonTouchedIsTheirs() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: BLOCK_ALL\n")
    _ = try await run()
    await outside.editByHand(branch)
    let tip = await outside.git.branches[branch]
    await outside.handle(.allowColumns)
    let report = try await run()
    #expect(report.connections.first?.actions.contains { $0.kind == .left && $0.branch == branch } == true)
    #expect(await outside.git.branches[branch] == tip)
  }

  @Test func tablesAreProposedBesideIt() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: BLOCK_ALL\n")
    await outside.gain("tier")
    _ = try await run()
    #expect(await outside.pullRequests.keys.sorted() == [branch, "mooring/crm/green"])
  }

  @Test func whereNothingIsProposedItIsTold() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: BLOCK_ALL\n")
    #expect(try await run(mode: .observe).connections.first?.standing == .reported)
    #expect(await outside.pullRequests.isEmpty)
  }

  @Test func aFileThatCannotBeReadIsAGap() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: BLOCK_ALL\n")
    _ = try await run()
    await outside.promise("version: 1\nid: i\nchange_handling: ALLOW_ALL_OF_IT\n")
    let report = try await run()
    #expect(report.connections.first?.gaps.first?.contains("ALLOW_ALL_OF_IT") == true)
    #expect(!report.isIncomplete)
    #expect(await outside.pullRequests.keys.sorted() == [branch], "what is open is not given up")
  }

  private func run(mode: ConnectionPolicy.Mode = .propose) async throws -> RunReport {
    let instance = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0)
    return try await instance.reconciler(mode: mode).run()
  }
}

extension Outside {
  fileprivate func promise(_ text: String) {
    if warehouse.tables.isEmpty { begin() }
    git.writeMain(Self.connectionFile, Array(text.utf8), message: "promise the connection")
  }

  /// Somebody sets what happens to new tables; the next sync shows it.
  fileprivate func handle(_ handling: ChangeHandling) {
    source.changeHandling = handling
    sync()
  }

  fileprivate func gain(_ column: String) {
    source.tables["account"]?[column] = SourceSide.Column(type: "text")
    sync()
  }

  fileprivate func proposed(on branch: String) -> String? {
    git.branches[branch].flatMap { git.commits[$0]?.files[Self.connectionFile] }.map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  fileprivate func changes(on branch: String) -> [String] {
    git.branches[branch].map { git.branch(branch, at: $0).changes.keys.sorted() } ?? []
  }

  fileprivate func recorded(_ path: String) -> String? {
    git.branches[refusalsBranch].flatMap { git.commits[$0]?.files[path] }.map { String(decoding: $0, as: UTF8.self) }
  }
}
