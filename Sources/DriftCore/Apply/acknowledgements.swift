extension Change {
  /// Red findings that no person has put their name to, also where the line for the name was taken out.
  package var waitingAcknowledgements: [Acknowledgement] {
    let listed = Set(acknowledgements.map(\.fingerprint))
    let unlisted = findings.filter { $0.colour == .red && !listed.contains($0.fingerprint) }.map { finding in
      let name = finding.column.map { "\($0): " } ?? ""
      return Acknowledgement(fingerprint: finding.fingerprint, text: name + finding.text)
    }
    return acknowledgements.filter(\.by.isEmpty) + unlisted
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
