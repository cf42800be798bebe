package import DriftCore

/// Looks, decides, acts. Everything it knows of the outside comes through ports, and everything it decides is a pure
/// function of what it saw: it can be killed anywhere and started again.
package struct Reconciler: Sendable {
  package var project: Project
  /// Folder of the contracts in the repository.
  package var root: String
  package var source: any ConnectionSource
  /// Nil: no connection is ever paused.
  package var pauser: (any ConnectionPauser)?
  package var typeSource: (any TypeSource)?
  /// For dry runs; nil: requests are told in words.
  package var preview: (any RequestPreview)?
  package var destinations: [DestinationName: Destination]
  package var repository: any ContractRepository & ProtectedHistory
  package var forge: any Forge
  package var model: (any LanguageModel)?
  package var notifiers: [any Notifier]
  package var cache: any Cache
  /// What every merged change takes, whatever `mooring.yaml` says: who runs Mooring has the last word.
  package var approvalFloor: ApprovalDemand
  package var holder: Holder
  /// The person who has what is merged applied outside of its windows and beyond its limits; nil: nobody.
  package var urgentFor: String?
  package var now: @Sendable () -> Timestamp
  /// Shows what is going on; called often, so it must be cheap.
  package var progress: @Sendable (String) -> Void
  /// Called before each durable act, with its name: where a test ends the process.
  package var beforeAct: @Sendable (String) async throws -> Void

  package init(
    project: Project, root: String, source: any ConnectionSource,
    pauser: (any ConnectionPauser)? = nil, typeSource: (any TypeSource)? = nil, preview: (any RequestPreview)? = nil,
    destinations: [DestinationName: Destination],
    repository: any ContractRepository & ProtectedHistory, forge: any Forge,
    model: (any LanguageModel)? = nil, notifiers: [any Notifier] = [], cache: any Cache,
    approvalFloor: ApprovalDemand = .merge, holder: Holder = Holder("mooring"),
    now: @escaping @Sendable () -> Timestamp,
    progress: @escaping @Sendable (String) -> Void = { _ in },
    beforeAct: @escaping @Sendable (String) async throws -> Void = { _ in }
  ) {
    self.project = project
    self.root = root
    self.source = source
    self.pauser = pauser
    self.typeSource = typeSource
    self.preview = preview
    self.destinations = destinations
    self.repository = repository
    self.forge = forge
    self.model = model
    self.notifiers = notifiers
    self.cache = cache
    self.approvalFloor = approvalFloor
    self.holder = holder
    self.now = now
    self.progress = progress
    self.beforeAct = beforeAct
  }

  /// Applies what was merged, then looks at every connection (or those named) and proposes what drifted.
  ///
  /// A connection that fails is reported; the others go on.
  ///
  /// - Parameter tree: of the protected branch, just fetched; nil fetches it.
  package func run(
    on tree: RepositoryTree? = nil, only names: Set<ConnectionName>? = nil, isDryRun: Bool = false
  ) async throws -> RunReport {
    var report = RunReport()
    let tree = try await fetched(tree)
    var statuses = try await during("listing the connections") { try await source.connections() }
    let chosen = project.connections.filter { names?.contains($0.key) ?? true }
      .sorted { $0.key < $1.key }
    var ledgers = try await ledgers(for: chosen.map(\.value))
    try await endPauses(
      of: chosen, statuses: &statuses, ledgers: &ledgers, isDryRun: isDryRun, report: &report)
    if let rewritten = try await rewrittenBase(tree, ledgers: ledgers, isDryRun: isDryRun) {
      report.alarm = rewritten
      if !isDryRun {
        await announce(rewritten, report: &report)
        if names == nil { try await showAlarm(on: tree, report: &report) }
      }
      return report
    }
    let pending = try await applyPending(
      in: tree, statuses: statuses, ledgers: ledgers, only: Set(chosen.map(\.key)),
      isDryRun: isDryRun, report: &report)
    if !report.applied.isEmpty { ledgers = try await self.ledgers(for: chosen.map(\.value)) }
    // A forge that refuses us ends the run before anything is written for what it would be asked to show.
    let listed = try await during("listing our pull requests") {
      try await forge.pullRequests()
    }
    // The dashboard shows everything: a run over some connections has not seen it.
    let look = isDryRun || names != nil ? nil : try await lookAtDashboard(report: &report)
    let ticks = look?.ticks ?? DashboardTicks()
    let now = now()
    var book = try await refusalBook()
    let names = Set(chosen.map(\.key))
    let recorded = RecordedHistory(in: ledgers, of: names, on: tree, root: root)
    try await tellVanished(recorded, from: tree, isDryRun: isDryRun, report: &report)
    let withdrawn = try await withdrawnFindings(
      recorded, in: tree, only: names, book: book, isDryRun: isDryRun, report: &report)
    let pullRequests = try await takenBack(
      listed + withdrawn, ticks, in: &book, at: now, isDryRun: isDryRun, report: &report)
    if !isDryRun {
      try await openNewLedgers(for: chosen.map(\.value), ledgers: ledgers, tree: tree, report: report)
    }
    let work = Work(
      tree: tree, root: root, branches: try await repository.branches(), pullRequests: pullRequests,
      refusals: RefusalsInForce(book, pullRequests, at: now), ticks: ticks, recorded: recorded)
    try await propose(
      chosen, work: work, statuses: statuses, ledgers: ledgers, pending: pending, isDryRun: isDryRun, report: &report)
    if !isDryRun { try await record(work, in: book, at: now, report: &report) }
    if let look { try await show(work, pullRequests, over: look, report: &report) }
    return report
  }

  /// Applies what was merged, and proposes nothing.
  package func apply(
    on tree: RepositoryTree? = nil, only names: Set<ConnectionName>? = nil, isDryRun: Bool = false
  ) async throws -> RunReport {
    var report = RunReport()
    let tree = try await fetched(tree)
    var statuses = try await during("listing the connections") { try await source.connections() }
    let chosen = project.connections.filter { names?.contains($0.key) ?? true }
    var ledgers = try await ledgers(for: Array(chosen.values))
    try await endPauses(
      of: chosen.sorted { $0.key < $1.key }, statuses: &statuses, ledgers: &ledgers, isDryRun: isDryRun, report: &report
    )
    if let rewritten = try await rewrittenBase(tree, ledgers: ledgers, isDryRun: isDryRun) {
      report.alarm = rewritten
      if !isDryRun { await announce(rewritten, report: &report) }
      return report
    }
    _ = try await applyPending(
      in: tree, statuses: statuses, ledgers: ledgers, only: Set(chosen.keys), isDryRun: isDryRun, report: &report)
    return report
  }

  /// The tree given, or that of the protected branch as it is now.
  func fetched(_ tree: RepositoryTree?) async throws -> RepositoryTree {
    if let tree { return tree }
    progress("fetching the contract repository")
    return try await during("fetching the contract repository") {
      try await repository.tree(of: try await repository.fetch())
    }
  }

  var observer: Observer {
    Observer(
      project: project, source: source, typeSource: typeSource, destinations: destinations,
      cache: cache, progress: progress)
  }

  /// A destination in which nothing waits and that has no ledger gets its first line, before anything is proposed: from
  /// then on, what the ledger does not have has not been done.
  private func openNewLedgers(
    for policies: [ConnectionPolicy], ledgers: Ledgers, tree: RepositoryTree, report: RunReport
  ) async throws {
    let waiting = Set(
      report.applied.filter { $0.outcome != .adopted && $0.outcome != .applied }
        .compactMap { project.connections[$0.connection]?.destination })
    for name in Set(policies.filter { $0.mode != .observe }.map(\.destination)).sorted() {
      guard case .success(let entries)? = ledgers[name], let destination = destinations[name],
        !waiting.contains(name), !entries.contains(where: { $0.kind == "ledger" })
      else { continue }
      try await openLedger(of: name, destination: destination, commit: tree.commit)
    }
  }

  /// The ledger of every destination that a chosen connection lands in; a destination that cannot be read is absent, and
  /// whatever needs it fails by name.
  func ledgers(for policies: [ConnectionPolicy]) async throws
    -> [DestinationName: Result<[LedgerEntry], any Error>]
  {
    var ledgers: [DestinationName: Result<[LedgerEntry], any Error>] = [:]
    for name in Set(policies.map(\.destination)).sorted() {
      guard let destination = destinations[name] else { continue }
      progress("reading the ledger of \(name)")
      ledgers[name] = try await outcome { try await destination.warehouse.ledger() }
    }
    return ledgers
  }
}

/// Names the activity in front of whatever went wrong in it.
package struct ActivityError: Error, Sendable, CustomStringConvertible {
  package var activity: String
  package var cause: any Error

  package var description: String { "\(activity): \(cause)" }
}

func during<Value: Sendable>(
  _ activity: String, _ work: () async throws -> Value
) async throws -> Value {
  do {
    return try await work()
  } catch is CancellationError {
    throw CancellationError()
  } catch {
    throw ActivityError(activity: activity, cause: error)
  }
}
