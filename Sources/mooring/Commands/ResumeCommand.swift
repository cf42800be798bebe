import ArgumentParser
import DriftCore
import Reconciliation

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let a held connection go: what its last read showed was meant.",
    discussion: "It holds for exactly what was shown; whatever goes beyond that is held again.")

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "The connection, by its name in mooring.yaml.")
  var connection: String

  func run() async throws {
    let workplace = try await Workplace(place)
    try workplace.check([connection])
    let name = ConnectionName(connection)
    let holds = Holds(try Wiring.cache(for: workplace))
    guard let hold = try await holds.hold(on: name) else {
      throw UsageError(
        "\"\(name)\" is not held by the last run that kept a cache in \(workplace.state)",
        hint: "mooring run says what is held, and why")
    }
    try await holds.lift(hold, for: name)
    print("resumed \(visible(connection)): \(hold.reason). The next run proposes it:")
    for gone in hold.gone.sorted() { print("  \(visible(gone))") }
  }
}
