import DriftCore

extension SeededRandom {
  func columns() -> [ColumnName] {
    var seen: Set<ColumnName> = []
    return (0...Int(next() % 5)).map { _ in ColumnName(chance(50) ? hostileName() : plain()) }
      .filter { seen.insert($0).inserted }
  }

  /// No warehouse can have a name with U+0000 in it.
  func hostileName() -> String { hostile().replacing("\0", with: "0") }

  func contractColumn(_ name: ColumnName) -> ContractColumn {
    ContractColumn(
      name: name, physicalType: maybe(pick(["NUMBER(18,2)", "text", hostile()])),
      logicalType: maybe(pick(["string", "object", "timestamp"])), isRequired: chance(30),
      isUnique: chance(20), isPrimaryKey: chance(20), isDeprecated: chance(20), sourceColumn: maybe(hostile()),
      isEnabled: maybe(chance(50)), isHashed: maybe(chance(50)), classification: maybe(hostile()),
      description: maybe(hostile()), tags: chance(30) ? [hostile(), ""] : [],
      synonyms: chance(30) ? [hostile()] : [], policy: chance(20) ? ["column.removed": .ignore, "type": .block] : [:])
  }

  func contract() -> Contract {
    let columns = columns().map { contractColumn($0) }
    return Contract(
      id: hostile(), version: pick(["1.4.0", "1.0", "2", "v1"]),
      status: pick(["active", "draft", "no"]),
      table: TableName(schema: plain(), name: hostileName()), isView: chance(20),
      source: maybe(SourceTable(schema: plain(), name: hostile())),
      syncMode: maybe(pick(SyncMode.allCases)), isEnabled: maybe(chance(50)),
      isDeprecated: chance(20), description: maybe(hostile()), columns: columns,
      policy: chance(50) ? ["column.hashed.off": .block, "type": .review, "unknown": .auto] : [:])
  }

  func mappingColumn(_ target: ColumnName) -> MappingColumn {
    let conversions: [Conversion] = [
      .none, .cast, .tryCast, .jsonField(hostile()), .trim, .lower, .upper, .epochToTimestamp,
      .booleanFromText,
    ]
    return MappingColumn(
      sources: columns(), target: target, type: pick(["text", "numeric(18,2)", hostile()]),
      conversion: pick(conversions), isKey: chance(30))
  }

  func mapping() -> Mapping {
    Mapping(
      connection: ConnectionName(hostile()), source: TableName(schema: plain(), name: hostile()),
      target: Target(
        table: TableName(schema: plain(), name: hostile()), kind: pick(Target.Kind.allCases),
        fedBy: hostile(), owner: maybe(hostile())),
      rows: RowRules(
        deleted: pick(RowRules.Deleted.allCases), history: pick(RowRules.History.allCases)),
      columns: columns().map { mappingColumn($0) })
  }

  func patch() -> SettingsPatch {
    SettingsPatch(
      table: SourceTable(schema: plain(), name: hostile()), column: maybe(hostile()),
      enabled: chance(50), hashed: maybe(chance(50)))
  }

  func change() -> Change {
    let number = Int(next() % 20_000) + 2
    let findings = (0..<3).map { index in
      Finding(
        fingerprint: "ab12\(index)e5", rule: "column.added", colour: pick(Colour.allCases),
        column: maybe(hostile()), judgedBy: hostile(), text: hostile())
    }
    let column = ColumnName(hostile())
    let actions: [AlterAction] = [
      .addColumn(column, type()), .setType(column, type()),
      .renameColumn(from: column, to: ColumnName(hostile())), .dropColumn(column),
      .dropNotNull(column), .setNotNull(column), .replaceView, .dropView, .backfill([column]),
      .copyColumn(from: column, type(), to: ColumnName(hostile()), type()), .commentColumn(column, hostile()),
      .commentTable(hostile()), .addPrimaryKey([column]), .dropPrimaryKey, .renameTable(to: hostile()),
      .grant(Grant([.select], to: .everyone)),
      .grant(
        Grant(
          [pick(Grant.Privilege.allCases), .select],
          to: .named(pick(Grant.Grantee.Kind.allCases), RoleName(hostile())), isGrantable: chance(50))),
    ]
    let works: [Step.Work] = [
      .ddl(statement: 1), .verify(.targetColumn(column, type())), .verify(.targetView),
      .verify(.landedColumn(column)), .wait(.idle), .fivetran(patch()), .verify(.setting(patch())),
      .sync(resync: []), .sync(resync: [SourceTable(schema: plain(), name: hostile())]),
      .wait(.synced), .backfill(statement: 9, batch: 10_000),
    ]
    var footprint = Footprint()
    for name in columns() { footprint.target[name] = .some(maybe(type())) }
    for name in columns() { footprint.landed[name] = type() }
    return Change(
      number: number, slug: pick(["add-tier", "3-changes", "x"]),
      connection: ConnectionName(hostile()), table: TableName(schema: plain(), name: hostile()),
      target: maybe(TableName(schema: plain(), name: hostile())), findings: findings,
      actions: actions,
      steps: works.enumerated().map { Step(ordinal: $0.offset + 1, work: $0.element) },
      footprint: footprint,
      acknowledgements: [
        Acknowledgement(fingerprint: "ab120e5", text: hostile(), by: pick(["", hostile()]))
      ],
      supersedes: maybe(number - 1), irreversible: maybe(hostile()))
  }
}
