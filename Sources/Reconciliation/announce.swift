import Cryptography
import DriftCore

extension Reconciler {
  /// Tells people what became of a connection. A channel that does not answer is a warning, never a failure.
  func announce(_ connection: ConnectionReport, report: inout RunReport) async {
    for action in connection.actions {
      let event: Notification.Event
      switch action.kind {
      case .opened: event = .proposalOpened
      case .updated: event = .proposalUpdated
      case .closed, .postponed, .left, .lost, .refused, .automated, .wouldOpen, .wouldUpdate, .wouldClose: continue
      }
      await send(
        event, connection.name, subject: action.branch, title: "\(action.branch): \(action.text)",
        colour: action.proposal?.colour, location: action.location, report: &report)
    }
    switch connection.outcome {
    case .held(let reason):
      await sendOnce(.connectionHeld, connection.name, title: reason, report: &report)
      await remember(reason, on: connection.name, report: &report)
    case .failed(let reason):
      await sendOnce(.connectionFailed, connection.name, title: reason, report: &report)
    case .unchanged, .looked:
      await remember(nil, on: connection.name, report: &report)
    }
  }

  private func remember(_ hold: String?, on connection: ConnectionName, report: inout RunReport) async {
    do {
      try await Holds(cache).tell(hold, on: connection)
    } catch {
      report.warnings.append("\(error)")
    }
  }

  func announce(_ rewritten: RewrittenBase, report: inout RunReport) async {
    await sendOnce(.baseRewritten, "", title: "\(rewritten.finding); \(rewritten.wayOut)", report: &report)
  }

  func announce(_ brake: Brake, report: inout RunReport) async {
    await sendOnce(.applyStopped, "", title: "\(brake.scope): \(brake.text)", report: &report)
  }

  /// One that stands is told as one that begins: the run that began it may have ended before it told.
  func announce(_ pause: PauseReport, report: inout RunReport) async {
    report.tell(pause)
    let title = "\(pause.connection): \(pause.text)"
    switch pause.state {
    case .paused, .stands: await sendOnce(.connectionPaused, pause.connection, title: title, report: &report)
    case .resumed:
      await send(.connectionResumed, pause.connection, subject: pause.text, title: title, report: &report)
    case .notPaused, .wouldPause, .wouldResume, .failed: break
    }
  }

  func announce(_ applied: AppliedChange, report: inout RunReport) async {
    let name = "\(applied.table) \(applied.change)"
    switch applied.outcome {
    case .applied:
      await send(
        .changeApplied, applied.connection, subject: name, title: "\(name) is applied",
        report: &report)
    case .held(let reason):
      await sendOnce(
        .changeHeld, applied.connection, title: "\(name): \(reason)", report: &report)
    case .unapproved(let reason, let wayOut):
      await sendOnce(
        .changeHeld, applied.connection, title: "\(name) is not approved: \(reason); \(wayOut)", report: &report)
    case .stale(let reason), .withdrawn(let reason):
      await sendOnce(
        .changeStale, applied.connection, title: "\(name): \(reason)", report: &report)
    case .failed(let reason):
      await sendOnce(
        .changeHeld, applied.connection, title: "\(name): \(reason)", report: &report)
    case .waiting, .adopted, .planned:
      break
    }
  }

  /// A state that lasts is told once, for as long as there is a cache to remember it.
  private func sendOnce(
    _ event: Notification.Event, _ connection: ConnectionName, title: String,
    report: inout RunReport
  ) async {
    let key = "told/\(sha256Hex("\(event.rawValue)\n\(connection)\n\(title)"))"
    if (try? await cache.value(for: key)) != nil { return }
    await send(event, connection, subject: title, title: title, report: &report)
    do {
      try await cache.set("1", for: key)
    } catch {
      report.warnings.append("\(error)")
    }
  }

  private func send(
    _ event: Notification.Event, _ connection: ConnectionName, subject: String, title: String,
    colour: Colour? = nil, location: String? = nil, report: inout RunReport
  ) async {
    let notification = Notification(
      event: event, id: sha256Hex("\(event.rawValue)\n\(connection)\n\(subject)\n\(title)"),
      connection: connection, colour: colour, title: title, location: location)
    for notifier in notifiers {
      do {
        try await notifier.send(notification)
      } catch {
        report.warnings.append("notification \"\(event.rawValue)\" did not arrive: \(error)")
      }
    }
  }
}
