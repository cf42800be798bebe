/// The fingerprint under which a person answers for a re-sync: it costs, and values that the source no longer has are lost.
let resyncFingerprint = "resync"

extension Change {
  /// Red findings, and re-syncs, that no person has put their name to, also where the line for the name was taken out.
  package var waitingAcknowledgements: [Acknowledgement] {
    let listed = Set(acknowledgements.map(\.fingerprint))
    let unlisted = findings.filter { $0.colour == .red && !listed.contains($0.fingerprint) }.map { finding in
      let name = finding.column.map { "\($0): " } ?? ""
      return Acknowledgement(fingerprint: finding.fingerprint, text: name + finding.text)
    }
    return acknowledgements.filter(\.by.isEmpty) + unlisted + (listed.contains(resyncFingerprint) ? [] : resyncs)
  }

  /// What has to be answered for although no finding says so; it is never drafted, so a person wrote it.
  private var resyncs: [Acknowledgement] {
    let tables = steps.flatMap { step -> [SourceTable] in
      if case .sync(let tables) = step.work { tables } else { [] }
    }
    if tables.isEmpty { return [] }
    let names = tables.map(\.description).joined(separator: ", ")
    return [
      Acknowledgement(
        fingerprint: resyncFingerprint,
        text:
          "\(names) loaded again from the start, which takes acknowledge: [{fingerprint: \(resyncFingerprint), by: ...}]"
      )
    ]
  }

  /// With this name behind everything that still waits for one.
  package func acknowledged(by name: String) -> Change {
    var change = self
    change.acknowledgements.removeAll(where: \.by.isEmpty)
    for var waiting in waitingAcknowledgements {
      waiting.by = name
      change.acknowledgements.append(waiting)
    }
    return change
  }
}
