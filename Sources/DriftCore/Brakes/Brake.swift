package import JSON

/// What keeps merged changes from being applied although nothing is wrong with them, in words for people and programs.
package struct Brake: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case hold, breaker
  }

  package var kind: Kind
  package var scope: HoldScope
  package var reason: String
  /// When it ends by itself; nil: a person ends it.
  package var until: Timestamp?
  /// One step is tried meanwhile.
  package var isProbing = false

  package var wayOut: String {
    switch kind {
    case .hold: "lift it with: mooring resume \(scope)"
    case .breaker: "once its cause is gone, go on at once with: mooring resume \(scope)"
    }
  }

  package var text: String { "\(reason); \(wayOut)" }

  package var json: JSONValue {
    [
      "kind": .string(kind.rawValue), "scope": scope.json, "name": .string(scope.description),
      "reason": .string(reason), "until": until.map { .string($0.description) } ?? .null,
      "probing": .bool(isProbing), "way_out": .string(wayOut),
    ]
  }
}

/// Every brake that the ledger of a destination speaks of: its breaker first, then what people hold.
package func brakes(
  in ledger: [LedgerEntry], of destination: DestinationName, at now: Timestamp
) -> [Brake] {
  var brakes: [Brake] = []
  switch breaker(in: ledger, of: destination, at: now) {
  case .closed: break
  case .open(let opening, let until):
    brakes.append(
      Brake(
        kind: .breaker, scope: .destination(destination),
        reason: "\(opening.words); one step is tried after \(until.toTheSecond)", until: until))
  case .halfOpen(let opening):
    brakes.append(
      Brake(
        kind: .breaker, scope: .destination(destination), reason: "\(opening.words); the next step decides",
        isProbing: true))
  }
  return brakes
    + holds(in: ledger, of: destination, at: now).map {
      Brake(kind: .hold, scope: $0.scope, reason: $0.words, until: $0.until)
    }
}

/// What stops the next step of a table's changes; nil where it may run.
package func brake(
  on table: TableName, of connection: ConnectionName, among brakes: [Brake]
) -> Brake? {
  brakes.first { !$0.isProbing && $0.scope.covers(table, of: connection) }
}

extension BreakerOpening {
  fileprivate var words: String {
    let place = "step \(step.step) of \(step.connection)/\(step.table) change \(step.change)"
    let time = at.map { " at \($0.toTheSecond)" } ?? ""
    if failures == 1 { return "\(place): \(last.words)\(time)" }
    return "\(counted(failures, "step")) in a row did not succeed, the last \(place): \(last.words)\(time)"
  }
}
