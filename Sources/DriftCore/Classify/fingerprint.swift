import Cryptography
import JSON

/// Identifies a finding: connection, table, kind of change and what was observed, never wording, time or verdict.
package func fingerprint(
  of change: SchemaChange, connection: ConnectionName, table: TableName
) -> String {
  let parts = [connection.text, table.schema, table.name] + change.identity
  return sha256Hex(JSONValue.array(parts.map { .string($0) }).canonicalText)
}

extension SchemaChange {
  fileprivate var identity: [String] {
    switch self {
    case .connectionChanged(let change): ["connectionChanged"] + change.identity
    case .tableAdded: ["tableAdded"]
    case .tableRemoved: ["tableRemoved"]
    case .tableRenameSuspected(let from, let to, _):
      ["tableRenameSuspected", from.schema, from.name, to.schema, to.name]
    case .tableDisabled: ["tableDisabled"]
    case .tableEnabled: ["tableEnabled"]
    case .syncModeChanged(_, let from, let to): ["syncModeChanged", from.rawValue, to.rawValue]
    case .tableKindChanged(_, let isView): ["tableKindChanged", "\(isView)"]
    case .uniqueAdded(let column): ["uniqueAdded", column.name.text]
    case .uniqueDropped(let column): ["uniqueDropped", column.name.text]
    case .primaryKeyChanged(let from, let to):
      ["primaryKeyChanged"] + from.map(\.text) + ["to"] + to.map(\.text)
    case .columnAdded(let column):
      ["columnAdded", column.name.text, column.physicalType ?? "", "\(column.isNullable ?? true)"]
    case .columnBlocked(let column): ["columnBlocked", column.name.text]
    case .columnLanded(let column): ["columnLanded", column.name.text, column.physicalType ?? ""]
    case .columnRemoved(let column): ["columnRemoved", column.name.text]
    case .columnRenamed(let from, let to, _): ["columnRenamed", from.name.text, to.name.text] + alsoChanged(from, to)
    case .renameSuspected(let from, let to, _): ["renameSuspected", from.name.text, to.name.text]
    case .unitSuspected(let from, let to, _): ["unitSuspected", from.name.text, to.name.text]
    case .columnReadded(let promise, let column):
      [
        "columnReadded", promise.name.text, promise.physicalType ?? "", column.physicalType ?? "",
        column.sourceName ?? "",
      ]
    case .columnDisabled(let column): ["columnDisabled", column.name.text]
    case .columnEnabled(let column): ["columnEnabled", column.name.text]
    case .columnHashed(let column): ["columnHashed", column.name.text]
    case .columnUnhashed(let column): ["columnUnhashed", column.name.text]
    case .typeChanged(let promise, _, let to):
      ["typeChanged", promise.name.text, promise.physicalType ?? "", to.physicalType ?? ""]
    case .nullabilityRelaxed(let column): ["nullabilityRelaxed", column.name.text]
    case .nullabilityTightened(let column): ["nullabilityTightened", column.name.text]
    case .referenceOrphaned(let reference, let heir):
      ["referenceOrphaned", reference.kind.rawValue, reference.name, reference.column.text, heir.text]
    case .contractEdited(let fact): ["contractEdited"] + fact.identity
    case .targetMissing(let target): ["targetMissing", target.table.schema, target.table.name]
    case .targetColumnMissing(let column): ["targetColumnMissing", column.target.text, column.type]
    case .targetTypeNarrower(let column, let found):
      ["targetTypeNarrower", column.target.text, column.type, found]
    case .targetTypeDiffers(let column, let found):
      ["targetTypeDiffers", column.target.text, column.type, found]
    case .mappingEdited(let target, let digest):
      ["mappingEdited", target.table.schema, target.table.name, digest]
    case .changeWithdrawn(let change): ["changeWithdrawn", "\(change.number)", change.digest]
    }
  }
}

/// What else became of a renamed column: nothing in most cases.
private func alsoChanged(_ from: ContractColumn, _ to: ObservedColumn) -> [String] {
  var facets: [String] = []
  if let old = from.physicalType, let new = to.physicalType, old != new { facets += ["type", old, new] }
  if let isNullable = to.isNullable, isNullable == from.isRequired { facets.append("nullable \(isNullable)") }
  if let isHashed = to.isHashed, isHashed != (from.isHashed ?? false) { facets.append("hashed \(isHashed)") }
  return facets
}

extension ConnectionChange {
  fileprivate var identity: [String] {
    switch self {
    case .schemaAdded(let name, let isEnabled): ["schemaAdded", name, "\(isEnabled)"]
    case .schemaRemoved(let name): ["schemaRemoved", name]
    case .schemaDisabled(let name): ["schemaDisabled", name]
    case .schemaEnabled(let name): ["schemaEnabled", name]
    case .changeHandlingChanged(let from, let to): ["changeHandlingChanged", from.rawValue, to.rawValue]
    }
  }
}

extension ContractEditFact {
  fileprivate var identity: [String] {
    switch self {
    case .server(let from, let to): ["server", from, to]
    case .policy(let kinds): ["policy"] + kinds
    case .versionNotBumped(let version, let expected): ["versionNotBumped", version, expected]
    case .metadata(let keys): ["metadata"] + keys
    case .classification(let column, let from, let to): ["classification", column.name.text, from ?? "", to ?? ""]
    case .tags(let column): ["tags", column.name.text]
    case .description(let column): ["description", column.name.text]
    }
  }
}
