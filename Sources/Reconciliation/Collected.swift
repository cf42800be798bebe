import DriftCore
import Synchronization

/// Gathers what a stream hands over one by one, on whatever thread.
final class Collected: Sendable {
  private let tables = Mutex<[TableName: CatalogueTable]>([:])

  func add(_ table: CatalogueTable) { tables.withLock { $0[table.name] = table } }

  var byName: [TableName: CatalogueTable] { tables.withLock { $0 } }
}
