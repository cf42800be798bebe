import DriftCore

/// A promised table, what lands, and what it feeds: each story changes one thing of it.
struct Scene {
  let dialect: Dialect
  var contract: Contract
  /// Nil for a table that no contract describes.
  var contractText: String?
  var table: ObservedTable
  var mapping: Mapping
  var target: CatalogueTable?
  var loadBytes: [UInt8] = []
  /// Whether load.sql says what the mapping says.
  var isRendered = true
  /// What the files do not show and a look at the whole connection does.
  var more: [SchemaChange] = []
  var policies: [String: Policy] = [:]

  /// Whether the warehouse has names like these: one that reads quoted names in lower case has none with capitals, and one
  /// that ignores case has no two that differ in nothing else.
  var isPossible: Bool {
    table.columns.allSatisfy { column in
      (try? dialect.quote(column.name)) != nil
        && table.columns.count { dialect.isOneName($0.name, column.name) } == 1
    }
  }

  init(_ dialect: Dialect) {
    self.dialect = dialect
    func name(_ text: String) -> ColumnName { ColumnName(dialect.folded(text)) }
    let name_ = TableName(schema: dialect.folded("crm"), name: dialect.folded("deal"))
    table = ObservedTable(
      name: name_, source: SourceTable(schema: "crm", name: "Deal"), syncMode: .softDelete, inSource: .present,
      landed: .present, isView: false, columns: [], uniqueKeys: [[name("id")]], primaryKey: [name("id")],
      systemColumns: [name("_fivetran_deleted"), name("_fivetran_synced")], rowEstimate: 1200)
    contract = Contract(id: "", version: "", table: name_, columns: [])
    mapping = Mapping(
      connection: "crm", source: name_,
      target: Target(
        table: TableName(schema: dialect.folded("analytics"), name: dialect.folded("deal")), kind: .table,
        owner: "sales-data"), columns: [])
    let fields: [(String, String, ColumnType)] = [
      ("id", "Id", .text(length: nil)), ("amount", "Amount", .decimal(precision: 18, scale: 2)),
      ("region_c", "Region__c", .text(length: nil)), ("rep_c", "Rep__c", .text(length: nil)),
      ("seats", "Seats", .integer(bits: 64)),
    ]
    table.columns = fields.map { field in
      var column = added(field.0, field.2, source: field.1)
      column.isPrimaryKey = field.0 == "id"
      column.isNullable = field.0 != "id"
      return column
    }
    contract = DriftCore.contract(promising: table, connection: "crm")
    mapping.columns = table.columns.map { column in
      MappingColumn(
        sources: [column.name], target: column.name, type: column.physicalType ?? "",
        isKey: column.isPrimaryKey ?? false)
    }
    target = CatalogueTable(
      name: mapping.target.table,
      columns: mapping.columns.map { CatalogueColumn(name: $0.target, physicalType: $0.type) },
      uniqueKeys: [[name("id")]])
    render()
  }

  /// Writes `load.sql` for what lands and is mapped now.
  mutating func render() {
    let types = Dictionary(
      uniqueKeysWithValues: table.columns.compactMap { column in column.type.map { (column.name, $0) } })
    let load = try? dialect.loadSQL(mapping, landed: types, systemColumns: table.systemColumns)
    loadBytes = Array((load ?? "").utf8)
  }

  /// A column as it lands, everything known of it.
  func added(_ text: String, _ type: ColumnType, source: String? = nil) -> ObservedColumn {
    let stored = dialect.stored(type)
    return ObservedColumn(
      name: ColumnName(dialect.folded(text)), sourceName: source ?? text, type: stored,
      physicalType: dialect.typeName(stored), isNullable: true, isPrimaryKey: false, isEnabled: true, isHashed: false,
      inSource: .present, landed: .present)
  }

  mutating func observed(_ text: String, _ body: (inout ObservedColumn) -> Void) {
    let name = ColumnName(dialect.folded(text))
    for index in table.columns.indices where table.columns[index].name == name { body(&table.columns[index]) }
  }

  mutating func promised(_ text: String, _ body: (inout ContractColumn) -> Void) {
    let name = ColumnName(dialect.folded(text))
    for index in contract.columns.indices where contract.columns[index].name == name { body(&contract.columns[index]) }
  }

  mutating func land(_ column: ObservedColumn) {
    table.columns.append(column)
    table.columns.sort { $0.name < $1.name }
  }

  mutating func remove(_ text: String) { observed(text) { $0.inSource = .absent } }

  var server: ContractServer {
    ContractServer(
      name: "warehouse", type: dialect.id, schema: table.name.schema, connectionID: "crm_id",
      connectorType: "salesforce",
      groupID: "group")
  }

  /// The contract's file: as Mooring writes it, unless the story has one of its own.
  var files: TableFiles {
    let folder = TableFolder(root: "contracts", connection: "crm", table: table.name)
    let mappingBytes = Array(renderMapping(mapping).utf8)
    guard let contractText = contractText ?? (contract.id.isEmpty ? nil : renderContract(contract, server: server))
    else {
      return TableFiles(folder: folder)
    }
    let bytes = Array(contractText.utf8)
    return TableFiles(
      folder: folder, contract: parseContract(bytes, path: folder.contract).0, contractBytes: bytes, mapping: mapping,
      mappingBytes: mappingBytes, loadBytes: loadBytes)
  }

  /// Everything that differs, judged.
  func judged() -> [ClassifiedChange] {
    var changes = more
    let files = files
    if let contract = files.contract {
      changes += diff(from: contract, to: table, dialect: dialect)
      changes += targetDrift(from: mapping, isRendered: isRendered, to: target, landed: table, dialect: dialect)
    }
    return classify(
      changes, connection: "crm",
      context: RuleContext(
        table: table.name, service: "salesforce", dialect: dialect,
        lookAlikes: lookAlikes(of: changes, among: contract.columns.map(\.name) + table.columns.map(\.name))),
      policies: Policies(
        contract: files.contract, table: table.name,
        connection: ConnectionPolicy(id: "crm_id", destination: "warehouse", policies: policies), project: [:]))
  }

  func remainder(of changes: [ClassifiedChange], refused: Set<String>) -> Remainder {
    Remainder(of: changes, refused: refused, mapping: mapping, landed: table, dialect: dialect)
  }

  func drafted(_ changes: [ClassifiedChange], refused: RefusedParts = RefusedParts()) throws -> TableDraft {
    try draft(
      changes, answers: [:],
      in: DraftContext(
        connection: "crm", service: "salesforce", settingsOwner: .mooring, files: files, landed: table, target: target,
        number: 1, server: server, dialect: dialect,
        firstSeen: Dictionary(
          changes.map { ($0.fingerprint, Timestamp(microseconds: 1_795_000_000_000_000)) },
          uniquingKeysWith: { first, _ in first }), refused: refused))
  }
}
