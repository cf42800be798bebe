import DriftCore
import Testing

/// A contract's physical types are those of the warehouse that its connection lands in.
struct LintTypesTests {
  @Test(
    arguments: [
      ("postgres", "VARCHAR2(18)", "PostgreSQL has no type \"VARCHAR2(18)\"", "did you mean \"varchar\"?"),
      ("postgres", "NUMBER(18,2)", "PostgreSQL has no type", "did you mean \"numeric(18,2)\"?"),
      ("postgres", "STRING", "PostgreSQL has no type", "did you mean \"text\"?"),
      ("postgres", "frobnicator", "PostgreSQL has no type", nil),
      ("postgres", "numeric(2000)", "does not read as a type of PostgreSQL", "check what stands in brackets"),
      ("postgres", "varchar(18", "does not read as a type of PostgreSQL", "check what stands in brackets"),
      ("bigquery", "VARCHAR(18)", "BigQuery has no type", "did you mean \"STRING(18)\"?"),
      ("snowflake", "jsonb", "Snowflake has no type", "did you mean \"VARIANT\"?"),
    ] as [(String, String, String, String?)])
  func aTypeThatTheWarehouseDoesNotHaveIsToldWithTheNearest(
    kind: String, type: String, message: String, hint: String?
  ) throws {
    let found = findings(kind, physicalType: type)
    #expect(found.count == 1, "\(found)")
    let finding = try #require(found.first)
    #expect(finding.severity == .warning && finding.line == 16, "\(finding)")
    #expect(finding.message.contains(message), "\(finding)")
    #expect(hint.map { finding.hint?.contains($0) == true } ?? (finding.hint == nil), "\(finding)")
  }

  /// Mooring's own spellings, and those of types that it compares by their spelling alone.
  @Test(arguments: [
    ("postgres", "inet"), ("postgres", "interval"), ("postgres", "character(3)"), ("postgres", "text[]"),
    ("postgres", "timestamp(3) with time zone"), ("snowflake", "TIMESTAMP"), ("snowflake", "GEOGRAPHY"),
    ("bigquery", "ARRAY<STRUCT<a INT64>>"), ("redshift", "super"), ("databricks", "INTERVAL DAY"),
  ])
  func whatTheWarehouseHasIsNotTold(kind: String, type: String) {
    #expect(findings(kind, physicalType: type) == [])
  }

  @Test(arguments: Dialect.all)
  func whatMooringWritesIsNotTold(dialect: Dialect) {
    let types: [ColumnType] = [
      .boolean, .integer(bits: 64), .decimal(precision: 18, scale: 2), .float(bits: 64), .date, .timestamp(zoned: true),
      .timestamp(zoned: false), .text(length: 18), .text(length: nil), .json, .binary(length: nil),
    ]
    for type in types.compactMap(dialect.typeName) {
      #expect(findings(dialect.id, physicalType: type) == [], "\(type)")
    }
  }

  @Test func aLogicalTypeOfAnotherKindIsTold() throws {
    let found = findings("postgres", physicalType: "jsonb", logicalType: "boolean")
    #expect(found == [], "JSON has no logical type of its own")
    let float = try #require(findings("postgres", physicalType: "float4", logicalType: "date").first)
    #expect(float.line == 17 && float.message == "logicalType \"date\" contradicts physicalType \"float4\"")
    #expect(float.hint == "the physical type counts; write \"number\"")
  }

  /// Without the project nobody knows where a contract's table lands.
  @Test func aContractWithoutItsConnectionIsNotHeldAgainstAny() {
    let (path, text) = contract("VARCHAR2(18)", nil)
    #expect(lint([path: Array(text.utf8)]) == [])
  }

  private func findings(_ kind: String, physicalType: String, logicalType: String? = nil) -> [Diagnostic] {
    let (path, text) = contract(physicalType, logicalType)
    let settings = [
      "postgres": "url: \"${U}\"", "snowflake": "account: a-b, user: u, database: D, private_key: \"${K}\"",
      "bigquery": "project: p, location: EU, credentials: \"${C}\"",
      "databricks": "host: h.example.com, warehouse: w, catalog: c, secret: \"${S}\"",
    ]
    let project = """
      version: 1
      fivetran: {api: "https://api.fivetran.com", key: "${K}", secret: "${S}"}
      forge: {kind: local, folder: f}
      destinations:
        w: {kind: \(kind), group: g, \(settings[kind] ?? "url: \"${U}\"")}
      connections:
        crm: {id: i, destination: w}

      """
    return lint(["contracts/mooring.yaml": Array(project.utf8), path: Array(text.utf8)])
      .filter { $0.path == path }
  }

  private func contract(_ physicalType: String, _ logicalType: String?) -> (String, String) {
    (
      "contracts/crm/crm.deal/contract.odcs.yaml",
      """
      apiVersion: v3.2.0
      kind: DataContract
      id: crm-deal
      version: "1.0.0"
      status: active
      servers:
        - server: w
          type: custom
          schema: crm
      schema:
        - name: deal
          physicalName: deal
          logicalType: object
          properties:
            - name: a
              physicalType: "\(physicalType)"
      \(logicalType.map { "        logicalType: \($0)\n" } ?? "")
      """
    )
  }
}
