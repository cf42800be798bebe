import ArgumentParser
import DriftCore
import JSON
import Reconciliation

struct Undo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Propose the way back of an applied change, as a pull request like any other.",
    discussion: """
      Its reviewed down.sql becomes the up.sql of a new change, contract and mapping lose what it wrote, and nothing runs \
      before the merge. A revert of the change on the protected branch proposes the same with the next run.
      """)

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "The change, such as salesforce/salesforce.account/0007, or its folder.")
  var change: String
  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let progress = Progress()
    let workplace = try await Workplace(place)
    let reconciler = try await Wiring(workplace.project).reconciler(
      for: workplace, keepsNothing: false, progress: progress)
    let report = try await reconciler.undo(change, askedBy: userName(), on: workplace.tree)
    progress.clear()
    if json {
      print(report.json(fivetranCalls: nil).prettyText)
    } else {
      print(text(of: report, on: Console()), terminator: "")
    }
    for warning in report.warnings { complain("warning: \(warning)") }
    if report.isIncomplete { throw ExitCode(1) }
  }
}
