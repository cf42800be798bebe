import Cryptography

/// Changes when rules or drafting change what they say of the same input: settled tables are looked at again.
package let rulesVersion = "7"

/// Identifies everything that a verdict on one table depends on. A table that was settled with this digest needs no
/// file opened and nothing compared.
///
/// - Parameter target: what the mapping feeds, as it is now; nil where there is none.
package func settledDigest(
  of table: ObservedTable, contract: BlobID?, mapping: BlobID?, load: BlobID?, target: CatalogueTable?,
  policy: String
) -> String {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(64 * table.columns.count + 256)
  func add(_ text: String?) {
    // The length comes first: names are from outside and may hold whatever separator we chose.
    bytes.append(text == nil ? 0x30 : 0x31)
    guard var text else { return }
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.utf8.count).littleEndian) { bytes += $0 }
    text.withUTF8 { bytes += $0 }
  }
  func add(_ flag: Bool?) { bytes.append(flag.map { $0 ? 0x31 : 0x30 } ?? 0x3F) }
  func add(_ presence: Presence) {
    switch presence {
    case .present: bytes.append(0x31)
    case .absent: bytes.append(0x30)
    case .unknown: bytes.append(0x3F)
    }
  }
  add(rulesVersion)
  add(policy)
  add(contract?.text)
  add(mapping?.text)
  add(load?.text)
  add(table.syncMode?.rawValue)
  add(table.isEnabled)
  add(table.inSource)
  add(table.landed)
  add(table.isView)
  for key in [table.primaryKey ?? []] + table.uniqueKeys {
    add("\(key.count)")
    for column in key { add(column.text) }
  }
  for column in target?.columns ?? [] {
    add(column.name.text)
    add(column.physicalType)
  }
  add(target?.isView)
  // By place: a column is large to copy.
  for index in table.columns.indices {
    add(table.columns[index].name.text)
    add(table.columns[index].physicalType)
    add(table.columns[index].sourceName)
    add(table.columns[index].isNullable)
    add(table.columns[index].isPrimaryKey)
    add(table.columns[index].isEnabled)
    add(table.columns[index].isHashed)
    add(table.columns[index].inSource)
    add(table.columns[index].landed)
  }
  return hex(sha256(bytes))
}
