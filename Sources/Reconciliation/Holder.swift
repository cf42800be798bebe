/// The name under which this process takes leases and writes to the audit log.
package struct Holder: Sendable {
  package var name: String
  /// Whether another one of that name is known to have ended: its leases need not be waited for.
  package var hasEnded: @Sendable (String) -> Bool

  package init(_ name: String, hasEnded: @escaping @Sendable (String) -> Bool = { _ in false }) {
    self.name = name
    self.hasEnded = hasEnded
  }
}
