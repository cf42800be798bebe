import DriftCore

/// The dashboard as it was before a run.
struct DashboardLook: Sendable {
  /// Nil where there is none yet.
  var issue: DashboardIssue?
  var ticks: DashboardTicks

  /// Of one that a person closed, no box counts.
  init(_ issue: DashboardIssue?) {
    self.issue = issue
    ticks = issue.map { $0.isOpen ? DashboardTicks(body: $0.body) : DashboardTicks() } ?? DashboardTicks()
  }
}

extension Reconciler {
  /// Nil where no dashboard is wanted, or the forge does not show it: the run goes on without.
  func lookAtDashboard(report: inout RunReport) async throws -> DashboardLook? {
    guard project.forge.dashboard else { return nil }
    return try await warning(of: &report) { DashboardLook(try await forge.dashboard()) }
  }

  /// Says on the dashboard that nothing is done, and leaves the boxes of what is open as they are. Whatever is in the way of
  /// that, the alarm itself is told.
  func showAlarm(on tree: RepositoryTree, report: inout RunReport) async throws {
    guard let look = try await lookAtDashboard(report: &report) else { return }
    let found = try await warning(of: &report) { () -> (listed: [PullRequest], work: Work) in
      let listed = try await forge.pullRequests()
      let refusals = RefusalsInForce(try await refusalBook(), listed, at: now())
      let work = Work(
        tree: tree, root: root, branches: try await repository.branches(), pullRequests: listed, refusals: refusals,
        ticks: look.ticks)
      return (listed, work)
    }
    if let found { try await show(found.work, found.listed, over: look, report: &report) }
  }

  /// Writes the dashboard where it changed; opens it where there is something to show.
  func show(
    _ work: Work, _ pullRequests: [PullRequest], over look: DashboardLook, report: inout RunReport
  ) async throws {
    if let issue = look.issue, !issue.isOpen { return }
    let dashboard = dashboard(work, pullRequests, report)
    if look.issue == nil, dashboard.isEmpty { return }
    let body = dashboard.body(keeping: undone(dashboard, look.ticks, report))
    if let issue = look.issue, issue.body == "\(body)" { return }
    try await beforeAct("dashboard")
    _ = try await warning(of: &report) {
      if let issue = look.issue {
        // Where somebody ticked a box meanwhile nothing is written, and the next run sees the tick.
        _ = try await forge.write(body, over: issue)
      } else {
        _ = try await forge.openDashboard(Dashboard.title, body)
      }
    }
  }

  private func dashboard(_ work: Work, _ pullRequests: [PullRequest], _ report: RunReport) -> Dashboard {
    var dashboard = Dashboard()
    if let alarm = report.alarm {
      dashboard.add(.init("**the protected branch**", "\(alarm.finding). Way out: \(alarm.wayOut)"), to: .held)
    }
    for connection in report.connections {
      switch connection.outcome {
      case .held(let reason), .failed(let reason):
        dashboard.add(.init("\(code: connection.name.text)", "\(firstLine(reason))"), to: .held)
      case .unchanged, .looked: break
      }
    }
    for pause in report.pauses where pause.state == .paused || pause.state == .stands || pause.state == .failed {
      dashboard.add(.init("\(code: pause.connection.text)", "\(firstLine(pause.text))"), to: .held)
    }
    for change in report.applied {
      let subject: Markdown = "\(code: "\(change.table)") \(code: change.change)"
      switch change.outcome {
      case .held(let reason), .failed(let reason):
        dashboard.add(.init(subject, "\(firstLine(reason))"), to: .held)
      case .unapproved(let reason, let wayOut):
        dashboard.add(.init(subject, "not approved: \(firstLine(reason)); \(firstLine(wayOut))"), to: .held)
      case .waiting(let reason): dashboard.add(.init(subject, "\(firstLine(reason))"), to: .applying)
      // What is told once is no state that the next run would show as well.
      case .applied, .stale, .adopted, .planned, .withdrawn: break
      }
    }
    for open in openOnes(pullRequests, report) {
      let isEdited = work.edited.contains(open.branch) && !open.isWritten
      dashboard.add(
        .init(link(open.branch, open.location), "\(open.findings) findings", tick: .redraft(branch: open.branch)),
        to: isEdited ? .edited : .open)
    }
    for act in report.connections.flatMap(\.actions) where act.kind == .postponed {
      dashboard.add(.init("\(code: act.branch)", "\(act.text)", tick: .propose(branch: act.branch)), to: .limited)
    }
    for refusal in work.refusals.items { dashboard.add(item(refusal), to: .refused) }
    return dashboard
  }

