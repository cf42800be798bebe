import DriftCore

/// A merged change around one kind of step, and the tables that it meets, in the spelling of one warehouse.
struct CutScene: Sendable {
  struct Column: Sendable {
    var name: ColumnName
    var type: ColumnType
    var isRequired = false
  }

  let dialect: Dialect
  var change: Change
  var mapping: Mapping
  var statements: [String] = []
  var columns: [Column]
  var hasKey = true

  var landed: TableName { mapping.source }
  var target: TableName { mapping.target.table }
  var isView: Bool { mapping.target.kind == .view }
  /// The landed columns, all text.
  var landedNames: [ColumnName] { mapping.columns.flatMap(\.sources) }

  /// Nil where the warehouse has no such step.
  init?(_ kind: CutKind, in dialect: Dialect) throws {
    func name(_ text: String) -> ColumnName { ColumnName(dialect.folded(text)) }
    func type(_ type: ColumnType) -> ColumnType { dialect.stored(type) }
    func table(_ schema: String, _ name: String) -> TableName {
      TableName(schema: dialect.folded(schema), name: dialect.folded(name))
    }
    let text = type(.text(length: nil))
    let (narrow, wide) =
      dialect.id == "databricks"
      ? (type(.integer(bits: 32)), type(.integer(bits: 64))) : (type(.text(length: 40)), type(.text(length: 80)))
    let (old, new) = (type(.decimal(precision: 10, scale: 2)), type(.decimal(precision: 12, scale: 4)))
    let source = SourceTable(schema: "crm", name: "account")
    let patch = SettingsPatch(table: source, column: "tier", hashed: true)

    self.dialect = dialect
    mapping = Mapping(
      connection: "crm", source: table("crm", "account"),
      target: Target(table: table("analytics", "account"), kind: .table),
      columns: ["id", "tier"].map {
        MappingColumn(
          sources: [name($0)], target: name($0), type: dialect.typeName(text) ?? "", isKey: $0 == "id")
      })
    change = Change(
      number: 1, slug: "cut", connection: "crm", table: mapping.source, target: mapping.target.table,
      findings: [
        Finding(
          fingerprint: "any", rule: "a.test", colour: .red, column: nil, judgedBy: "rules", text: "what it takes away")
      ], irreversible: "a test")
    change.acknowledgements = [Acknowledgement(fingerprint: "any", text: "", by: "ada")]
    columns = [
      Column(name: name("id"), type: text, isRequired: true), Column(name: name("name"), type: narrow),
      Column(name: name("old_amount"), type: old), Column(name: name("amount"), type: new),
      Column(name: name("spare"), type: text), Column(name: name("seats"), type: text, isRequired: true),
    ]
    var footprint: [ColumnName: ColumnType?] = [:]
    var works: [Step.Work] = [.ddl(statement: 1)]
    switch kind {
    case .statement(let action):
      guard dialect.canWrite(action) || action == .replaceView || action == .backfill else { return nil }
      switch action {
      case .addColumn:
        change.actions = [.addColumn(name("tier"), text)]
        footprint = [name("tier"): nil as ColumnType?]
        works.append(.verify(.targetColumn(name("tier"), text)))
      case .setType:
        change.actions = [.setType(name("name"), wide)]
        footprint = [name("name"): narrow]
        works.append(.verify(.targetColumn(name("name"), wide)))
      case .copyColumn:
        change.actions = [.copyColumn(from: name("old_amount"), old, to: name("amount"), new)]
        footprint = [name("old_amount"): old, name("amount"): new]
      case .renameColumn:
        change.actions = [.renameColumn(from: name("spare"), to: name("rep"))]
        footprint = [name("spare"): text, name("rep"): nil as ColumnType?]
      case .dropColumn:
        change.actions = [.dropColumn(name("spare"))]
        footprint = [name("spare"): text]
      case .dropNotNull: change.actions = [.dropNotNull(name("seats"))]
      case .setNotNull: change.actions = [.setNotNull(name("spare"))]
      case .commentColumn: change.actions = [.commentColumn(name("spare"), "whose")]
      case .commentTable: change.actions = [.commentTable("accounts")]
      case .addPrimaryKey:
        change.actions = [.addPrimaryKey([name("id")])]
        hasKey = false
      case .dropPrimaryKey: change.actions = [.dropPrimaryKey]
      case .renameTable: change.actions = [.renameTable(to: dialect.folded("moved"))]
      case .replaceView:
        change.actions = [.replaceView]
        mapping.target.kind = .view
        works.append(.verify(.targetView))
      // Only ever behind a view that is made anew: `KeepViewTests` ends the process at each of those steps.
      case .grant: return nil
      case .dropView:
        change.actions = [.dropView]
        mapping.target.kind = .view
      case .backfill:
        change.actions = [.backfill([name("tier")])]
        columns.append(Column(name: name("tier"), type: text))
        columns.removeAll { $0.name == name("seats") }
        works = [.backfill(statement: 1, batch: 2)]
      }
    case .other(let other):
      columns.append(Column(name: name("tier"), type: text))
      switch other {
      case .patch: works = [.fivetran(patch), .verify(.setting(patch))]
      case .sync: works = [.sync(resync: []), .wait(.synced)]
      case .resync: works = [.sync(resync: [source]), .wait(.synced)]
      case .waitIdle: works = [.wait(.idle)]
      case .waitSynced: works = [.wait(.synced)]
      case .verifyTargetColumn: works = [.verify(.targetColumn(name("tier"), text))]
      case .verifyTargetView:
        works = [.verify(.targetView)]
        mapping.target.kind = .view
      case .verifyLandedColumn: works = [.verify(.landedColumn(name("tier")))]
      case .verifySetting: works = [.verify(.setting(SettingsPatch(table: source, column: "tier", enabled: true)))]
      }
    }
    change.footprint.target = footprint
    change.steps = works.enumerated().map { Step(ordinal: $0.offset + 1, work: $0.element) }
    // What people answer for is no matter here.
    change = change.acknowledged(by: "ada")
    let landedTypes = Dictionary(uniqueKeysWithValues: landedNames.map { ($0, text) })
    statements = try change.actions.map { try dialect.statement(for: $0, mapping: mapping, landed: landedTypes) }
  }

