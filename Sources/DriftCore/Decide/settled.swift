import Cryptography

/// Changes when rules or drafting change what they say of the same input: settled tables are looked at again.
package let rulesVersion = "1"

/// Identifies everything that a verdict on one table depends on. A table that was settled with this digest needs no
/// file opened and nothing compared.
package func settledDigest(
  of table: ObservedTable, contract: BlobID?, mapping: BlobID?, policy: String
) -> String {
  var text = "\(rulesVersion)\u{1}\(policy)\u{1}\(contract?.text ?? "")\u{1}\(mapping?.text ?? "")"
  text.reserveCapacity(64 * table.columns.count + 256)
  text += "\u{1}\(table.isEnabled)\(table.inSource)\(table.landed)\(table.syncMode?.rawValue ?? "")"
  for column in table.columns {
    text += "\u{1}"
    text += column.name.text
    text += "\u{2}"
    text += column.physicalType ?? "?"
    text += "\u{2}"
    text += column.sourceName ?? "?"
    text += flag(column.isNullable)
    text += flag(column.isPrimaryKey)
    text += flag(column.isEnabled)
    text += flag(column.isHashed)
    text += flag(column.inSource)
    text += flag(column.landed)
  }
  return sha256Hex(text)
}

private func flag(_ value: Bool?) -> String { value.map { $0 ? "1" : "0" } ?? "?" }

private func flag(_ value: Presence) -> String {
  switch value {
  case .present: "1"
  case .absent: "0"
  case .unknown: "?"
  }
}
