import ArgumentParser
import DriftCore
import Reconciliation

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let go what a run holds: a connection's last read, or a protected branch that was rewritten.",
    discussion: "It holds for exactly what was shown; whatever goes beyond that is held again.")

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "The connection, by its name in mooring.yaml.")
  var connection: String?
  @Option(
    help: ArgumentHelp("The commit that the rewritten branch is at, as the alarm showed it.", valueName: "commit"))
  var base: String?

  func validate() throws {
    if (connection == nil) == (base == nil) {
      throw ValidationError("name the connection to resume, or the commit of the rewritten branch with --base")
    }
  }

  func run() async throws {
    let workplace = try await Workplace(place)
    if let base { return try await confirm(base, in: workplace) }
    guard let connection else { return }
    try workplace.check([connection])
    let name = ConnectionName(connection)
    let holds = Holds(try Wiring.cache(for: workplace))
    guard let hold = try await holds.hold(on: name) else {
      throw UsageError(
        "\"\(name)\" is not held by the last run that kept a cache in \(workplace.state)",
        hint:
          "mooring status says what is held, and why; where runs keep no cache, mark what is gone as deprecated in its contract"
      )
    }
    try await holds.lift(hold, for: name)
    print("resumed \(visible(connection)): \(hold.reason). The next run proposes it:")
    for gone in hold.gone.sorted() { print("  \(visible(gone))") }
  }

  private func confirm(_ base: String, in workplace: Workplace) async throws {
    let progress = Progress()
    let gone = try await Wiring(workplace.project).reconciler(for: workplace, keepsNothing: false, progress: progress)
      .confirmBase(base, on: workplace.tree)
    progress.clear()
    if gone.isEmpty {
      print("nothing to confirm: the protected branch has every commit that is known of it")
    } else {
      let commits = gone.map(\.short).joined(separator: ", ")
      print("confirmed: the protected branch is at \(workplace.tree.commit), without \(commits). The next run goes on")
    }
  }
}
