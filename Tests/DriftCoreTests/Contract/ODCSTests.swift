import DriftCore
import Foundation
import Testing

private func fixture(_ name: String) throws -> String {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  return String(
    decoding: try Data(contentsOf: root.appendingPathComponent("fixtures/contracts/\(name)")), as: UTF8.self)
}

private func findings(_ text: String) -> [Diagnostic] { parseContract(Array(text.utf8), path: "contract.odcs.yaml").1 }

/// The three files are valid to the JSON Schemas of their versions, and to the standard's own reference tool.
@Suite struct ODCSTests {
  @Test(arguments: ["v3.2.0", "v3.1.0", "v3.0.2"])
  func everythingThatAVersionAllowsIsRead(version: String) throws {
    let found = findings(try fixture("everything-\(version).yaml"))
    #expect(found.isEmpty, "\(found)")
  }

  @Test func whatLaterVersionsHaveKeysForIsReadInEarlierOnes() throws {
    for version in ["v3.1.0", "v3.0.2"] {
      let contract = try #require(
        parseContract(Array(try fixture("everything-\(version).yaml").utf8), path: "c").0)
      #expect(contract.standard.text == version)
      #expect(contract.isDeprecated)
      #expect(contract.source == SourceTable(schema: "salesforce", name: "Account"))
      #expect(contract.columns[0].sourceColumn == "Id")
      #expect(contract.columns[0].synonyms == ["account_id"])
      #expect(contract.mentions == ["created"])
    }
  }

  @Test(arguments: [
    // Keys that came with a version.
    ("v3.1.0", "    logicalType: object\n", "    logicalType: object\n    deprecated: true\n", "is there since v3.2.0"),
    (
      "v3.1.0", "value: Account}", "value: Account, vendor: fivetran}", "\"vendor\" of a custom property is there since"
    ),
    (
      "v3.1.0", "logicalType: timestamp, logicalTypeOptions: {timezone: true}", "logicalType: map, map: {}",
      "unknown logicalType \"map\""
    ),
    ("v3.1.0", "port: 5432", "port: \"5432\"", "\"port\" is"),
    ("v3.1.0", "type: postgres, host: db.example.com", "type: teradata, host: x", "are there since v3.2.0"),
    ("v3.0.2", "logicalType: date", "logicalType: timestamp", "unknown logicalType \"timestamp\""),
    ("v3.0.2", "exclusiveMaximum: true", "exclusiveMaximum: \"2100\"", "not true or false"),
    (
      "v3.0.2", "team:\n  - {username: dana@example.com, role: owner, dateIn: \"2024-08-01\"}", "team: {name: x}",
      "a team that is a mapping"
    ),
    ("v3.0.2", "status: active\n", "", "lacks \"status\""),
    ("v3.0.2", "url: \"https://chat.example.com\"", "scope: all", "a support channel lacks \"url\""),
    // What v3.0 left open is told, and no more.
    ("v3.0.2", "{username: dana", "{nickname: x, username: dana", "unknown key \"nickname\""),
    // Closed lists and types.
    (
      "v3.2.0", "type: postgres\n    description", "type: postgrs\n    description",
      "unknown type \"postgrs\" of a server"
    ),
    ("v3.2.0", "    host: ${WAREHOUSE_HOST}\n", "", "a server of type postgres lacks \"host\""),
    ("v3.2.0", "    database: raw\n", "    database: raw\n    warehouse: x\n", "unknown key \"warehouse\" in a server"),
    ("v3.2.0", "format: i64", "format: i65", "unknown format \"i65\""),
    ("v3.2.0", "maxLength: 18", "precision: 18", "unknown key \"precision\" in the options of string"),
    ("v3.2.0", "maxLength: 18", "maxLength: -1", "\"maxLength\" is -1"),
    ("v3.2.0", "maximum: 1000000000", "maximum: 1e9", "\"maximum\" is \"1e9\", not a number"),
    ("v3.2.0", "{dimensions: 3, ", "{", "the options of vector lacks \"dimensions\""),
    ("v3.2.0", "key: {logicalType: integer}, ", "", "a map lacks \"key\""),
    ("v3.2.0", "minItems: 0,", "minItems: 0, items: 1,", "unknown key \"items\" in the options of array"),
    (
      "v3.2.0", "logicalTypeOptions: {minProperties", "items: {name: x}\n        logicalTypeOptions: {minProperties",
      "\"items\" does not go with logicalType \"object\""
    ),
    ("v3.2.0", "metric: rowCount", "metric: rows", "unknown metric \"rows\""),
    ("v3.2.0", "mustBeGreaterThan: 0", "mustBeGreaterThan: 0\n        mustBe: 1", "2 comparisons, it needs one"),
    ("v3.2.0", "mustBeBetween: [1, 10]", "mustBeBetween: [1]", "has 1 items, it needs 2"),
    ("v3.2.0", "{type: custom, engine: soda, ", "{type: custom, ", "lacks \"engine\""),
    ("v3.2.0", "semanticType: column", "semanticType: key", "unknown semanticType"),
    ("v3.2.0", "id: rel_2, type: foreignKey, from: [account.id, account.stage]", "from: account.id", "do not pair up"),
    ("v3.2.0", "property: frequency, value: 15, ", "property: frequency, ", "a service level lacks \"value\""),
    ("v3.2.0", "priceAmount: 9.95", "priceAmount: free", "not a number"),
    // What no schema can say.
    (
      "v3.2.0", "from: account.address.city", "from: account.nobody",
      "the relationship to \"account.nobody\" points nowhere"
    ),
    ("v3.2.0", "schema/tbl_account/properties/col_id", "schema/tbl_account/properties/col_x", "points nowhere"),
    (
      "v3.2.0", "\"account.created, account.born\"", "\"account.created, account.gone\"",
      "the service level of \"account.gone\" points nowhere"
    ),
    ("v3.2.0", "properties: [id, stage]", "properties: [id, gone]", "the quality rule on \"gone\" points nowhere"),
    ("v3.2.0", "id: fld_city", "id: col id", "holds a character"),
    ("v3.2.0", "{name: revenue,", "{name: ID,", "look alike"),
    ("v3.2.0", "{name: revenue,", "{name: \"re\\0venue\",", "holds U+0000"),
    ("v3.2.0", "{name: revenue,", "{name: \"re\\evenue\",", "holds U+001B, which is not seen"),
    ("v3.2.0", "{name: revenue,", "{name: \"re\\u202Evenue\",", "holds U+202E, which is not seen"),
    ("v3.2.0", "{name: revenue,", "{name: revenue, physicalName: \"\",", "the name is empty"),
    ("v3.2.0", "CreatedTs: \"2026-03-01T09:00:00Z\"", "CreatedTs: 2026-03-01T09:00:00Z", "other readers take"),
    ("v3.2.0", "version: 1.4.0", "version: 1.4", "\"version\" is 1.4, which is no text"),
    ("v3.2.0", "id: fivetran-salesforce-prod", "id: 5", "\"id\" is 5, which is no text"),
    ("v3.2.0", "name: Salesforce accounts", "name: null", "\"name\" is null, which is no text"),
    ("v3.2.0", "name: Salesforce accounts", "name: yes", "other readers take yes"),
    ("v3.2.0", "name: Salesforce accounts", "name:", "\"name\" of the contract has no value"),
    ("v3.2.0", "multipleOf: 1,", "multipleOf: 0,", "\"multipleOf\" is \"0\""),
    ("v3.2.0", "dimensions: 3", "dimensions: 0", "\"dimensions\" is 0"),
    ("v3.2.0", "        logicalType: map\n        map:", "        map:", "\"map\" without logicalType"),
    ("v3.2.0", "{value: won}", "{value: open}", "a second value of \"enum\" \"open\""),
    ("v3.2.0", "to: contact.account_id", "to: nodot", "\"to\" is \"nodot\", not a reference to a column"),
    ("v3.2.0", "to: [other.id, other.stage]", "to: [other.id, a/b/c]", "not a reference to a column"),
    (
      "v3.1.0", "logicalType: timestamp,", "logicalType: timestamp, relationships: [{to: a.b.c}],",
      "not a reference to a column"
    ),
    ("v3.2.0", "mustBeBetween: [1, 10]", "mustBeBetween: [1, 2, 3]", "has 3 items, it takes 2"),
    ("v3.2.0", "mustBeBetween: [1, 10]", "mustBeBetween: [1, 1]", "\"1\" is there twice in \"mustBeBetween\""),
    ("v3.2.0", "required: [city]", "required: [city, city]", "\"city\" is there twice"),
    ("v3.1.0", "type: postgres, host: db.example.com", "type: athena, host: x", "athena lacks \"stagingDir\""),
    (
      "v3.0.2", "type: postgres, host: db.example.com", "type: sftp, location: db.example.com",
      "not an address of SFTP"
    ),
    ("v3.2.0", "name: lines\n", "name: city\n", "a second field \"city\""),
    ("v3.2.0", "  - {id: role_1,", "  - role: reader\n  - {id: role_1,", "a second role \"reader\""),
    (
      "v3.2.0", "logicalType: number, logicalTypeOptions: {maximum: 1000000000, exclusiveMinimum: -1, format: f64}",
      "logicalType: integer", "logicalType \"integer\" contradicts physicalType \"numeric(18,2)\""
    ),
    (
      "v3.2.0", "  - property: driftPolicy",
      "  - {property: schemaChangeHandling, value: ALLOW, vendor: fivetran}\n  - property: driftPolicy",
      "unknown schemaChangeHandling \"ALLOW\""
    ),
    (
      "v3.2.0", "- {property: sourceColumn, value: Id, vendor: fivetran}",
      "- {property: position, value: first, vendor: mooring}", "\"position\" is \"first\", not a whole number"
    ),
  ])
  func whatAVersionDoesNotAllowIsTold(version: String, old: String, new: String, message: String) throws {
    let text = try fixture("everything-\(version).yaml")
    let changed = text.replacing(old, with: new, maxReplacements: 1)
    #expect(changed != text, "the fixture lacks \(old)")
    let found = findings(changed)
    #expect(found.contains { $0.message.contains(message) }, "\(found)")
    let isWarning = [
      "nickname", "look alike", "other readers", "service level of", "quality rule on", "is not seen", "has no value",
      "contradicts",
    ]
    .contains {
      message.contains($0)
    }
    #expect(found.contains { $0.severity == .error } != isWarning || found.isEmpty, "\(found)")
  }

  /// Measures and dimensions are the contract's own: no warehouse has them.
  @Test func onlyColumnsAreHeldAgainstAWarehouse() throws {
    let contract = try #require(parseContract(Array(try fixture("everything-v3.2.0.yaml").utf8), path: "c").0)
    #expect(contract.columns.contains { $0.name == "id" && $0.isCritical })
    #expect(!contract.columns.contains { $0.name == "active" }, "a dimension")
    let again = findings(
      try fixture("everything-v3.2.0.yaml").replacing("{name: opens,", with: "{name: active,", maxReplacements: 1))
    #expect(again.contains { $0.message == "a second column \"active\"" }, "\(again)")
  }

  @Test func namesThatLookAlikeAreToldByTheirCodePoints() throws {
    let text = try fixture("everything-v3.2.0.yaml")
      .replacing("{name: opens,", with: "{name: na\u{EF}ve,").replacing("{name: created,", with: "{name: nai\u{308}ve,")
    #expect(
      findings(text).contains { $0.message.hasSuffix(#"look alike, spelled nai\u{308}ve and na\u{EF}ve"#) })
  }

  @Test func tenThousandColumnsAreReadAndATableThatIsTooLargeIsRefused() {
    func contract(_ count: Int) -> Contract {
      Contract(
        id: "wide", version: "1.0.0", table: TableName(schema: "s", name: "wide"),
        columns: (0..<count).map {
          ContractColumn(
            id: "col_a_column_\($0)", name: ColumnName("a_column_\($0)"), physicalType: "numeric(18,2)",
            logicalType: "number", sourceColumn: "AColumn\($0)")
        })
    }
    let server = ContractServer(
      name: "w", type: "postgres", schema: "s", connectionID: "c", connectorType: "salesforce", groupID: "g")
    let wide = contract(10_000)
    let text = Array(renderContract(wide, server: server).utf8)
    #expect(parseContract(text, path: "c").0 == wide)
    let (none, problems) = parseContract(Array(renderContract(contract(25_000), server: server).utf8), path: "c")
    #expect(none == nil && problems.count == 1 && problems[0].message.contains("more than"))
  }
}
