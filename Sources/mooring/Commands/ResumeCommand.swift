import ArgumentParser
import DriftCore
import JSON
import Reconciliation

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let go what a run or a person holds: a read, a destination, a connection, a table, a rewritten branch.",
    discussion: """
      What a run held of a connection's last read is let go for exactly what was shown; whatever goes beyond that is held \
      again. For a destination it also ends the pause after failed steps: say it once their cause is gone. For a connection \
      it also ends the pause in Fivetran that red findings led to; they do not lead to another.
      """)

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "A destination or a connection, as in mooring.yaml, or a table: CONNECTION/schema.table.")
  var name: String?
  @Option(
    help: ArgumentHelp("The commit that the rewritten branch is at, as the alarm showed it.", valueName: "commit"))
  var base: String?
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if (name == nil) == (base == nil) {
      throw ValidationError("name what to resume, or the commit of the rewritten branch with --base")
    }
  }

  func run() async throws {
    let workplace = try await Workplace(place)
    if let base { return try await confirm(base, in: workplace) }
    guard let name else { return }
    let scope = try workplace.scope(named: name)
    let progress = Progress()
    let reconciler = try await Wiring(workplace.project).reconciler(
      for: workplace, keepsNothing: true, progress: progress)
    let answer = try await reconciler.resume(scope, by: userName() ?? "unknown")
    var pause: PauseReport?
    if case .connection(let name) = scope {
      pause = try await reconciler.endPause(on: name, by: userName() ?? "unknown")
    }
    progress.clear()
    let lifted = try await liftRead(of: scope, in: workplace)
    if json {
      let gone = JSONValue.array((lifted?.gone.sorted() ?? []).map { .string($0) })
      return print(
        object([("applying", answer.json(of: scope)), ("proposes", gone), ("pause", pause?.json ?? .null)]).prettyText)
    }
    let shown = visible(scope.description)
    if answer.isNew { print("resumed \(shown): what is merged there is applied by the next run") }
    if let lifted {
      print("resumed \(shown): \(lifted.reason). The next run proposes it:")
      for gone in lifted.gone.sorted() { print("  \(visible(gone))") }
    }
    if let pause { print("resumed \(shown) in Fivetran: \(visible(pause.text))") }
    if !answer.isNew, lifted == nil, pause == nil { print("nothing holds \(shown)") }
    for brake in answer.brakes { print("  still \(line(of: brake, on: Console()))") }
  }

  /// What a run held of a connection's last read; nil where nothing is held.
  private func liftRead(of scope: HoldScope, in workplace: Workplace) async throws -> DriftCore.Hold? {
    guard case .connection(let name) = scope, let cache = try Wiring.keptCache(for: workplace) else { return nil }
    let holds = Holds(cache)
    guard let hold = try await holds.hold(on: name) else { return nil }
    try await holds.lift(hold, for: name)
    return hold
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
