import ArgumentParser
import DriftCore
import JSON
import Reconciliation

struct Apply: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Apply what was merged, and propose nothing.",
    discussion: "Runs exactly what is in the merged commit, once; `mooring plan` shows it first.")

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "Only these connections.")
  var connections: [String] = []
  @Flag(help: "Show every statement and request that would be sent; write nothing anywhere.")
  var dryRun = false
  @Flag(help: "Also outside of apply_windows and beyond limits; who said so is kept in the audit log.")
  var now = false
  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let progress = Progress()
    let workplace = try await Workplace(place)
    try workplace.check(connections)
    var reconciler = try await Wiring(workplace.project).reconciler(
      for: workplace, keepsNothing: dryRun, progress: progress)
    if now { reconciler.urgentFor = userName() ?? "unknown" }
    let report = try await reconciler.apply(on: workplace.tree, only: names(connections), isDryRun: dryRun)
    progress.clear()
    if json {
      print(report.json(fivetranCalls: nil).prettyText)
    } else if report.applied.isEmpty, report.brakes.isEmpty, report.pauses.isEmpty, report.alarm == nil {
      print("nothing to apply")
    } else {
      print(text(of: report, on: Console()), terminator: "")
    }
    for warning in report.warnings { complain("warning: \(warning)") }
    if report.isIncomplete { throw ExitCode(1) }
  }
}
