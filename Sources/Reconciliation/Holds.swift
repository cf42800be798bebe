package import DriftCore
import JSON

/// Connections that are held because of what one read showed, and what a person has said about it.
///
/// Kept in the cache: losing it holds a connection again, which costs a second word and nothing else.
package struct Holds: Sendable {
  private let cache: any Cache

  package init(_ cache: any Cache) { self.cache = cache }

  /// Why the connection was held by the last run that looked at it; nil where it was not.
  package func hold(on connection: ConnectionName) async throws -> Hold? {
    try await kept("held/\(connection)")
  }

  /// Lets the connection go for what it is held for; whatever goes beyond that is held again.
  package func lift(_ hold: Hold, for connection: ConnectionName) async throws {
    try await keep(hold, "lifted/\(connection)")
  }

  /// Remembers what a run found, and returns it unless a person has lifted all of it. A lift ends with what it was for.
  func check(_ hold: Hold?, for connection: ConnectionName) async throws -> Hold? {
    if try await self.hold(on: connection) != hold { try await keep(hold, "held/\(connection)") }
    let lifted = try await kept("lifted/\(connection)")
    guard let hold else {
      if lifted != nil { try await keep(nil, "lifted/\(connection)") }
      return nil
    }
    return lifted.map { hold.gone.isSubset(of: $0.gone) } ?? false ? nil : hold
  }

  /// Why nothing is proposed for the connection, and the way out, in the words of the last run; nil where nothing is in the
  /// way.
  package func reason(on connection: ConnectionName) async throws -> String? {
    let reason = try await cache.value(for: "held-for/\(connection)") ?? ""
    return reason.isEmpty ? nil : reason
  }

  /// Remembers what a run told of the connection.
  func tell(_ reason: String?, on connection: ConnectionName) async throws {
    if try await self.reason(on: connection) != reason {
      try await cache.set(reason ?? "", for: "held-for/\(connection)")
    }
  }

  private func kept(_ key: String) async throws -> Hold? {
    guard let text = try await cache.value(for: key), let value = try? JSONValue.parse(Array(text.utf8)),
      let reason = value["reason"]?.string, let gone = value["gone"]?.array
    else { return nil }
    return Hold(reason: reason, gone: Set(gone.compactMap(\.string)))
  }

  private func keep(_ hold: Hold?, _ key: String) async throws {
    let value: JSONValue? = hold.map {
      ["reason": .string($0.reason), "gone": .array($0.gone.sorted().map { .string($0) })]
    }
    try await cache.set(value?.canonicalText ?? "", for: key)
  }
}
