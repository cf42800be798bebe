import DriftCore

enum Trial {
  /// The step may run: it is no trial, or it is this instance's.
  case ours
  /// The lease is taken just now: the ledger is to be read again.
  case taken
  /// Another instance is at its own.
  case others(String)
}

extension Reconciler {
  /// Before a step: the one that a half-open breaker lets through is one of all instances, so it has a lease. What becomes
  /// of the step closes the breaker or opens it again, and the lease is given back.
  func trial(_ next: NextStep, _ work: inout Undertaking, _ ledger: [LedgerEntry]) async throws -> Trial {
    let (name, destination) = (work.pending.destination, work.destination)
    guard let lease = work.lease else { return .ours }
    guard isTrial(next, in: ledger, of: name, at: now()) else {
      await release(lease.others, of: destination)
      work.lease?.others = []
      return .ours
    }
    if !lease.others.isEmpty { return .ours }
    switch try await take(.trial, in: destination.warehouse) {
    case .taken(let trial):
      work.lease?.others = [trial]
      return .taken
    case .held(let other, let since, _):
      let time = since.map { ", since \($0)" } ?? ""
      return .others("\(name) is tried with one step after it failed: \(other) is at it\(time)")
    }
  }
}
