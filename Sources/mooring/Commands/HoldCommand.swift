import ArgumentParser
import DriftCore
import JSON
import Reconciliation

struct Hold: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Stop applying in a destination, a connection or a table until `mooring resume`; proposing goes on.",
    discussion: "It is kept in the ledger of the destination, where every instance of Mooring sees it.")

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "A destination or a connection, as in mooring.yaml, or a table: CONNECTION/schema.table.")
  var name: String
  @Option(help: "Why, for those who look later.")
  var reason: String?
  @Option(help: "When it ends by itself: 4h, 14d, or a day such as 2026-12-31. Default: never.")
  var until: String?
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if let reason, reason.utf8.count > 1_000 { throw ValidationError("--reason is longer than 1,000 bytes") }
  }

  func run() async throws {
    let now = currentTime()
    let end = try until.map { text in
      guard let end = refusalEnd(text, after: now) ?? Duration(text: text).map({ now.adding($0) }) else {
        throw UsageError(
          "--until: \"\(visible(text))\" is no time to come",
          hint: "give hours or days, 4h or 14d, or a day, 2026-12-31")
      }
      return end
    }
    let workplace = try await Workplace(place)
    let scope = try workplace.scope(named: name)
    let progress = Progress()
    let answer = try await Wiring(workplace.project).reconciler(for: workplace, keepsNothing: true, progress: progress)
      .hold(scope, by: userName() ?? "unknown", because: reason, until: end)
    progress.clear()
    if json { return print(answer.json(of: scope).prettyText) }
    print("\(answer.isNew ? "held" : "was held") \(visible(scope.description)): nothing merged there is applied")
    print("  until \(end.map { "\($0), or " } ?? "")mooring resume \(visible(scope.description))")
  }
}

extension Workplace {
  func scope(named name: String) throws -> HoldScope {
    do {
      return try project.scope(named: name, in: tree, root: root)
    } catch {
      throw UsageError(visible(error.reason), hint: visible(error.hint))
    }
  }
}

extension Reconciler.Answer {
  func json(of scope: HoldScope) -> JSONValue {
    object([
      ("scope", scope.json), ("name", .string(scope.description)), ("changed", .bool(isNew)),
      ("brakes", .array(brakes.map(\.json))),
    ])
  }
}
