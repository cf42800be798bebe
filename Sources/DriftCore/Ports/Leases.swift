/// Who may change a target for now. Kept in the destination itself and timed by its clock.
package protocol Leases: Sendable {
  /// Takes the lease of a target, for `Lease.duration`, where it is free or has run out.
  ///
  /// - Parameters:
  ///   - holder: for people, and for whoever asks next.
  ///   - token: of a live lease whose holder is known to have ended: it is taken from them.
  func take(_ target: TableName, as holder: String, over token: Int?) async throws -> LeaseAnswer
  /// Gives it back; nothing where somebody else has taken it.
  func release(_ lease: Lease) async throws
}

/// The right to change one target. It counts as long as nobody has taken it since: whoever writes under an old token is
/// refused.
package struct Lease: Hashable, Sendable {
  /// From the last step on. A statement that takes longer keeps it as long as its engine can lock a row.
  package static let duration = Duration.seconds(120)

  package var target: TableName
  package var holder: String
  /// Larger with every taking that lasts.
  package var token: Int
  /// It counts only together with these.
  package var others: [Lease] = []

  package init(target: TableName, holder: String, token: Int) {
    self.target = target
    self.holder = holder
    self.token = token
  }

  package var all: [Lease] { [self] + others }
}

extension TableName {
  /// No table: whoever has its lease tries the one step that a half-open breaker lets through.
  package static let trial = TableName(schema: "mooring", name: "trial")
}

package enum LeaseAnswer: Hashable, Sendable {
  case taken(Lease)
  case held(by: String, since: Timestamp?, token: Int)
}

/// Somebody else has taken the lease meanwhile, or a crash of the destination took it, or what was written under it. Nothing
/// was done under it since.
package struct LeaseLost: Error, Hashable, Sendable, CustomStringConvertible {
  package var target: TableName

  package init(_ target: TableName) { self.target = target }

  package var description: String {
    "\"\(target)\" is no longer held by this run: another process has taken it over, or the destination crashed; nothing was "
      + "written; the next run continues from where it is"
  }
}

extension LeaseLost: ClassifiedError {
  package var failureClass: String { "leaseLost" }
}
