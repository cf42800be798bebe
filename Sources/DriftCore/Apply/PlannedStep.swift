/// One step of a merged change that is still to come, as a dry run shows it.
package struct PlannedStep: Hashable, Sendable {
  /// What it does, in words.
  package var text: String
  /// The bytes of the statement or of the request; nil where nothing is sent.
  package var sent: String?

  package init(text: String, sent: String? = nil) {
    self.text = text
    self.sent = sent
  }
}

extension PendingChange {
  /// Its steps that the ledger does not have as done, in order.
  package func remainingSteps(in ledger: [LedgerEntry]) -> [Step] {
    let done = Set(
      ledger.filter { $0.state == .done && $0.step.part == 0 && $0.digest == folder.digest }.map(\.step))
    return change.steps.filter { !done.contains(id(of: $0.ordinal)) }
  }

  /// The statement that a step sends; nil where it sends none.
  package func statement(of step: Step) -> String? {
    switch step.work {
    case .ddl(let number), .backfill(let number, _):
      statements.indices.contains(number - 1) ? statements[number - 1] : nil
    case .fivetran, .sync, .wait, .verify: nil
    }
  }
}
