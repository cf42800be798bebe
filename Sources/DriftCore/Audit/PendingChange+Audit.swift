import Cryptography

extension PendingChange {
  /// - Parameters:
  ///   - step: nil for the change as a whole.
  ///   - statements: whose digests are kept.
  package func audit(
    _ event: AuditRecord.Event, of step: Step? = nil, part: Int = 0, detail: String, statements: [String] = [],
    probe: Probe? = nil
  ) -> AuditRecord {
    AuditRecord(
      event, step: id(of: step?.ordinal ?? 0, part: part), kind: step?.kind ?? change.kind, digest: folder.digest,
      commit: commit.text, detail: detail, statements: statements.map { sha256Hex($0) },
      inputs: inputs, found: probe?.facts(about: change),
      sync: probe?.connection?.succeededAt)
  }

  private var inputs: [String: String] {
    var inputs: [String: String] = [:]
    inputs["mapping"] = mappingBlob?.text
    inputs["undoes"] = change.undoes.map { numbered($0) }
    return inputs
  }

  /// Before its first step: what was judged, who approved, and every statement that is to run.
  package func beginning(approvedBy approver: String?, probe: Probe) -> [AuditRecord] {
    var approval = audit(.approvalJudged, detail: "approved")
    approval.approver = approver ?? "being merged is enough"
    var plan = audit(.planBegun, detail: counted(change.steps.count, "step"), statements: statements, probe: probe)
    plan.judgements = change.findings
    plan.approver =
      change.acknowledgements.isEmpty
      ? nil : change.acknowledgements.map { "\($0.fingerprint): \($0.by)" }.joined(separator: "; ")
    return [approval, plan]
  }
}
