import JSON

/// One try of a step that did not succeed, as its line in the ledger has it.
package struct StepFailure: Hashable, Sendable {
  /// From 1, of this step: two failures of one kind are two lines.
  package var attempt: Int
  /// Such as `55P03`; never a message, which may hold values of rows.
  package var failureClass: String
  /// It may have taken effect all the same.
  package var isOutcomeUnknown: Bool

  package init(attempt: Int, failureClass: String, isOutcomeUnknown: Bool) {
    self.attempt = attempt
    self.failureClass = failureClass
    self.isOutcomeUnknown = isOutcomeUnknown
  }

  package var text: String {
    let value: JSONValue = [
      "attempt": JSONValue(attempt), "class": .string(failureClass), "outcome_unknown": .bool(isOutcomeUnknown),
    ]
    return value.canonicalText
  }

  /// Nil for any line but a failed one.
  package init?(_ entry: LedgerEntry) {
    guard entry.state == .failed else { return nil }
    let value = try? JSONValue.parse(entry.detail)
    self.init(
      attempt: value?["attempt"]?.int ?? 1, failureClass: value?["class"]?.string ?? "unknown",
      isOutcomeUnknown: value?["outcome_unknown"]?.bool ?? false)
  }

  /// `failed with 55P03`, for people.
  package var words: String {
    isOutcomeUnknown ? "its outcome is not known (\(failureClass))" : "failed with \(failureClass)"
  }
}

extension PendingChange {
  /// The line of one more try that did not succeed.
  package func failure(
    of step: Step, part: Int, _ failureClass: String, isOutcomeUnknown: Bool, after ledger: [LedgerEntry]
  ) -> LedgerEntry {
    let id = id(of: step.ordinal, part: part)
    let earlier = ledger.compactMap { $0.step == id ? StepFailure($0)?.attempt : nil }.max() ?? 0
    let failure = StepFailure(
      attempt: earlier + 1, failureClass: failureClass, isOutcomeUnknown: isOutcomeUnknown)
    return entry(.failed, step: step.ordinal, part: part, kind: step.kind, detail: failure.text)
  }
}
