import ArgumentParser
import DriftCore
import Fivetran
import JSON
import Logging
import Reconciliation
import ServiceLifecycle
import UnixSignals

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Apply what was merged, look at every connection, propose what drifted.",
    discussion: """
      Once, from a scheduler; or all day with --every. Run again with nothing changed it writes nothing.
      """)

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "Only these connections, by their names in mooring.yaml.")
  var connections: [String] = []
  @Option(help: "Run again at this interval, such as 15m, 90s or 1h, until stopped.")
  var every: Interval?
  @Option(
    help:
      "Where a merged change waits, for a sync or for whatever else, look again every 30 s, at most so long, such as 30m."
  )
  var wait: Interval?
  @Flag(help: "Show what would be proposed and applied; write nothing anywhere.")
  var dryRun = false
  @Flag(help: "Exit 2 where drift was found.")
  var exitCode = false
  @Flag(help: "Keep no cache: every table is looked at, the model is asked again.")
  var noCache = false
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if wait != nil, every != nil || dryRun { throw ValidationError("--wait goes with neither --every nor --dry-run") }
  }

  func run() async throws {
    guard let every else {
      let report = try await waitOut(wait?.duration ?? .zero, every: .seconds(30), clock: .continuous) {
        try await once()
      }
      if report.isIncomplete { throw ExitCode(1) }
      if let wait, report.isWaiting {
        complain(
          "error: a merged change still waits after \(wait)\n  hint: mooring status says for what; the next run looks again"
        )
        throw ExitCode(1)
      }
      if exitCode, report.hasFindings { throw ExitCode(2) }
      return
    }
    let poller = Poller(interval: every.duration, clock: .continuous) {
      do {
        _ = try await once()
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        // One bad round is told and the next one tries again.
        complain("error: \(error)")
      }
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [PollerService(poller: poller)],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: .init(label: "mooring")))
    try await group.run()
  }

  private func once() async throws -> RunReport {
    let progress = Progress()
    let start = ContinuousClock.now
    let workplace = try await Workplace(place)
    try workplace.check(connections)
    let wiring = try Wiring(workplace.project)
    let reconciler = try await wiring.reconciler(
      for: workplace, keepsNothing: noCache || dryRun, progress: progress)
    let report = try await reconciler.run(
      on: workplace.tree, only: names(connections), isDryRun: dryRun)
    progress.clear()
    let calls = wiring.fivetran.requestCount
    if json {
      FileHandleOutput.standardOutput(report.json(fivetranCalls: calls).prettyText + "\n")
    } else {
      let end = summary(of: report, fivetranCalls: calls, took: ContinuousClock.now - start)
      FileHandleOutput.standardOutput(text(of: report, on: Console()) + "\n\(end)\n")
    }
    for warning in report.warnings { complain("warning: \(warning)") }
    return report
  }
}

private struct PollerService: Service {
  let poller: Poller<ContinuousClock>

  func run() async throws {
    try await cancelWhenGracefulShutdown { try await poller.poll() }
  }
}

/// `15m`, `90s`, `1h`, `1d`.
struct Interval: ExpressibleByArgument, CustomStringConvertible {
  let duration: Duration
  let description: String

  init?(argument: String) {
    guard let duration = Duration(text: argument) else { return nil }
    self.duration = duration
    description = argument
  }
}

/// Nil means all.
func names(_ connections: [String]) -> Set<ConnectionName>? {
  connections.isEmpty ? nil : Set(connections.map { ConnectionName($0) })
}