  /// What makes the tables, without the schemas.
  func makingTables() throws -> [String] {
    func create(_ table: TableName, _ columns: [Column], hasKey: Bool) throws -> String {
      let key = ColumnName(dialect.folded("id"))
      let lines = try columns.map { column in
        "\(try dialect.quote(column.name)) \(dialect.typeName(column.type) ?? "")"
          + (column.isRequired ? " NOT NULL" : "")
      }
      let end = hasKey ? [", PRIMARY KEY (\(try dialect.quote(key)))"] : []
      return "CREATE TABLE \(try dialect.quote(table)) (\(lines.joined(separator: ", "))\(end.joined()))"
    }
    let text = dialect.stored(.text(length: nil))
    let landed = landedNames.map { Column(name: $0, type: text, isRequired: $0 == landedNames.first) }
    var statements = [try create(self.landed, landed, hasKey: true)]
    if isView {
      let id = try dialect.quote(ColumnName(dialect.folded("id")))
      statements.append(
        "CREATE VIEW \(try dialect.quote(target)) AS SELECT \(id) FROM \(try dialect.quote(self.landed))")
    } else {
      statements.append(try create(target, columns, hasKey: hasKey))
    }
    return statements
  }

  /// The files on main, by path.
  var files: [(path: String, text: String)] {
    let folder = TableFolder(root: "contracts", connection: "crm", table: change.table)
    let up = statements.map { "\($0);\n" }.joined()
    return [
      (folder.mapping, renderMapping(mapping)), (folder.file("change.yaml", of: change), renderChange(change)),
    ] + (statements.isEmpty ? [] : [(folder.file("up.sql", of: change), up)])
  }
}
