import DriftCore
import JSON
import Testing

struct DiffTests {
  @Test func aTableDoesNotDifferFromItsOwnContract() {
    #expect(changes(from: account, to: account).isEmpty)
  }

  @Test func theOrderOfColumnsDoesNotMatter() {
    var turned = account
    turned.columns.reverse()
    #expect(changes(from: account, to: turned).isEmpty)
  }

  @Test func unknownIsNeverChanged() {
    var dim = account
    for index in dim.columns.indices {
      dim.columns[index].type = nil
      dim.columns[index].physicalType = nil
      dim.columns[index].isNullable = nil
      dim.columns[index].isPrimaryKey = nil
      dim.columns[index].isEnabled = nil
      dim.columns[index].isHashed = nil
      dim.columns[index].inSource = .unknown
    }
    dim.columns.removeLast()
    #expect(changes(from: account, to: dim).isEmpty)
  }

  @Test func aColumnIsRemovedOnlyOnTheSourcesWord() {
    var without = account
    without.columns.removeAll { $0.name == "rep_c" }
    #expect(changes(from: account, to: without).isEmpty, "absence is no evidence")
    var deleted = account
    deleted.columns[index("rep_c")].inSource = .absent
    guard case .columnRemoved(let column)? = changes(from: account, to: deleted).first else {
      Issue.record("DELETED is evidence")
      return
    }
    #expect(column.name == "rep_c")
  }

  @Test(arguments: [(1, Presence.present), (2, .absent)])
  func aColumnsListProvesAbsenceFromTheSecondLookOn(looks: Int, expected: Presence) throws {
    let list = ColumnList(columns: [ColumnSetting(source: "Id", name: "id")], looks: looks)
    let table = try #require(snapshot(list: list).tables.first)
    let column = try #require(table.columns.first { $0.name == "rep_c" })
    #expect(column.inSource == (looks == 1 ? .unknown : expected))
  }

  @Test func settingsThatHideAColumnSayNothingOfIt() throws {
    let table = try #require(snapshot(list: nil).tables.first)
    #expect(table.columns.map(\.name) == ["id", "rep_c"])
    #expect(table.columns.allSatisfy { $0.inSource == .unknown && $0.landed == .present })
    #expect(table.systemColumns == ["_fivetran_synced"])
  }

  @Test func aRenameNeedsOneClearPair() {
    let renamed = changes(from: account, to: replacing("rep_c", by: ["owner_rep_c"]))
    guard case .columnRenamed(let from, let to, let evidence)? = renamed.first else {
      Issue.record("\(renamed)")
      return
    }
    #expect(from.name == "rep_c")
    #expect(to.name == "owner_rep_c")
    #expect(evidence.reasons.contains("no rival"))
    let rivals = changes(from: account, to: replacing("rep_c", by: ["owner_rep_c", "other_rep_c"]))
    #expect(!rivals.contains { if case .columnRenamed = $0 { true } else { false } })
  }

  @Test(arguments: [
    ("first_name", "last_name"), ("amount", "amount_cents"), ("created_at", "updated_at"),
    ("billing_city", "shipping_city"), ("is_active", "is_deleted"), ("status", "code"),
  ])
  func opposedNamesAreNeverARename(old: String, new: String) {
    var before = account
    before.columns[index("rep_c")].name = ColumnName(old)
    before.columns.sort { $0.name < $1.name }
    var after = before
    after.columns[after.columns.firstIndex { $0.name == ColumnName(old) } ?? 0].inSource = .absent
    after.columns.append(column(new))
    after.columns.sort { $0.name < $1.name }
    let found = changes(from: before, to: after)
    #expect(!found.contains { if case .columnRenamed = $0 { true } else { false } }, "\(found)")
  }

  @Test func namesThatOnlyLookEqualStayTwoColumns() {
    var twins = account
    twins.columns.append(column("caf\u{E9}"))
    twins.columns.append(column("cafe\u{301}"))
    twins.columns.sort { $0.name < $1.name }
    #expect(changes(from: account, to: twins).count == 2)
  }

  @Test func aColumnThatAPersonPromisedIsNotRemovedAndLandsOnce() {
    var promise = contract(promising: account, connection: "c")
    promise.columns.append(ContractColumn(name: "later", physicalType: "text"))
    #expect(diff(from: promise, to: account, dialect: .postgres).isEmpty)
    var landed = account
    landed.columns.append(column("later"))
    landed.columns.sort { $0.name < $1.name }
    guard case .columnLanded? = diff(from: promise, to: landed, dialect: .postgres).first else {
      Issue.record("it has landed")
      return
    }
  }

