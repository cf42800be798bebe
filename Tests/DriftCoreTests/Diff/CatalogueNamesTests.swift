import DriftCore
import Testing

/// Snowflake has what was made without quotes in upper case; Fivetran's interface has it in lower case.
struct CatalogueNamesTests {
  private let settings = ConnectionSettings(
    changeHandling: .allowAll,
    tables: [
      TableSetting(
        source: SourceTable(schema: "salesforce", name: "Account"),
        name: TableName(schema: "salesforce", name: "account"), isEnabled: true,
        columns: [ColumnSetting(source: "Tier__c", name: "tier_c", isHashed: true)]),
      TableSetting(
        source: SourceTable(schema: "stripe", name: "charge"), name: TableName(schema: "stripe", name: "charge"),
        isEnabled: true),
    ])

  private func catalogue(_ schema: String, _ table: String, _ column: ColumnName, type: String) -> LandedTypes {
    let name = TableName(schema: schema, name: table)
    return .catalogue([name: CatalogueTable(name: name, columns: [CatalogueColumn(name: column, physicalType: type)])])
  }

  private func snapshot(_ types: LandedTypes, _ dialect: Dialect) -> SchemaSnapshot {
    DriftCore.snapshot(
      of: "s", settings: settings, types: types, columnLists: [:],
      scope: Scope(include: ["salesforce.*"], exclude: []), dialect: dialect)
  }

  @Test func whatFivetranLandedIsFoundUnderTheNamesOfTheCatalogue() throws {
    let found = snapshot(catalogue("SALESFORCE", "ACCOUNT", "TIER_C", type: "VARCHAR(20)"), .snowflake)
    #expect(found.tables.map(\.name) == [TableName(schema: "SALESFORCE", name: "ACCOUNT")])
    let column = try #require(found.tables.first?.columns.first)
    #expect(found.tables.first?.landed == .present)
    #expect(found.tables.first?.columns.count == 1)
    #expect(column.name == "TIER_C")
    #expect(column.landed == .present)
    #expect(column.type == .text(length: 20))
  }

  @Test func theNamesOfTheMetadataAreFoldedAsWell() throws {
    let types = LandedTypes.metadata([TableName(schema: "salesforce", name: "account"): ["tier_c": "STRING"]])
    let table = try #require(snapshot(types, .snowflake).tables.first)
    #expect(table.landed == .present)
    #expect(table.columns.map(\.name) == ["TIER_C"])
  }

  @Test func otherWarehousesHaveThemAsTheyAre() {
    let found = snapshot(catalogue("salesforce", "account", "tier_c", type: "text"), .postgres)
    #expect(found.tables.map(\.name) == [TableName(schema: "salesforce", name: "account")])
    #expect(found.tables.first?.landed == .present)
  }
}
