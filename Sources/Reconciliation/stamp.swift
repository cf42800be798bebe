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
    let tips = work.branches(of: name).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.tip)" }
    let refused = work.refusals.state(of: name)
    let waiting = pending.filter { $0.connection == name }.map(\.table.description).sorted()
    let parts =
      [
        rulesVersion, mode.rawValue, work.policyDigest, work.digest(of: name), status.setupState,
        status.schemaStatus ?? "",
      ]
      + [status.succeededAt?.description ?? "never", model?.name ?? "no model"] + open + tips + refused
      + waiting
    return sha256Hex(parts.joined(separator: "\n"))
  }

  /// Nil where the connection is to be looked at again: a closing that did not get onto record is tried again.
  func seen(
    _ connection: Observed, _ comparison: Comparison, work: Work, pending: Set<TableInConnection>
  ) -> Seen? {
    guard work.refusals.unrecorded(of: connection.name).isEmpty else { return nil }
    return Seen(
      stamp: stamp(
        of: connection.name, mode: connection.policy.mode, status: connection.status, work: work, pending: pending),
      settled: comparison.settled == connection.known ? nil : comparison.settled.text)
  }

  func remember(_ seen: Seen, of connection: ConnectionName) async throws {
    try await cache.set(seen.stamp, for: "looked/\(connection)")
    if let settled = seen.settled { try await cache.set(settled, for: "settled/\(connection)") }
  }
}

/// A look that led to nothing: it need not be repeated until something moves.
struct Seen: Sendable {
  var stamp: String
  /// Nil where it is what is kept already.
  var settled: String?
}
