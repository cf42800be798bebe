import DriftCore

extension Reconciler {
  /// By fingerprint, for what lands new: the connection's last sync when it was first seen. The cache keeps it; where that
  /// is lost, the time is a later one.
  func firstSeen(
    _ changes: [ClassifiedChange], of connection: ConnectionStatus
  ) async throws -> [String: Timestamp] {
    var times: [String: Timestamp] = [:]
    for change in changes where change.change.isNewToRows {
      let key = "seen/\(change.fingerprint)"
      if let kept = try await cache.value(for: key), let time = Timestamp(iso8601: kept) {
        times[change.fingerprint] = time
      } else if let time = connection.succeededAt {
        try await cache.set(time.description, for: key)
        times[change.fingerprint] = time
      }
    }
    return times
  }
}

extension SchemaChange {
  /// Whether rows that landed before lack it.
  fileprivate var isNewToRows: Bool {
    switch self {
    case .columnAdded, .columnLanded, .columnBlocked: true
    default: false
    }
  }
}
