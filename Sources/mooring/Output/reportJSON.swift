import DriftCore
import JSON
import Reconciliation

/// An object from pairs; a shorthand for the documents that commands print.
func object(_ members: [(String, JSONValue)]) -> JSONValue {
  .object(members.map { JSONMember($0.0, $0.1) })
}

extension ClassifiedChange {
  var json: JSONValue {
    object([
      ("rule", .string(verdict.rule)), ("colour", .string(colour.rawValue)),
      ("kind", .string(change.word)),
      ("column", change.column.map { .string($0.text) } ?? .null),
      ("from", change.before.map { .string($0) } ?? .null),
      ("to", change.after.map { .string($0) } ?? .null),
      ("readers", .string(verdict.readers.rawValue)), ("writes", .string(verdict.writes.rawValue)),
      ("reversible", .string(verdict.reversible.rawValue)), ("message", .string(verdict.message)),
      ("fingerprint", .string(fingerprint)),
      ("rename", change.renameEvidence.map(renameJSON) ?? .null),
    ])
  }
}

private func renameJSON(tier: RenameTier, evidence: RenameEvidence) -> JSONValue {
  object([
    ("tier", .string(tier.rawValue)), ("confidence", .number(decimal(evidence.confidence, digits: 2))),
    ("certain", .bool(evidence.isCertain)), ("evidence", .array(evidence.reasons.map { .string($0) })),
    ("runner_up", evidence.runnerUp.map { .string($0.text) } ?? .null),
  ])
}

extension SchemaChange {
  fileprivate var renameEvidence: (tier: RenameTier, evidence: RenameEvidence)? {
    switch self {
    case .columnRenamed(_, _, let evidence): (.rename, evidence)
    case .renameSuspected(_, _, let evidence), .tableRenameSuspected(_, _, let evidence): (.candidate, evidence)
    default: nil
    }
  }

  /// The old name of a rename, the old type of a change of type.
  fileprivate var before: String? {
    switch self {
    case .columnRenamed(let from, _, _), .renameSuspected(let from, _, _): from.name.text
    case .tableRenameSuspected(let from, _, _): from.description
    case .typeChanged(let promise, _, _), .columnReadded(let promise, _): promise.physicalType
    case .unitSuspected(let from, _, _): from.name.text
    case .syncModeChanged(_, let from, _): from.rawValue
    case .connectionChanged(.changeHandlingChanged(let from, _)): from.rawValue
    case .columnRemoved(let column): column.physicalType
    case .targetTypeNarrower(_, let found), .targetTypeDiffers(_, let found): found
    default: nil
    }
  }

  fileprivate var after: String? {
    switch self {
    case .columnRenamed(_, let to, _), .renameSuspected(_, let to, _): to.name.text
    case .tableRenameSuspected(_, let to, _): to.description
    case .typeChanged(_, _, let to), .columnReadded(_, let to): to.physicalType
    case .unitSuspected(_, let to, _): to.name.text
    case .syncModeChanged(_, _, let to): to.rawValue
    case .connectionChanged(.changeHandlingChanged(_, let to)): to.rawValue
    case .columnAdded(let column), .columnLanded(let column): column.physicalType
    case .targetColumnMissing(let column), .targetTypeNarrower(let column, _),
      .targetTypeDiffers(let column, _):
      column.type
    default: nil
    }
  }
}

extension RunReport {
  func json(fivetranCalls: Int?) -> JSONValue {
    object([
      ("alarm", alarm.map { .string($0.description) } ?? .null),
      ("brakes", .array(brakes.map(\.json))), ("pauses", .array(pauses.map(\.json))),
      ("applied", .array(applied.map(\.json))),
      ("connections", .array(connections.map(\.json))),
      ("warnings", .array(warnings.map { .string($0) })),
      (
        "usage",
        object([
          ("tables", .number(String(usage.tables))),
          ("fivetran_calls", fivetranCalls.map { .number(String($0)) } ?? .null),
          ("column_calls", .number(String(usage.columnCalls))),
          ("catalogue_queries", .number(String(usage.catalogueQueries))),
          ("model_tokens", .number(String(usage.modelTokens))),
        ])
      ),
    ])
  }
}

extension AppliedChange {
  var json: JSONValue {
    let (state, reason): (String, String?) =
      switch outcome {
      case .applied: ("applied", nil)
      case .adopted: ("adopted", nil)
      case .planned: ("planned", nil)
      case .waiting(let reason): ("waiting", reason)
      case .held(let reason): ("held", reason)
      case .unapproved(let reason, let wayOut): ("unapproved", "\(reason); \(wayOut)")
      case .stale(let reason): ("stale", reason)
      case .withdrawn(let reason): ("withdrawn", reason)
      case .failed(let reason): ("failed", reason)
      }
    return object([
      ("connection", .string(connection.text)), ("table", .string(table.description)),
      ("change", .string(change)), ("outcome", .string(state)),
      ("reason", reason.map { .string($0) } ?? .null),
      ("steps", .array(steps.map { .string($0) })),
      (
        "plan",
        .array(plan.map { object([("text", .string($0.text)), ("sent", $0.sent.map { .string($0) } ?? .null)]) })
      ),
    ])
  }
}

extension ConnectionReport {
  fileprivate var json: JSONValue {
    let (state, reason): (String, String?) =
      switch outcome {
      case .unchanged: ("unchanged", nil)
      case .looked: ("looked", nil)
      case .held(let reason): ("held", reason)
      case .failed(let reason): ("failed", reason)
      }
    return object([
      ("name", .string(name.text)), ("outcome", .string(state)),
      ("reason", reason.map { .string($0) } ?? .null),
      ("standing", changes.isEmpty ? .null : .string(standing.words.state)), ("changes", .array(changes.map(\.json))),
      ("tables", .array(tables.map(\.json))),
      ("actions", .array(actions.map(\.json))),
      ("gaps", .array(gaps.map { .string($0) })),
    ])
  }
}

extension TableReport {
  fileprivate var json: JSONValue {
    let (state, detail) = standing.words
    return object([
      ("table", .string(table.description)), ("standing", .string(state)),
      ("detail", detail.map { .string($0) } ?? .null), ("changes", .array(changes.map(\.json))),
    ])
  }
}

extension Standing {
  fileprivate var words: (state: String, detail: String?) {
    switch self {
    case .drifted: ("drifted", nil)
    case .open(let branch): ("open", branch)
    case .refused: ("refused", nil)
    case .applying: ("applying", nil)
    case .reported: ("reported", nil)
    case .unreadable(let reason): ("unreadable", reason)
    }
  }
}

extension PerformedAction {
  fileprivate var json: JSONValue {
    object([
      ("action", .string(kind.rawValue)), ("branch", .string(branch)), ("text", .string(text)),
      ("colour", proposal.map { .string($0.colour.rawValue) } ?? .null),
      ("location", location.map { .string($0) } ?? .null),
    ])
  }
}
