import DriftCore

extension Reconciler {
  /// The destinations with every table that the changes are about, from one look at the catalogue of each. For a dry run:
  /// what acts looks at each table just before.
  func looked(at folders: [OpenFolder]) async throws -> [DestinationName: Destination] {
    var looked = destinations
    for (name, folders) in Dictionary(grouping: folders, by: \.destination) where folders.count > 1 {
      guard let destination = destinations[name] else { continue }
      let wanted = Set(folders.compactMap(\.change).flatMap { [$0.table] + ($0.target.map { [$0] } ?? []) })
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
  /// One table as it is now, or as it was just looked at.
  func table(_ name: TableName) async throws -> CatalogueTable? {
    if let known { return known[name] }
    return try await warehouse.table(name)
  }
}
