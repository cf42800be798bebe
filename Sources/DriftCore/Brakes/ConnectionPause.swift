import JSON

/// One time that Mooring paused a connection in Fivetran because of red findings, as its lines in the ledger have it.
///
/// It is about no merged change, so its lines name no connection; that stands where a table's name does. Step 1 sets the
/// pause, step 2 ends it, and each is intended before it is sent and done after. Nothing else is ever resumed by Mooring.
package struct ConnectionPause: Hashable, Sendable {
  package enum End: String, Hashable, Sendable, CaseIterable {
    /// No red finding is open any more.
    case settled
    /// The longest time is over, and nobody has answered.
    case overdue
    /// Somebody resumed it in Fivetran.
    case resumed
    /// Somebody resumed it by `mooring resume`.
    case lifted
    /// A merged change that answers for it needs a sync.
    case answered
    /// `on_red` asks for it no more.
    case unwanted

    /// After it the same findings never pause the connection again.
    var isLastWord: Bool {
      switch self {
      case .overdue, .resumed, .lifted: true
      case .settled, .answered, .unwanted: false
      }
    }
  }

  /// Of the connection, from 1.
  package var number: Int
  package var connection: ConnectionName
  /// Fingerprints, sorted.
  package var findings: [String]
  /// For people: what some of the findings are about.
  package var subjects: [String]
  /// When it was decided, by the clock of whoever did.
  package var since: Timestamp
  /// When it ends at the latest.
  package var until: Timestamp
  /// The connection is known to have been paused by it.
  package var isSet = false
  /// It is about to end, or has been when a process ended.
  package var ending: End?
  package var end: End?
  /// The person who ended it.
  package var endedBy: String?

  package init(
    number: Int, connection: ConnectionName, findings: [PausingFinding], since: Timestamp, until: Timestamp
  ) {
    self.number = number
    self.connection = connection
    self.findings = Set(findings.map(\.fingerprint)).sorted()
    subjects = Array(Set(findings.map(\.subject)).sorted().prefix(Self.shownSubjects))
    self.since = since
    self.until = until
  }

  private static let shownSubjects = 3

  /// `1 red finding (crm.account.region)`.
  package var reason: String {
    let more = findings.count > subjects.count ? ", ..." : ""
    let named = subjects.isEmpty ? "" : " (\(subjects.joined(separator: ", "))\(more))"
    return counted(findings.count, "red finding") + named
  }

  package var wayOut: String { "end it with: mooring resume \(connection)" }

  /// `paused until 2026-11-23T12:00:00Z at the latest because of 1 red finding (crm.account.region); end it with: ...`.
  package var text: String { "paused until \(until.toTheSecond) at the latest because of \(reason); \(wayOut)" }
}

/// A red finding that nobody has answered.
package struct PausingFinding: Hashable, Sendable {
  package var fingerprint: String
  /// For people: `crm.account.region`.
  package var subject: String

  package init(fingerprint: String, subject: String) {
    self.fingerprint = fingerprint
    self.subject = subject
  }
}

// MARK: In the ledger

extension ConnectionPause {
  private static let kind = (set: "pause", end: "unpause")

  /// Whether a line is about a pause and not about a merged change.
  package static func isLine(_ entry: LedgerEntry) -> Bool { entry.kind == kind.set || entry.kind == kind.end }

  /// The line that says that the pause is intended, or was set.
  package func setting(_ state: LedgerEntry.State, in destination: DestinationName) -> LedgerEntry {
    let value: JSONValue = [
      "findings": .array(findings.map { .string($0) }), "since": .string(since.description),
      "subjects": .array(subjects.map { .string($0) }), "until": .string(until.description),
    ]
    return line(1, state, Self.kind.set, value, in: destination)
  }

  /// The line that says that its end is intended, or has come.
  package func ending(
    _ state: LedgerEntry.State, as end: End, by person: String? = nil, in destination: DestinationName
  ) -> LedgerEntry {
    var members = [JSONMember("because", .string(end.rawValue))]
    if let person { members.append(JSONMember("by", .string(person))) }
    return line(2, state, Self.kind.end, .object(members), in: destination)
  }

  private func line(
    _ step: Int, _ state: LedgerEntry.State, _ kind: String, _ detail: JSONValue, in destination: DestinationName
  ) -> LedgerEntry {
    LedgerEntry(
      step: StepID(
        destination: destination, connection: "", table: TableName(schema: "", name: connection.text), change: number,
        step: step),
      state: state, kind: kind, digest: "", commit: "", detail: detail.canonicalText)
  }

  /// As an intent has it. One that cannot be read is over already: then it is ended, and pauses nothing for good.
  fileprivate init(intent entry: LedgerEntry) {
    let value = try? JSONValue.parse(entry.detail)
    let time = { (name: String) in value?[name]?.string.flatMap { Timestamp(iso8601: $0) } }
    let since = time("since") ?? entry.at ?? Timestamp(microseconds: 0)
    self.init(
      number: entry.step.change, connection: ConnectionName(entry.step.table.name), findings: [], since: since,
      until: time("until") ?? since)
    findings = (value?["findings"]?.array ?? []).compactMap(\.string).sorted()
    subjects = Array((value?["subjects"]?.array ?? []).compactMap(\.string).prefix(Self.shownSubjects))
  }

  fileprivate mutating func take(_ entry: LedgerEntry) {
    if entry.kind == Self.kind.set {
      if entry.state == .done { isSet = true }
      return
    }
    let value = try? JSONValue.parse(entry.detail)
    let because = value?["because"]?.string.flatMap(End.init(rawValue:)) ?? .lifted
    if entry.state == .done {
      end = because
      endedBy = value?["by"]?.string
    } else {
      ending = because
      endedBy = value?["by"]?.string
    }
  }
}

/// Every pause that a ledger speaks of, by connection, oldest first.
package func connectionPauses(
  in ledger: [LedgerEntry], of destination: DestinationName
) -> [ConnectionName: [ConnectionPause]] {
  var pauses: [ConnectionName: [Int: ConnectionPause]] = [:]
  for entry in ledger where ConnectionPause.isLine(entry) && entry.step.destination == destination {
    let name = ConnectionName(entry.step.table.name)
    pauses[name, default: [:]][entry.step.change, default: ConnectionPause(intent: entry)].take(entry)
  }
  return pauses.mapValues { $0.values.sorted { $0.number < $1.number } }
}

/// The pause of a connection that has not ended; nil where there is none.
package func standingPause(
  of connection: ConnectionName, in ledger: [LedgerEntry], of destination: DestinationName
) -> ConnectionPause? {
  connectionPauses(in: ledger, of: destination)[connection]?.last { $0.end == nil }
}
