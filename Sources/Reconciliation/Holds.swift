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

  /// Judges what a run found to be gone, remembers it, and returns why it is held; nil where it is not, or where a person has
  /// lifted all of it. A lift ends with what it was for.
  func check(
    _ comparison: Comparison, for connection: ConnectionName, at now: Timestamp, isDryRun: Bool
  ) async throws -> Hold? {
    let kept = try await cache.value(for: "losses/\(connection)") ?? ""
    // Where nothing was kept, what an open pull request proposes was let through at some time.
    var known = KnownLosses(kept) ?? KnownLosses(settled: comparison.losses.open.gone)
    let lifted = try await self.kept("lifted/\(connection)")
    let hold = known.judge(
      comparison.losses.all, lifted: lifted?.gone ?? [], unclear: Set(comparison.unclear.compactMap(\.table)), at: now)
    if try await self.hold(on: connection) != hold { try await keep(hold, "held/\(connection)") }
    if isDryRun { return hold }
    if known.text != kept { try await cache.set(known.text, for: "losses/\(connection)") }
    if hold == nil, lifted != nil { try await keep(nil, "lifted/\(connection)") }
    return hold
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

extension KnownLosses {
  /// Nil where nothing was kept.
  fileprivate init?(_ text: String) {
    guard let value = try? JSONValue.parse(Array(text.utf8)) else { return nil }
    func names(_ key: String) -> Set<String> { Set(value[key]?.array?.compactMap(\.string) ?? []) }
    self.init(
      settled: names("settled"), recent: names("recent"),
      newest: value["newest"]?.string.flatMap { Timestamp(iso8601: $0) })
  }

  /// Empty where there is nothing to keep.
  fileprivate var text: String {
    if self == KnownLosses() { return "" }
    func names(_ set: Set<String>) -> JSONValue { .array(set.sorted().map { .string($0) }) }
    let value: JSONValue = [
      "settled": names(settled), "recent": names(recent), "newest": newest.map { .string($0.description) } ?? .null,
    ]
    return value.canonicalText
  }
}
