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
    case .tableAdded: ["tableAdded"]
    case .tableRemoved: ["tableRemoved"]
    case .tableRenameSuspected(let from, let to, _):
      ["tableRenameSuspected", from.schema, from.name, to.schema, to.name]
    case .tableDisabled: ["tableDisabled"]
    case .tableEnabled: ["tableEnabled"]
    case .syncModeChanged(_, let from, let to): ["syncModeChanged", from.rawValue, to.rawValue]
    case .primaryKeyChanged(let from, let to):
      ["primaryKeyChanged"] + from.map(\.text) + ["to"] + to.map(\.text)
    case .columnAdded(let column):
      ["columnAdded", column.name.text, column.physicalType ?? "", "\(column.isNullable ?? true)"]
    case .columnBlocked(let column): ["columnBlocked", column.name.text]
    case .columnLanded(let column): ["columnLanded", column.name.text, column.physicalType ?? ""]
    case .columnRemoved(let column): ["columnRemoved", column.name.text]
    case .columnRenamed(let from, let to, _): ["columnRenamed", from.name.text, to.name.text]
    case .renameSuspected(let from, let to, _): ["renameSuspected", from.name.text, to.name.text]
    case .columnDisabled(let column): ["columnDisabled", column.name.text]
    case .columnEnabled(let column): ["columnEnabled", column.name.text]
    case .columnHashed(let column): ["columnHashed", column.name.text]
    case .columnUnhashed(let column): ["columnUnhashed", column.name.text]
    case .typeChanged(let promise, _, let to):
      ["typeChanged", promise.name.text, promise.physicalType ?? "", to.physicalType ?? ""]
    case .nullabilityRelaxed(let column): ["nullabilityRelaxed", column.name.text]
    case .nullabilityTightened(let column): ["nullabilityTightened", column.name.text]
    case .targetMissing(let target): ["targetMissing", target.table.schema, target.table.name]
    case .targetColumnMissing(let column): ["targetColumnMissing", column.target.text, column.type]
    case .targetTypeNarrower(let column, let found):
      ["targetTypeNarrower", column.target.text, column.type, found]
    case .targetTypeDiffers(let column, let found):
      ["targetTypeDiffers", column.target.text, column.type, found]
    case .mappingEdited(let target, let digest, _):
      ["mappingEdited", target.table.schema, target.table.name, digest]
    }
  }
}
