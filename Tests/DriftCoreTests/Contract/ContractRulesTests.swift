import DriftCore
import Testing

let accountContract = """
  # The account table.
  apiVersion: v3.2.0
  kind: DataContract
  id: fivetran-salesforce-prod
  version: 1.4.0   # bumped by Mooring
  status: active
  description:
    purpose: Replica
  servers:
    - server: production
      type: snowflake
      account: ab12345.eu-west-1
      database: RAW
      schema: SALESFORCE
  schema:
    - id: tbl_account
      name: account
      physicalName: ACCOUNT
      physicalType: table
      logicalType: object
      customProperties:
        - property: sourceSchema
          value: salesforce
          vendor: fivetran
        - {property: sourceTable, value: Account, vendor: fivetran}
        - property: syncMode
          value: SOFT_DELETE
          vendor: fivetran
        - property: weight
          value: [1, 2]
          vendor: someone-else
      properties:
        - id: col_id
          name: id
          physicalName: ID
          logicalType: string
          logicalTypeOptions:
            maxLength: 18
          physicalType: VARCHAR(18)   # Salesforce ids
          required: true
          primaryKey: true
          primaryKeyPosition: 1
          customProperties:
            - property: sourceColumn
              value: 'Id'
              vendor: fivetran

        # Money.
        - {id: col_revenue, name: annual_revenue, physicalType: "NUMBER(18,2)", logicalType: number}
        - id: col_email
          name: owner_email_c
          physicalType: VARCHAR(240)
          description: |
            The owner's
            address.
          customProperties:
            - property: hashed
              value: true
              vendor: fivetran
      quality:
        - type: library
          metric: rowCount
          mustBeGreaterThan: 0
  customProperties:
    - property: driftPolicy
      value:
        columnAdded: auto
        type.narrowed: block
      vendor: mooring

  """

private func errors(_ text: String) -> [String] {
  parseContract(Array(text.utf8), path: "contract.odcs.yaml").1.map(\.message)
}

@Suite struct ContractRulesTests {
  @Test func whatWeKnowOfAContractIsRead() throws {
    let (read, diagnostics) = parseContract(Array(accountContract.utf8), path: "c")
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let contract = try #require(read)
    #expect(contract.table == TableName(schema: "SALESFORCE", name: "ACCOUNT"))
    #expect(contract.source == SourceTable(schema: "salesforce", name: "Account"))
    #expect(contract.syncMode == .softDelete)
    #expect(contract.policy == ["column.added": .auto, "type.narrowed": .block])
    #expect(contract.columns.map(\.name) == ["ID", "annual_revenue", "owner_email_c"])
    #expect(contract.columns[0].sourceColumn == "Id")
    #expect(contract.columns[0].primaryKeyPosition == 1)
    #expect(contract.columns[2].isHashed == true)
    #expect(contract.columns[2].description == "The owner's\naddress.\n")
  }

  @Test(arguments: [
    ("status: active", "statsu: active", "unknown key \"statsu\" in the contract"),
    ("name: annual_revenue", "name: ID", "a second column \"ID\""),
    ("id: col_email", "id: col_id", "a second column with the id \"col_id\""),
    ("id: col_email", "id: col.email", "holds a character"),
    ("primaryKey: true", "unique: true", "primaryKeyPosition without primaryKey"),
    ("apiVersion: v3.2.0", "apiVersion: v2.2.2", "is not read"),
    ("kind: DataContract", "kind: Data", "unknown kind"),
    ("  purpose: Replica", "  Replica", "not a mapping"),
    ("columnAdded: auto", "columnAded: auto", "unknown kind of change \"columnAded\""),
    ("columnAdded: auto", "columnAdded: atuo", "unknown policy \"atuo\""),
    ("logicalType: number", "logicalType: decimal", "unknown logicalType"),
    (
      "logicalType: string\n        logicalTypeOptions", "logicalTypeOptions",
      "logicalTypeOptions without logicalType"
    ),
    ("logicalType: number}", "logicalType: string}", "contradicts"),
    (
      "logicalType: number}", "logicalType: number, relationships: [{to: account.nobody}]}",
      "points nowhere"
    ),
    ("required: true", "required: \"true\"", "not true or false"),
    ("    schema: SALESFORCE\n", "", "schema in the destination"),
    ("value: SOFT_DELETE", "value: SOFT", "unknown syncMode"),
    ("name: annual_revenue", "name: no", "other readers take no"),
    (
      "- {property: sourceTable, value: Account, vendor: fivetran}", "- {property: x}",
      "lacks \"value\""
    ),
  ])
  func whatTheJSONSchemaMissesIsFound(old: String, new: String, message: String) {
    let found = errors(accountContract.replacing(old, new))
    #expect(found.contains { $0.contains(message) }, "\(found)")
  }

  @Test(arguments: [
    ("1.4.0", VersionPart.major, "2.0.0"), ("1.4.2", .minor, "1.5.0"), ("1.4.2", .patch, "1.4.3"),
    ("1.4", .major, "1.4"), ("v1.4.0", .minor, "v1.4.0"), ("1.4.0-rc1", .minor, "1.4.0-rc1"),
    ("1..0.1", .minor, "1..0.1"),
  ])
  func onlySemanticVersionsAreBumped(version: String, part: VersionPart, expected: String) {
    #expect(bumped(version, by: part) == expected)
  }
}
