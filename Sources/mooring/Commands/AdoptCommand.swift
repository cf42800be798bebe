import ArgumentParser
import DriftCore
import Reconciliation

struct Adopt: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: "Take over changes that were merged before this destination kept a ledger.",
    discussion: """
      What is in place is written down as adopted. What is not there stays held, unless --apply-rest says that it \
      should run from now on.
      """)

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "Only these connections.")
  var connections: [String] = []
  @Flag(help: "What is not in place is applied by the next run.")
  var applyRest = false

  func run() async throws {
    let progress = Progress()
    let workplace = try await Workplace(place)
    try workplace.check(connections)
    let reconciler = try await Wiring(workplace.project).reconciler(
      for: workplace, keepsNothing: true, progress: progress)
    let adopted = try await reconciler.adopt(
      applyRest ? .applyTheRest : .whatIsThere, on: workplace.tree, only: names(connections))
    progress.clear()
    if adopted.isEmpty { print("nothing to adopt") }
    let console = Console()
    for change in adopted { print(line(of: change, on: console)) }
  }
}
