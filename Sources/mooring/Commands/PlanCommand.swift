import ArgumentParser
import DriftCore
import Fivetran
import JSON
import Reconciliation

struct Plan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show in full what `run` would propose and apply now; write nothing.")

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "Only these connections.")
  var connections: [String] = []
  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let progress = Progress()
    let workplace = try await Workplace(place)
    try workplace.check(connections)
    let wiring = try Wiring(workplace.project)
    let reconciler = try await wiring.reconciler(
      for: workplace, keepsNothing: true, progress: progress)
    let report = try await reconciler.run(
      on: workplace.tree, only: names(connections), isDryRun: true)
    progress.clear()
    if json {
      print(report.json(fivetranCalls: wiring.fivetran.requestCount).prettyText)
    } else {
      print(text(of: report, on: Console()), terminator: "")
      for proposal in report.connections.flatMap(\.actions).compactMap(\.proposal) {
        print("\n\(proposal.branch)\n")
        for table in proposal.tables {
          for (index, step) in table.stepTexts.enumerated() { print("  \(index + 1). \(step)") }
          for statement in table.statements { print("\n\(statement);") }
        }
      }
    }
    if report.isIncomplete { throw ExitCode(1) }
  }
}
