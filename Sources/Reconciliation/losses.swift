import DriftCore

extension Reconciler {
  /// What a look shows to be gone but for what people said no to; and of that, what an open pull request proposes.
  func losses(
    _ changes: [TableName: [SchemaChange]], _ snapshot: SchemaSnapshot, missing: [TableName], opened: OpenedTables,
    connection: ConnectionName, work: Work
  ) -> (all: Losses, open: Losses) {
    func losses(_ missing: [TableName], _ isMeant: (String) -> Bool) -> Losses {
      Losses(
        liveTables: snapshot.tables.count { $0.inSource != .absent && opened.hasContract($0.name) },
        missingTables: missing,
        liveColumns: snapshot.tables.reduce(0) { $0 + $1.columns.count { $0.inSource != .absent } },
        changes: Dictionary(
          uniqueKeysWithValues: changes.map { table, found in
            (table, found.filter { isMeant(fingerprint(of: $0, connection: connection, table: table)) })
          }))
    }
    let open = Set(work.openWork(of: connection).values.flatMap(\.findings))
    return (losses(missing) { !work.refusals.findings.contains($0) }, losses([]) { open.contains($0) })
  }
}
