import Cryptography
import DriftCore

extension Reconciler {
  /// What a look depends on: where nothing of it moved, nothing is read.
  func stamp(
    of name: ConnectionName, mode: ConnectionPolicy.Mode, status: ConnectionStatus, work: Work,
    pending: Set<TableInConnection>
  ) -> String {
    let open = work.openWork(of: name).sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value.head?.text ?? "")" }
    let refused = work.refusedFindings.sorted()
    let waiting = pending.filter { $0.connection == name }.map(\.table.description).sorted()
    let parts =
      [rulesVersion, mode.rawValue, work.policyDigest, work.digest(of: name), status.setupState]
      + [status.succeededAt?.description ?? "never", model?.name ?? "no model"] + open + refused
      + waiting
    return sha256Hex(parts.joined(separator: "\n"))
  }

  /// A look that led to nothing need not be repeated until something moves.
  func remember(
    _ connection: Observed, _ comparison: Comparison, work: Work, pending: Set<TableInConnection>
  ) async throws {
    let stamp = stamp(
      of: connection.name, mode: connection.policy.mode, status: connection.status, work: work,
      pending: pending)
    try await cache.set(stamp, for: "looked/\(connection.name)")
    try await cache.set(comparison.settled.text, for: "settled/\(connection.name)")
  }
}
