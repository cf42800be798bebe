import ArgumentParser
import DriftCore
import Fivetran
import JSON
import Reconciliation

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what differs from the contracts now; exit 2 where anything does.",
    discussion: "Reads everything, keeps and writes nothing, and asks no model.")

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
    var reconciler = try await wiring.reconciler(
      for: workplace, keepsNothing: true, progress: progress)
    for name in reconciler.project.connections.keys {
      reconciler.project.connections[name]?.mode = .observe
    }
    let report = try await reconciler.run(
      on: workplace.tree, only: names(connections), isDryRun: true)
    progress.clear()
    if json {
      print(report.json(fivetranCalls: wiring.fivetran.requestCount).prettyText)
    } else {
      print(text(of: report, on: Console()), terminator: "")
    }
    if report.isIncomplete { throw ExitCode(1) }
    if report.hasFindings { throw ExitCode(2) }
  }
}
