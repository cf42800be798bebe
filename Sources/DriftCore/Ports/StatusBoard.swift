/// Where commits show what became of them: beside each commit on a hosted forge.
package protocol StatusBoard: Sendable {
  /// Sets the status of one context; the newest of a context counts.
  func set(_ status: CommitStatus, on commit: CommitID) async throws
}