  @Test func aSynonymIsNoDrift() {
    var promise = contract(promising: account, connection: "c")
    promise.columns[0].physicalType = "character varying"
    #expect(diff(from: promise, to: account, dialect: .postgres).isEmpty)
  }

  @Test(arguments: [
    ("salesforce.account", "salesforce.*", true), ("salesforce.account", "*.account", true),
    ("salesforce.account", "salesforce.a?count", true), ("salesforce.account", "stripe.*", false),
    ("a", "", false), ("", "*", true), ("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "*a*a*a*a*a*a*b", false),
  ])
  func globs(text: String, glob: String, expected: Bool) {
    #expect(matches(text, glob: glob) == expected)
  }

  @Test func neutralSchemasAreComparedByWhatDiffers() throws {
    let before = try neutral(#"{"name":"id","type":"LONG","nullable":false,"pk":true},{"name":"n","type":"INT"}"#)
    let columns =
      #"{"name":"n","type":"LONG"},{"name":"id","type":"LONG","nullable":false,"pk":true},{"name":"x","type":"STRING"}"#
    let after = try NeutralSchema(JSONBytes(Array(document(columns).utf8)), beside: before)
    let found = try compare(before, after, dialect: .postgres)
    #expect(found.count == 1)
    #expect(found.first?.changes.compactMap { $0.column?.text } == ["n", "x"])
    #expect(try compare(before, before, dialect: .postgres).isEmpty)
  }

  private func neutral(_ columns: String) throws -> NeutralSchema {
    try NeutralSchema(JSONBytes(Array(document(columns).utf8)))
  }

  private func document(_ columns: String) -> String {
    #"{"connectors":[{"id":"c","service":"s","schema":"p","tables":[{"name":"t","columns":[\#(columns)]}]}]}"#
  }

  private func changes(from: ObservedTable, to: ObservedTable) -> [SchemaChange] {
    diff(from: contract(promising: from, connection: "c"), to: to, dialect: .postgres)
  }

  private func index(_ name: ColumnName) -> Int {
    account.columns.firstIndex { $0.name == name } ?? 0
  }

  private func replacing(_ old: ColumnName, by new: [String]) -> ObservedTable {
    var table = account
    table.columns[index(old)].inSource = .absent
    table.columns += new.map(column)
    table.columns.sort { $0.name < $1.name }
    return table
  }

  private func column(_ name: String) -> ObservedColumn {
    ObservedColumn(
      name: ColumnName(name), type: .text(length: nil), physicalType: "text", isNullable: true,
      isPrimaryKey: false, inSource: .present, landed: .present)
  }

  private func snapshot(list: ColumnList?) -> SchemaSnapshot {
    let source = SourceTable(schema: "salesforce", name: "Account")
    let name = TableName(schema: "salesforce", name: "account")
    let catalogue = CatalogueTable(
      name: name,
      columns: ["id", "rep_c", "_fivetran_synced"].map {
        CatalogueColumn(name: ColumnName($0), physicalType: "text")
      })
    return DriftCore.snapshot(
      of: "salesforce",
      settings: ConnectionSettings(
        changeHandling: .allowAll,
        tables: [TableSetting(source: source, name: name, isEnabled: true)]),
      types: .catalogue([name: catalogue]),
      columnLists: list.map { [source: $0] } ?? [:], scope: Scope(), dialect: .postgres)
  }
}

/// `salesforce.account` with four columns, everything known of it.
let account = ObservedTable(
  name: TableName(schema: "salesforce", name: "account"),
  source: SourceTable(schema: "salesforce", name: "Account"), inSource: .present,
  landed: .present,
  columns: ["id", "name", "rep_c", "revenue"].map { name in
    ObservedColumn(
      name: ColumnName(name), sourceName: name,
      type: name == "revenue" ? .decimal(precision: 18, scale: 2) : .text(length: nil),
      physicalType: name == "revenue" ? "numeric(18,2)" : "text", isNullable: name != "id",
      isPrimaryKey: name == "id", isEnabled: true, isHashed: false, inSource: .present,
      landed: .present)
  }, uniqueKeys: [["id"]])
