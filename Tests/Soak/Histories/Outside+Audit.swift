import DriftCore
import JSON

extension Outside {
  /// The audit log is one chain, and has a line for everything that the ledger says was done, and no second one.
  func expectWholeAudit() {
    let log = warehouse.lines.map { $0.text + "\n" }.joined()
    let finding = verifyAudit(Array(log.utf8)).finding
    expect(finding == nil, "audit: \(finding.map { "\($0)" } ?? "")")
    var effects: [String: Int] = [:]
    for line in warehouse.lines {
      guard let value = try? JSONValue.parse(line.text), let event = value["event"]?.string,
        ["step.done", "step.adopted", "step.settled"].contains(event)
      else { continue }
      effects[line.subject, default: 0] += 1
    }
    for entry in warehouse.ledger where entry.state == .done && ["ddl", "backfill", "fivetran"].contains(entry.kind) {
      let count = effects[AuditRecord(of: entry).subject, default: 0]
      expect(count == 1, "audit: \(entry.step) has \(count) lines")
    }
  }
}
