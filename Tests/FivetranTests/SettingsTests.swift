import DriftCore
import Fivetran
import Testing
import Transport

@Suite struct SettingsTests {
  private func settings(_ body: [UInt8]) async throws -> ConnectionSettings {
    try await client(ReplayTransport([get(schemas, body)])).settings(of: connection)
  }

  private func table(_ name: String, _ schema: String = "orders_db_public") -> TableName {
    TableName(schema: schema, name: name)
  }

  @Test func aConfigIsReadWithDestinationNames() async throws {
    let settings = try await settings(fixture("settings.json"))
    #expect(settings.changeHandling == .allowAll)
    #expect(
      settings.schemas == [
        SchemaSetting(name: "orders_db_archive", isEnabled: false),
        SchemaSetting(name: "orders_db_public", isEnabled: true),
        SchemaSetting(name: "orders_db_scratch", isEnabled: false),
      ], "one that is off comes without tables")
    #expect(
      settings.tables.map(\.name) == [
        table("orders", "orders_db_archive"), table("audit"), table("gone"), table("orders"),
      ])
    #expect(
      settings.tables[3]
        == TableSetting(
          source: SourceTable(schema: "public", name: "Orders"), name: table("orders"),
          isEnabled: true, syncMode: .softDelete,
          columns: [
            ColumnSetting(source: "Email", name: "email", isHashed: true, isPrimaryKey: false),
            ColumnSetting(source: "id", name: "id", isPrimaryKey: true, canPatch: false),
            ColumnSetting(
              source: "legacyFlag", name: "legacy_flag", isDeleted: true, canPatch: false),
          ]))
  }

  @Test func aTableOfADisabledSchemaIsDisabled() async throws {
    let archive = try #require(try await settings(fixture("settings.json")).tables.first)
    #expect(!archive.isEnabled)
    #expect(archive.syncMode == .history)
  }

  @Test func lockedAndDeletedTablesAreTold() async throws {
    let tables = try await settings(fixture("settings.json")).tables
    #expect(tables.map(\.isDeleted) == [false, false, true, false])
    #expect(tables.map(\.supportsColumnSettings) == [true, false, true, true])
    #expect(!tables[1].isEnabled)
  }

  @Test func theOrderOfKeysDoesNotMatter() async throws {
    let body = #"""
      {"data":{"schemas":{"p":{"tables":{"T":{"columns":{"C":{"enabled":false,"name_in_destination":"c"}},
      "enabled":true,"name_in_destination":"t"}},"enabled":true,"name_in_destination":"d"}},
      "schema_change_handling":"BLOCK_ALL"},"code":"Success"}
      """#
    let settings = try await settings(Array(body.utf8))
    #expect(settings.changeHandling == .blockAll)
    #expect(
      settings.tables == [
        TableSetting(
          source: SourceTable(schema: "p", name: "T"), name: table("t", "d"), isEnabled: true,
          columns: [ColumnSetting(source: "C", name: "c", isEnabled: false)])
      ])
  }

  @Test(arguments: [
    ("", "it is empty"),
    ("<html><body>Sign in</body></html>", "no value begins with this byte (byte 0)"),
    ("[]", "an object should be here (byte 0)"),
    (#"{"data":{}}"#, "data: schema_change_handling is missing"),
    (#"{"code":"Success"}"#, "data is missing"),
    (#"{"code":"Nope"}"#, #"its code is "Nope", not "Success""#),
    (#"{"code":"Success","data":null}"#, "data: an object should be here (byte 25)"),
    (
      #"{"code":"Success","data":{"schema_change_handling":"ALLOW_SOME","schemas":{}}}"#,
      #"data.schema_change_handling: "ALLOW_SOME" is not known"#
    ),
    (
      #"{"code":"Success","data":{"schema_change_handling":"ALLOW_ALL"}}"#,
      "data: schemas is missing"
    ),
    (
      #"{"code":"Success","data":{"schemas":{"a b":{"tables":{"t":{"enabled":"yes"}}}}}}"#,
      #"data.schemas."a b".tables.t.enabled: true or false should be here (byte 69)"#
    ),
    (
      #"{"code":"Success","data":{"schemas":{"s":{"tables":{"t":{"name_in_destination":"t"}}}}}}"#,
      "data.schemas.s.tables.t: enabled is missing"
    ),
    (
      #"{"code":"Success","data":{"schemas":{"s":{"tables":{"t":{"columns":{"c":{"hashed":1}}}}}}}}"#,
      "data.schemas.s.tables.t.columns.c.hashed: true or false should be here (byte 82)"
    ),
    (
      #"{"code":"Success","data":{"id":"other_one"}}"#,
      #"data.id: the answer is about another connection, "other_one""#
    ),
    (
      #"{"code":"Success","data":{"schemas":{"s":{},"s":{}}}}"#,
      "data.schemas.s: name_in_destination is missing"
    ),
    (#"{"code":"Success","code":"Success"}"#, "this key appears twice in its object (byte 18)"),
    (#"{"code":"Success"} x"#, "the document is over, but bytes follow (byte 19)"),
  ])
  func whatCannotBeReadIsRefusedWithItsPlace(body: String, reason: String) async throws {
    let error = try await refusal { _ = try await settings(Array(body.utf8)) }
    #expect(error.reason == reason)
    #expect(error.request == "GET \(schemas)")
  }

  @Test func halfABodyIsNeverASmallerConfig() async throws {
    let whole = try fixture("settings.json")
    // Up to the last brace: what follows is white space.
    let end = try #require(whole.lastIndex(of: 0x7D))
    for length in stride(from: 0, through: end, by: 7) {
      let error = try await refusal { _ = try await settings(Array(whole[..<length])) }
      #expect(!error.reason.isEmpty)
    }
  }

  @Test func allColumnsOfATableAreAskedForByItsSourceName() async throws {
    let transport = ReplayTransport([
      get("\(schemas)/public/tables/Orders/columns", try fixture("columns.json"))
    ])
    let columns = try await client(transport).columns(
      of: SourceTable(schema: "public", name: "Orders"), in: connection)
    #expect(
      columns == [
        ColumnSetting(source: "Email", name: "email", isEnabled: false),
        ColumnSetting(source: "id", name: "id", isPrimaryKey: true, canPatch: false),
        ColumnSetting(source: "note", name: "note", isPrimaryKey: false),
      ])
    #expect(transport.requests.first?.headers.count == 2)
  }

  @Test(arguments: [
    ("a/b", "a%2Fb"), ("../x", "..%2Fx"), ("a?b#c", "a%3Fb%23c"), ("100%", "100%25"),
    ("a b\n", "a%20b%0A"), ("é😀", "%C3%A9%F0%9F%98%80"), ("a.b-c_d~e", "a.b-c_d~e"),
    (String(repeating: "x", count: 300), String(repeating: "x", count: 300)),
  ])
  func hostileNamesStayOneSegment(name: String, segment: String) async throws {
    let transport = ReplayTransport([
      get(
        "\(schemas)/\(segment)/tables/\(segment)/columns",
        #"{"code":"Success","data":{"columns":{}}}"#)
    ])
    let columns = try await client(transport).columns(
      of: SourceTable(schema: name, name: name), in: connection)
    #expect(columns.isEmpty)
  }

  @Test(arguments: ["", ".", ".."])
  func namesThatNoURLCanCarryAreRefusedUnsent(name: String) async throws {
    let transport = ReplayTransport([])
    let client = client(transport)
    let error = try await refusal {
      _ = try await client.columns(of: SourceTable(schema: "s", name: name), in: connection)
    }
    #expect(error.code == .invalid(message: "the name \"\(name)\" cannot be part of a URL"))
    #expect(client.requestCount == 0)
  }

  @Test func aHundredThousandColumnsAreReadWhole() async throws {
    var body = #"{"code":"Success","data":{"schema_change_handling":"ALLOW_ALL","schemas":{"#
    for schema in 0..<10 {
      body += schema == 0 ? "" : ","
      body += #""s\#(schema)":{"name_in_destination":"s\#(schema)","enabled":true,"tables":{"#
      for table in 0..<100 {
        body += table == 0 ? "" : ","
        body += #""t\#(table)":{"name_in_destination":"t\#(table)","enabled":true,"columns":{"#
        for column in 0..<100 {
          body += column == 0 ? "" : ","
          body +=
            #""c\#(column)":{"name_in_destination":"c\#(column)","enabled":true,"hashed":false}"#
        }
        body += "}}"
      }
      body += "}}"
    }
    let settings = try await settings(Array((body + "}}}").utf8))
    #expect(settings.tables.count == 1_000)
    #expect(settings.tables.reduce(0) { $0 + $1.columns.count } == 100_000)
  }
}
