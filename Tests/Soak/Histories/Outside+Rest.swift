import DriftCore

extension Outside {
  /// At rest `connection.yaml` says what is, unless that was refused.
  func expectTheConnectionIsPromised() {
    let bytes = git.commits[git.main]?.files[Self.connectionFile] ?? []
    guard let promised = parseConnectionPromise(bytes, path: Self.connectionFile).0?.changeHandling else {
      return expect(false, "connection.yaml cannot be read")
    }
    if promised == source.changeHandling { return }
    let finding = SchemaChange.connectionChanged(.changeHandlingChanged(from: promised, to: source.changeHandling))
    let no = fingerprint(of: finding, connection: "crm", table: TableName(schema: "", name: ""))
    expect(
      counting.contains { $0.findings.contains(no) },
      "connection.yaml says \(promised), and it is \(source.changeHandling)")
  }

  /// At rest every mapped column is in its target with the type that the mapping says, unless its change was refused.
  func expectEverythingIsMapped() {
    for (path, bytes) in git.commits[git.main]?.files ?? [:] where path.hasSuffix("mapping.yaml") {
      guard let mapping = parseMapping(bytes, path: path).0 else {
        expect(false, "\(path) cannot be read")
        continue
      }
      let target = warehouse.tables[mapping.target.table]
      for column in mapping.columns {
        let found = target?.columns.first { $0.name == column.target }?.physicalType
        // Of a widening that somebody took back in git, the target stays the wider one.
        let target: [SchemaChange] =
          found.map { [.targetTypeNarrower(column, found: $0), .targetTypeDiffers(column, found: $0)] }
          ?? [.targetColumnMissing(column)]
        let findings = target + column.sources.compactMap { retyped($0, of: mapping.source, beside: path) }
        let no = Set(findings.map { fingerprint(of: $0, connection: "crm", table: mapping.source) })
        let isRefused =
          counting.contains { !no.isDisjoint(with: $0.findings) }
          || !no.isDisjoint(with: RefusalsInForce(refusalBook, refused, at: clock).findings)
        let isThere = found.map(Dialect.postgres.parseType) == Dialect.postgres.parseType(column.type)
        expect(
          isThere || isRefused,
          "7: \(mapping.target.table).\(column.target) is \(found ?? "not there"), not \(column.type)")
      }
    }
  }

  /// That a column lands with another type than the contract beside a mapping promises: who says no to it leaves the target as
  /// it became meanwhile.
  private func retyped(_ name: ColumnName, of table: TableName, beside mapping: String) -> SchemaChange? {
    let path = mapping.replacing("mapping.yaml", with: "contract.odcs.yaml")
    guard let bytes = git.commits[git.main]?.files[path],
      let promised = promise(of: bytes, path)?.columns.first(where: { $0.name == name }),
      let found = warehouse.tables[table]?.columns.first(where: { $0.name == name })
    else { return nil }
    let type = Dialect.postgres.parseType(found.physicalType)
    return .typeChanged(
      promised, from: type, to: ObservedColumn(name: name, type: type, physicalType: found.physicalType))
  }
}
