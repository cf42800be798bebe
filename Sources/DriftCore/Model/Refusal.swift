/// The branch of the contract repository that keeps what people said no to. It lies outside of `mooring/`, so that no
/// proposal's branch can be called so.
package let refusalsBranch = "mooring-refusals"

/// A person puts this label on a pull request and closes it: a "no" for `snoozeSeconds`.
package let snoozeLabel = "mooring-snooze"

/// 14 days.
package let snoozeSeconds: Int64 = 14 * 86_400

/// Characters of a reason that are kept.
package let longestReason = 500

/// How a pull request came to be closed without merging, as far as the forge tells.
package struct Closing: Hashable, Sendable {
  /// As the forge calls the person.
  package var by: String?
  package var reason: String?
  package var at: Timestamp?
  /// When the "no" ends; nil says nothing of it.
  package var until: Timestamp?
  /// It wears `snoozeLabel`.
  package var isSnoozed: Bool

  package init(
    by: String? = nil, reason: String? = nil, at: Timestamp? = nil, until: Timestamp? = nil, isSnoozed: Bool = false
  ) {
    self.by = by
    self.reason = reason
    self.at = at
    self.until = until
    self.isSnoozed = isSnoozed
  }

  /// When the "no" ends, if it was said at `moment`; nil: never.
  package func end(from moment: Timestamp) -> Timestamp? {
    until ?? (isSnoozed ? moment.adding(seconds: snoozeSeconds) : nil)
  }
}

/// A "no" to findings of one table, as the repository keeps it.
package struct Refusal: Hashable, Sendable {
  package struct Finding: Hashable, Sendable {
    package var fingerprint: String
    /// For people; nothing hangs on it.
    package var words: String?

    package init(fingerprint: String, words: String? = nil) {
      self.fingerprint = fingerprint
      self.words = words
    }
  }

  /// The pull request whose closing it was.
  package struct Source: Hashable, Sendable {
    package var branch: String
    /// The forge's own.
    package var id: String
    package var location: String?

    package init(branch: String, id: String, location: String? = nil) {
      self.branch = branch
      self.id = id
      self.location = location
    }
  }

  package var findings: [Finding]
  package var by: String?
  package var reason: String?
  package var at: Timestamp?
  /// From then on it does not count; nil: it counts for good.
  package var until: Timestamp?
  /// Nil where a person wrote it into the file.
  package var pullRequest: Source?

  package init(
    findings: [Finding], by: String? = nil, reason: String? = nil, at: Timestamp? = nil, until: Timestamp? = nil,
    pullRequest: Source? = nil
  ) {
    self.findings = findings
    self.by = by
    self.reason = reason
    self.at = at
    self.until = until
    self.pullRequest = pullRequest
  }

  package func counts(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }
}

/// One file of `refusalsBranch`: what people said no to in one table, oldest first.
package struct RefusalFile: Hashable, Sendable {
  package var connection: ConnectionName
  /// Nil where a pull request of several tables no longer tells which finding is of which.
  package var table: TableName?
  package var refusals: [Refusal]

  package init(connection: ConnectionName, table: TableName?, refusals: [Refusal] = []) {
    self.connection = connection
    self.table = table
    self.refusals = refusals
  }
}

/// A closing that the files of `refusalsBranch` answer for: it is not read from the forge again, whatever became of its entry.
package struct RecordedClosing: Hashable, Sendable {
  package var pullRequest: String
  package var at: Timestamp

  package init(pullRequest: String, at: Timestamp) {
    self.pullRequest = pullRequest
    self.at = at
  }
}

/// What a person gave as a reason, or as a name, on one line of at most `limit` characters.
package func brief(_ text: String, limit: Int = longestReason) -> String {
  let head = text.unicodeScalars.prefix(4 * limit).split { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .unassigned: true
    default: false
    }
  }
  let line = head.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
  return line.unicodeScalars.count > limit
    ? String(String.UnicodeScalarView(line.unicodeScalars.prefix(limit - 1))) + "…" : line
}

/// The end of a "no" as a person gives it: `14d`, or a day or moment such as `2026-12-31`, which is 00:00 UTC of that day. Nil for
/// anything else, and for what is not after `now`.
package func refusalEnd(_ text: String, after now: Timestamp) -> Timestamp? {
  if text.hasSuffix("d"), let days = plainInteger(String(text.dropLast())) {
    return (1...36_500).contains(days) ? now.adding(seconds: Int64(days) * 86_400) : nil
  }
  guard let moment = Timestamp(day: text) ?? Timestamp(iso8601: text), now < moment else { return nil }
  return moment
}

extension Timestamp {
  /// Reads `2026-12-31` as its first moment in UTC; nil for anything else.
  package init?(day text: String) {
    guard text.utf8.count == 10 else { return nil }
    self.init(iso8601: text + "T00:00:00Z")
  }
}
