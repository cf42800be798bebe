import DriftCore

extension Reconciler {
  /// What a look shows to be gone but for what people said no to; and of that, what an open pull request proposes.
  func losses(
    _ changes: [TableName: [SchemaChange]], _ snapshot: SchemaSnapshot, missing: [TableName], opened: OpenedTables,
    connection: ConnectionName, work: Work
  ) -> (all: Losses, open: Losses) {
    let liveTables = snapshot.tables.count { $0.inSource != .absent && opened.hasContract($0.name) }
    // By place: a column is large to copy.
    let liveColumns = snapshot.tables.reduce(0) { count, table in
      count + table.columns.indices.count { table.columns[$0].inSource != .absent }
    }
    func losses(_ missing: [TableName], _ isMeant: (String) -> Bool) -> Losses {
      Losses(
        liveTables: liveTables, missingTables: missing, liveColumns: liveColumns,
        changes: Dictionary(
          uniqueKeysWithValues: changes.map { table, found in
            (table, found.filter { isMeant(fingerprint(of: $0, connection: connection, table: table)) })
          }))
    }
    let open = Set(work.openWork(of: connection).values.flatMap(\.findings))
    return (losses(missing) { !work.refusals.findings.contains($0) }, losses([]) { open.contains($0) })
  }
}
