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
  @Option(
    name: .customLong("table"),
    help: "Only this table, or those that match a glob over schema.table; may be given several times.")
  var tables: [String] = []
  @Option(
    help: ArgumentHelp(
      "Compare with the contracts of this commit, tag or branch.",
      discussion: "Mappings, policies and pull requests are those of now."))
  var since: String?
  @Flag(help: "Print JSON.")
  var json = false
  @Flag(help: "Print Markdown.")
  var markdown = false

  func validate() throws {
    if json, markdown { throw ValidationError("choose one of --json and --markdown") }
    for table in tables where TableName(table) == nil { throw ValidationError("\(table): write schema.table") }
  }

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
    let tree = if let since { try await workplace.tree(withContractsOf: since) } else { workplace.tree }
    var report = try await reconciler.run(on: tree, only: names(connections), isDryRun: true)
    progress.clear()
    if !tables.isEmpty {
      try check(tables, in: report)
      for index in report.connections.indices {
        report.connections[index].tables.removeAll { table in !tables.contains { table.table.isMatched(by: $0) } }
      }
    }
    if json {
      print(report.json(fivetranCalls: wiring.fivetran.requestCount).prettyText)
    } else if markdown {
      FileHandleOutput.standardOutput("\(driftMarkdown(report))")
    } else {
      print(text(of: report, on: Console()), terminator: "")
    }
    if report.isIncomplete { throw ExitCode(1) }
    if report.hasFindings { throw ExitCode(2) }
  }

  /// Refuses a table that nobody knows, unless it may be in a connection that could not be looked at.
  private func check(_ tables: [String], in report: RunReport) throws {
    if report.alarm != nil || report.connections.contains(where: { $0.outcome != .looked }) { return }
    let known = Set(report.connections.flatMap(\.known)).sorted()
    for glob in tables where !known.contains(where: { $0.isMatched(by: glob) }) {
      let near = suggestion(for: glob, among: known.map { visible($0.description) }, list: "there are")
      throw UsageError(
        "there is no table \"\(visible(glob))\"", hint: near ?? "list them with: mooring snapshot CONNECTION")
    }
  }
}
