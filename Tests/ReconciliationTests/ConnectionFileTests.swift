import DriftCore
import Reconciliation
import Testing

/// What `connection.yaml` promises is compared with each look.
struct ConnectionFileTests {
  private let outside = Outside(seed: 1)

  @Test func whatDiffersIsToldAndNotProposed() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: BLOCK_ALL\n")
    let report = try await run()
    #expect(report.connections.first?.changes.map(\.verdict.rule) == ["table.changeHandling"])
    #expect(report.hasFindings)
    #expect(await outside.pullRequests.isEmpty)
  }

  @Test func whatIsAsPromisedIsNotTold() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: ALLOW_ALL\n")
    #expect(try await run().connections.first?.changes.isEmpty == true)
  }

  @Test func aFileThatCannotBeReadIsAGap() async throws {
    await outside.promise("version: 1\nid: i\nchange_handling: ALLOW_ALL_OF_IT\n")
    let report = try await run()
    #expect(report.connections.first?.gaps.first?.contains("ALLOW_ALL_OF_IT") == true)
    #expect(!report.isIncomplete)
  }

  private func run() async throws -> RunReport {
    try await Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0).reconciler().run()
  }
}

extension Outside {
  fileprivate func promise(_ text: String) {
    if warehouse.tables.isEmpty { begin() }
    git.writeMain(
      connectionPath(root: "contracts", connection: "crm"), Array(text.utf8), message: "promise the connection")
  }
}