  private func item(_ refusal: RefusalsInForce.Item) -> Dashboard.Item {
    var words: [Markdown] = refusal.until.map { ["until \(code: $0.description)"] } ?? []
    if let by = refusal.by { words.append("by \(code: by)") }
    if let reason = refusal.reason { words.append("\(reason)") }
    let text = Markdown.joined(words, separator: ", ")
    guard let pullRequest = refusal.pullRequest else {
      return Dashboard.Item(.joined(refusal.tables.map { "\(code: $0.description)" }, separator: ", "), text)
    }
    return Dashboard.Item(
      link(pullRequest.branch, pullRequest.location ?? ""), text, tick: .lift(pullRequest: pullRequest.id))
  }

  private struct OpenOne {
    /// Nil where this run opened it.
    var id: String?
    var branch: String
    var location: String
    var findings: Int
    /// By this run.
    var isWritten: Bool
  }

  /// The open pull requests after the run, by branch: as the next run will find them.
  private func openOnes(_ pullRequests: [PullRequest], _ report: RunReport) -> [OpenOne] {
    var open = Dictionary(
      pullRequests.filter { $0.state == .open }.map { found in
        let one = OpenOne(
          id: found.id, branch: found.branch, location: found.location, findings: found.findings.count,
          isWritten: false)
        return (found.branch, one)
      }, uniquingKeysWith: { first, _ in first })
    for act in report.connections.flatMap(\.actions) {
      switch act.kind {
      case .opened, .updated:
        open[act.branch] = OpenOne(
          branch: act.branch, location: act.location ?? "", findings: act.proposal?.findings.count ?? 0, isWritten: true
        )
      // One whose branch is left is told by its id.
      case .closed: open = open.filter { $0.key != act.branch && $0.value.id != act.branch }
      case .postponed, .left, .lost, .refused, .automated, .wouldOpen, .wouldUpdate, .wouldClose: break
      }
    }
    return open.values.sorted { $0.branch < $1.branch }
  }

  /// Ticks that stay: what they ask for has not happened, and is asked for again by the next run.
  private func undone(
    _ dashboard: Dashboard, _ ticks: DashboardTicks, _ report: RunReport
  ) -> Set<DashboardTick> {
    let done = Set(
      report.connections.flatMap(\.actions).filter { [.opened, .updated, .closed].contains($0.kind) }.map(\.branch))
    var items = Dashboard.Section.allCases.flatMap { dashboard[$0] }.compactMap(\.tick)
    if !dashboard[.limited].isEmpty { items.append(.proposeAll) }
    return Set(
      items.filter { tick in
        guard ticks.contains(tick) else { return false }
        if case .redraft(let branch) = tick { return !done.contains(branch) }
        return true
      })
  }

  private func link(_ branch: String, _ location: String) -> Markdown {
    location.isEmpty ? "\(code: branch)" : .link("\(code: branch)", to: location)
  }

  /// What the forge does not let us show is a warning, never the end of a run.
  func warning<Value: Sendable>(
    of report: inout RunReport, _ work: () async throws -> Value
  ) async throws -> Value? {
    do {
      return try await work()
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      report.warnings.append("\(error)")
      return nil
    }
  }
}

private func firstLine(_ text: String) -> String {
  text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
}
