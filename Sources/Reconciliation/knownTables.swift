import DriftCore

extension Reconciler {
  /// The destinations with every table that the changes are about, from one look at the catalogue of each. For a dry run:
  /// what acts looks at each table just before.
  func looked(at folders: [OpenFolder]) async throws -> [DestinationName: Destination] {
    var looked = destinations
    for (name, folders) in Dictionary(grouping: folders, by: \.destination) where folders.count > 1 {
      guard let destination = destinations[name] else { continue }
      let wanted = Set(folders.compactMap(\.change).flatMap { [$0.table, $0.target].compactMap { $0 } })
      let found = Collected()
      let read = try await outcome {
        try await destination.warehouse.catalogue(of: Set(wanted.map(\.schema)).sorted()) { table in
          if wanted.contains(table.name) { found.add(table) }
        }
      }
      // Where it cannot be read, each change says so for itself.
      if case .success = read { looked[name]?.known = found.byName }
    }
    return looked
  }
}

extension Destination {
  /// Tables as they are now, or as they were just looked at.
  func tables(_ names: [TableName]) async throws -> [TableName: CatalogueTable] {
    guard let known else { return try await warehouse.tables(names) }
    return Dictionary(names.compactMap { known[$0] }.map { ($0.name, $0) }) { first, _ in first }
  }
}
