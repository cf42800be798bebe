import ArgumentParser
import DriftCore
import JSON
import Reconciliation

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what is proposed, what waits, and what ran: the ledger of each destination.")

  @OptionGroup var place: RepositoryOptions
  @Option(help: "How many ledger lines, newest last.")
  var lines = 30
  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let workplace = try await Workplace(place)
    let wiring = try Wiring(workplace.project)
    let pullRequests = try await wiring.forge().pullRequests()
    let progress = Progress()
    let reconciler = try await wiring.reconciler(for: workplace, keepsNothing: true, progress: progress)
    let refusals = try await reconciler.refusals(pullRequests).items
    let unapproved = try await reconciler.unapproved(on: workplace.tree)
    progress.clear()
    let remembered = try await Remembered(of: workplace)
    var ledgers: [(DestinationName, [LedgerEntry])] = []
    for (name, destination) in try wiring.destinations()
      .sorted(by: { $0.key < $1.key })
    {
      ledgers.append((name, try await destination.warehouse.ledger()))
    }
    let now = currentTime()
    let brakes = ledgers.flatMap { name, entries in DriftCore.brakes(in: entries, of: name, at: now) }
    let pauses = pausesToTell(ledgers, pullRequests)
    if json {
      print(document(pullRequests, refusals, unapproved, remembered, brakes, pauses, ledgers).prettyText)
      return
    }
    let open = pullRequests.filter { $0.state == .open }
    print(open.isEmpty ? "no open proposals" : "open proposals")
    for pullRequest in open {
      print("  \(visible(pullRequest.branch))  \(counted(pullRequest.findings.count, "finding"))")
      print("    \(pullRequest.location)")
    }
    if !brakes.isEmpty { print("\nstopped: what is merged waits there") }
    for brake in brakes { print("  " + line(of: brake, on: Console())) }
    if !pauses.isEmpty { print("\npaused in Fivetran because of red findings") }
    for pause in pauses { print("  " + statusLine(of: pause)) }
    if !remembered.held.isEmpty { print("\nheld") }
    for (name, reason) in remembered.held { print("  \(visible(name.text)): \(visible(reason))") }
    if !refusals.isEmpty { print("\nrefused") }
    for refusal in refusals { print("  " + refusalLine(of: refusal)) }
    if !unapproved.isEmpty { print("\nmerged and not approved") }
    for change in unapproved { print("  " + line(of: change, on: Console()).replacing("\n", with: "\n  ")) }
    if !remembered.sweeps.isEmpty { print("\ncolumns that the source is asked for, each table once a day") }
    for (name, sweep) in remembered.sweeps {
      let last = sweep.last.map { ", last \(visible($0.description))" } ?? ""
      print("  \(visible(name.text)): up to \(sweep.at?.description ?? "now")\(last)")
    }
    for (name, entries) in ledgers {
      print("\nledger of \(name): \(counted(entries.count, "line"))")
      for entry in entries.suffix(lines) { print("  \(ledgerLine(of: entry))") }
    }
  }

  private func refusalLine(of refusal: RefusalsInForce.Item) -> String {
    let subject = refusal.pullRequest?.branch ?? refusal.tables.map(\.description).joined(separator: ", ")
    let end = refusal.until.map { "until \($0)" } ?? "for good"
    let by = refusal.by.map { " by \(visible(brief($0)))" } ?? ""
    let reason = refusal.reason.map { ": \(visible(brief($0, limit: 80)))" } ?? ""
    return "\(visible(subject))  \(counted(refusal.findings, "finding")) \(end)\(by)\(reason)"
  }

  private func ledgerLine(of entry: LedgerEntry) -> String {
    let time = entry.at.map { String($0.description.prefix(19)) + "Z" } ?? ""
    if entry.kind == "ledger" || entry.kind == baseKind { return "\(time)  \(entry.kind) \(entry.detail)" }
    if let word = PersonsWord(entry) {
      return "\(time)  \(word.word.rawValue) \(visible(word.scope.description)) by \(visible(word.by))"
    }
    if ConnectionPause.isLine(entry) {
      return
        "\(time)  \(entry.kind) \(visible(entry.step.table.name)) \(entry.state.rawValue): \(visible(entry.detail))"
    }
    let step = entry.step.step == 0 ? "" : " step \(entry.step.step)"
    let part = entry.step.part == 0 ? "" : ".\(entry.step.part)"
    let number = entry.step.change
    let told = StepFailure(entry).map { "\($0.words), attempt \($0.attempt)" } ?? entry.detail
    let detail = told.isEmpty ? "" : ": \(visible(String(told.prefix(80))))"
    return
      "\(time)  \(padded(visible(entry.step.table.description), 24)) change \(number)\(step)\(part)  \(padded(entry.kind, 8)) \(entry.state.rawValue)\(detail)"
  }

  private func document(
    _ pullRequests: [PullRequest], _ refusals: [RefusalsInForce.Item], _ unapproved: [AppliedChange],
    _ remembered: Remembered, _ brakes: [Brake], _ pauses: [ConnectionPause],
    _ ledgers: [(DestinationName, [LedgerEntry])]
  ) -> JSONValue {
    let refused = refusals.map { refusal in
      object([
        ("branch", refusal.pullRequest.map { .string($0.branch) } ?? .null),
        ("tables", .array(refusal.tables.map { .string($0.description) })),
        ("findings", .number(String(refusal.findings))), ("by", refusal.by.map { .string($0) } ?? .null),
        ("reason", refusal.reason.map { .string($0) } ?? .null),
        ("until", refusal.until.map { .string($0.description) } ?? .null),
      ])
    }
    let proposals = pullRequests.map { pullRequest in
      object([
        ("branch", .string(pullRequest.branch)), ("state", .string(pullRequest.state.rawValue)),
        ("findings", .number(String(pullRequest.findings.count))),
        ("location", .string(pullRequest.location)),
      ])
    }
    let entries = ledgers.flatMap { name, entries in
      entries.map { entry in
        object([
          ("destination", .string(name.text)), ("connection", .string(entry.step.connection.text)),
          ("table", .string(entry.step.table.description)),
          ("change", .number(String(entry.step.change))), ("step", .number(String(entry.step.step))),
          ("part", .number(String(entry.step.part))), ("kind", .string(entry.kind)),
          ("state", .string(entry.state.rawValue)), ("digest", .string(entry.digest)),
          ("commit", .string(entry.commit)), ("detail", .string(entry.detail)),
          ("at", entry.at.map { .string($0.description) } ?? .null),
        ])
      }
    }
    return object([
      ("proposals", .array(proposals)), ("brakes", .array(brakes.map(\.json))),
      ("pauses", .array(pauses.map(\.json))), ("held", remembered.heldJSON),
      ("columns", remembered.sweepsJSON),
      ("refused", .array(refused)), ("unapproved", .array(unapproved.map(\.json))),
      ("ledger", .array(entries)),
    ])
  }
}

/// What the last run that kept a cache left to be told, by connection.
private struct Remembered {
  /// Why nothing is proposed, and the way out.
  var held: [(ConnectionName, String)] = []
  var sweeps: [(ConnectionName, ColumnSweep)] = []

  init(of workplace: Workplace) async throws {
    guard let cache = try Wiring.keptCache(for: workplace) else { return }
    for name in workplace.project.connections.keys.sorted() {
      if let reason = try await Holds(cache).reason(on: name) { held.append((name, reason)) }
      let sweep = try await ColumnSweep.kept(of: name, in: cache)
      if sweep.at != nil { sweeps.append((name, sweep)) }
    }
  }

  var heldJSON: JSONValue {
    .array(held.map { object([("connection", .string($0.text)), ("reason", .string($1))]) })
  }

  var sweepsJSON: JSONValue {
    .array(
      sweeps.map { name, sweep in
        object([
          ("connection", .string(name.text)), ("up_to", sweep.at.map { .string($0.description) } ?? .null),
          ("last", sweep.last.map { .string($0.description) } ?? .null),
        ])
      })
  }
}
