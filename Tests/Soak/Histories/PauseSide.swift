import DriftCore

/// Who has paused the connection in Fivetran, and what was promised about it.
struct PauseSide {
  enum Owner {
    case mooring, person
  }

  /// Nil: it is not paused.
  var owner: Owner?
  /// What Mooring paused for and a person resumed: it pauses for that no more.
  var lastWords: Set<String> = []
}

extension Outside {
  /// Pauses or resumes as a running instance asks.
  func setPaused(_ isPaused: Bool) {
    let standing = standingPause(of: "crm", in: warehouse.ledger, of: "w")
    if isPaused {
      expect(standing != nil, "2: paused, and the ledger does not say that it was intended")
      expect(
        source.pause.lastWords.isDisjoint(with: standing?.findings ?? []), "5: paused again for what a person resumed")
      if source.pause.owner == nil { source.pause.owner = .mooring }
      // As Fivetran does.
      source.isSyncing = false
      tally.paused += 1
    } else {
      expect(source.pause.owner != .person, "5: resumed what a person had paused")
      expect(standing?.ending != nil, "2: resumed, and the ledger does not say that it was intended")
      source.pause.owner = nil
    }
  }

  func perhapsPauseOrResumeByHand() {
    if roll(source.pause.owner == nil ? 10 : 40) { pauseOrResumeByHand() }
  }

  /// A person pauses the connection, or resumes it whoever paused it.
  func pauseOrResumeByHand() {
    let standing = standingPause(of: "crm", in: warehouse.ledger, of: "w")
    if let owner = source.pause.owner {
      // Of a pause that is not on record, or about to end, nobody can tell afterwards what they meant.
      if owner == .mooring, let standing, standing.isSet, standing.ending == nil {
        source.pause.lastWords.formUnion(standing.findings)
        tally.resumedByHand += 1
      }
      source.pause.owner = nil
    } else if standing == nil {
      source.pause.owner = .person
    }
  }

  /// What a person paused they resume in the end.
  func resumeByHand() {
    if source.pause.owner == .person { source.pause.owner = nil }
  }

  /// After a run that nothing went wrong in: a pause of Mooring's is on record and not over.
  func expectNoLongPause() {
    guard source.pause.owner == .mooring else { return }
    guard let standing = standingPause(of: "crm", in: warehouse.ledger, of: "w") else {
      return expect(false, "2: paused, and no line of the ledger says so")
    }
    expect(clock < standing.until, "4: paused until \(standing.until), and it is \(clock)")
  }

  func expectNoPause() { expect(source.pause.owner == nil, "4: at rest the connection is still paused") }
}
