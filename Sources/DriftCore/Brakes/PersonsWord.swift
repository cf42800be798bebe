import JSON

/// What a person has said about applying: stop here, or go on. A line of the ledger, so that every instance knows.
///
/// It is about no merged change, so it has neither connection nor table of its own: they stand in its detail, and its number
/// only tells it from other such lines.
package struct PersonsWord: Hashable, Sendable {
  package enum Word: String, Hashable, Sendable, CaseIterable {
    case hold, resume
  }

  package var word: Word
  package var scope: HoldScope
  package var by: String
  package var reason: String?
  /// For `hold`: when it ends by itself.
  package var until: Timestamp?
  /// By the destination's clock; nil before it is written.
  package var at: Timestamp?

  package init(_ word: Word, _ scope: HoldScope, by: String, reason: String? = nil, until: Timestamp? = nil) {
    self.word = word
    self.scope = scope
    self.by = by
    self.reason = reason
    self.until = until
  }

  /// The line that says so, behind those that are there.
  package func entry(in destination: DestinationName, after ledger: [LedgerEntry]) -> LedgerEntry {
    let earlier = ledger.filter { Word(rawValue: $0.kind) != nil }.map(\.step.change).max() ?? 0
    var members = [JSONMember("by", .string(by)), JSONMember("scope", scope.json)]
    if let reason { members.append(JSONMember("reason", .string(reason))) }
    if let until { members.append(JSONMember("until", .string(until.description))) }
    return LedgerEntry(
      step: StepID(
        destination: destination, connection: "", table: TableName(schema: "", name: ""), change: earlier + 1, step: 0),
      // Lines of two people at once are both kept where they are not `done`.
      state: .intended, kind: word.rawValue, digest: "", commit: "",
      detail: JSONValue.object(members).canonicalText)
  }

  /// Nil where the line says something else. One that cannot be read holds the whole destination: better than going on.
  package init?(_ entry: LedgerEntry) {
    guard let word = Word(rawValue: entry.kind) else { return nil }
    let value = try? JSONValue.parse(entry.detail)
    if let value, let scope = value["scope"].flatMap(HoldScope.init(json:)), let by = value["by"]?.string {
      self.init(
        word, scope, by: by, reason: value["reason"]?.string,
        until: value["until"]?.string.flatMap { Timestamp(iso8601: $0) })
    } else if word == .hold {
      self.init(.hold, .destination(entry.step.destination), by: "", reason: "a line of the ledger cannot be read")
    } else {
      return nil
    }
    at = entry.at
  }

  /// For people: `held by ada since 2026-11-21T12:00:00Z until ...: quarter end`.
  package var words: String {
    let name = by.isEmpty ? "" : " by \(by)"
    let start = at.map { " since \($0.toTheSecond)" } ?? ""
    let end = until.map { " until \($0.toTheSecond)" } ?? ""
    return "held\(name)\(start)\(end)" + (reason.map { ": \($0)" } ?? "")
  }
}

extension Timestamp {
  var toTheSecond: Timestamp { Timestamp(microseconds: seconds * 1_000_000) }
}

/// What people hold now, the first of each scope's last word.
package func holds(
  in ledger: [LedgerEntry], of destination: DestinationName, at now: Timestamp
) -> [PersonsWord] {
  var words: [HoldScope: PersonsWord] = [:]
  // Few lines are a person's, and no other is copied.
  for index in ledger.indices where PersonsWord.Word(rawValue: ledger[index].kind) != nil {
    guard ledger[index].step.destination == destination, let word = PersonsWord(ledger[index]) else { continue }
    words[word.scope] = word
  }
  return words.values.filter { $0.word == .hold && $0.until.map { now < $0 } ?? true }
    .sorted { $0.scope.description < $1.scope.description }
}
