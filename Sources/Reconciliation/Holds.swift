package import DriftCore

/// Connections that are held because of what one read showed, and what a person has said about it.
///
/// Kept in the cache: losing it holds a connection again, which costs a second word and nothing else.
package struct Holds: Sendable {
  private let cache: any Cache

  package init(_ cache: any Cache) { self.cache = cache }

  /// Why the connection was held by the last run that looked at it; nil where it was not.
  package func reason(for connection: ConnectionName) async throws -> String? {
    let reason = try await cache.value(for: "held/\(connection)")
    return reason?.isEmpty == false ? reason : nil
  }

  /// Lets the connection go for exactly what it is held for; whatever goes beyond that is held again.
  package func lift(_ reason: String, for connection: ConnectionName) async throws {
    try await cache.set(reason, for: "lifted/\(connection)")
  }

  /// Remembers what a run found, and returns it unless a person has lifted it.
  func check(_ reason: String?, for connection: ConnectionName) async throws -> String? {
    if try await self.reason(for: connection) != reason {
      try await cache.set(reason ?? "", for: "held/\(connection)")
    }
    guard let reason else { return nil }
    return try await cache.value(for: "lifted/\(connection)") == reason ? nil : reason
  }
}
