import DriftCore
import Fivetran
import Testing
import Transport

@Suite struct PatchTests {
  private let orders = SourceTable(schema: "public", name: "Orders")
  private let modified =
    #"{"code":"Success","message":"Schema configuration has been modified","data":{}}"#

  /// The recorded config with one text in place of another.
  private func config(_ old: String = "", _ new: String = "") throws -> [UInt8] {
    let text = String(decoding: try fixture("settings.json"), as: UTF8.self)
    if old.isEmpty { return Array(text.utf8) }
    let changed = text.replacing(old, with: new)
    try #require(changed != text)
    return Array(changed.utf8)
  }

  private let emailHashed = #""name_in_destination": "email", "enabled": true, "hashed": true"#
  private let emailClear = #""name_in_destination": "email", "enabled": true, "hashed": false"#
  private let emailOff = #""name_in_destination": "email", "enabled": false, "hashed": true"#

  @Test func hashingAColumnSendsEveryEnabledAndIsReadBack() async throws {
    let transport = ReplayTransport([
      get(schemas, try config(emailHashed, emailClear)),
      exchange("PATCH", schemas, modified), get(schemas, try config()),
    ])
    let client = client(transport)
    try await client.patch(
      SettingsPatch(table: orders, column: "Email", hashed: true), on: connection)
    #expect(
      transport.requests[1].bodyText
        == #"{"schemas":{"public":{"enabled":true,"tables":{"Orders":{"enabled":true,"columns":{"Email":{"enabled":true,"hashed":true}}}}}}}"#
    )
    #expect(
      transport.requests[1].headers.map(\.name) == ["Authorization", "Accept", "Content-Type"])
    #expect(transport.unused.isEmpty)
    #expect(client.requestCount == 3)
  }

  @Test func switchingAColumnOffLeavesItsHashing() async throws {
    let transport = ReplayTransport([
      get(schemas, try config()), exchange("PATCH", schemas, modified),
      get(schemas, try config(emailHashed, emailOff)),
    ])
    try await client(transport).patch(
      SettingsPatch(table: orders, column: "Email", enabled: false), on: connection)
    #expect(
      transport.requests[1].bodyText
        == #"{"schemas":{"public":{"enabled":true,"tables":{"Orders":{"enabled":true,"columns":{"Email":{"enabled":false}}}}}}}"#
    )
  }

  @Test func aTableIsSwitchedOffByItself() async throws {
    let before = #""name_in_destination": "gone", "enabled": true"#
    let after = #""name_in_destination": "gone", "enabled": false"#
    let transport = ReplayTransport([
      get(schemas, try config()), exchange("PATCH", schemas, modified),
      get(schemas, try config(before, after)),
    ])
    try await client(transport).patch(
      SettingsPatch(
        table: SourceTable(schema: "public", name: "Gone"), column: nil, enabled: false),
      on: connection)
    #expect(
      transport.requests[1].bodyText
        == #"{"schemas":{"public":{"enabled":true,"tables":{"Gone":{"enabled":false}}}}}"#)
  }

  @Test func aColumnThatTheConfigHidesIsLookedUpInTheSource() async throws {
    let added =
      #""Email": {"name_in_destination": "email", "enabled": true}, "note": {"name_in_destination": "note", "enabled": true, "hashed": true}, "X": {"#
    let transport = ReplayTransport([
      get(schemas, try config()),
      get("\(schemas)/public/tables/Orders/columns", try fixture("columns.json")),
      exchange("PATCH", schemas, modified), get(schemas, try config(#""Email": {"#, added)),
    ])
    try await client(transport).patch(
      SettingsPatch(table: orders, column: "note", hashed: true), on: connection)
    #expect(transport.requests[2].bodyText.contains(#""note":{"enabled":true,"hashed":true}"#))
  }

  @Test func aSettingThatIsThereAlreadyDisturbsNoSync() async throws {
    let transport = ReplayTransport([get(schemas, try config())])
    try await client(transport).patch(
      SettingsPatch(table: orders, column: "Email", enabled: true, hashed: true), on: connection)
    #expect(transport.requests.count == 1)
  }

  @Test func aSettingThatDidNotTakeIsAnError() async throws {
    let transport = ReplayTransport([
      get(schemas, try config()), exchange("PATCH", schemas, modified),
      get(schemas, try config()),
    ])
    let error = try await refusal {
      try await client(transport).patch(
        SettingsPatch(table: orders, column: "Email", hashed: false), on: connection)
    }
    #expect(
      error.code == .settingNotTaken(setting: #"hashed: false of column "Email" of public.Orders"#))
    #expect(error.request == "PATCH \(schemas)")
  }

  @Test(arguments: [
    (
      SettingsPatch(
        table: SourceTable(schema: "public", name: "orders"), column: nil, enabled: false),
      "the config has no table \"public.orders\"; names are case-sensitive"
    ),
    (
      SettingsPatch(
        table: SourceTable(schema: "public", name: "Orders"), column: "id", enabled: false),
      "Fivetran does not let column \"id\" be switched on or off"
    ),
    (
      SettingsPatch(
        table: SourceTable(schema: "public", name: "Audit"), column: "x", enabled: false),
      "Fivetran allows no column settings for table \"public.Audit\""
    ),
    (
      SettingsPatch(
        table: SourceTable(schema: "archive", name: "Orders"), column: "x", enabled: true),
      "schema \"archive\" is disabled; enable it in Fivetran first"
    ),
  ])
  func whatCannotTakeEffectIsNotSent(patch: SettingsPatch, message: String) async throws {
    let transport = ReplayTransport([get(schemas, try config())])
    let error = try await refusal { try await client(transport).patch(patch, on: connection) }
    #expect(error.code == .invalid(message: message))
    #expect(transport.requests.allSatisfy { $0.method == "GET" })
  }

  @Test func aColumnInTheWrongCaseIsNotInvented() async throws {
    let transport = ReplayTransport([
      get(schemas, try config()),
      get("\(schemas)/public/tables/Orders/columns", try fixture("columns.json")),
    ])
    let error = try await refusal {
      try await client(transport).patch(
        SettingsPatch(table: orders, column: "email", hashed: true), on: connection)
    }
    #expect(
      error.code
        == .invalid(
          message: #"table "public.Orders" has no column "email"; names are case-sensitive"#))
  }

  @Test func aSyncIsAskedForWithoutForce() async throws {
    let transport = ReplayTransport([
      exchange("POST", "/v1/connections/gentle_harbour/sync", #"{"code":"Success","message":"x"}"#)
    ])
    try await client(transport).sync(connection, resync: [])
    #expect(transport.requests[0].bodyText == #"{"force":false}"#)
    #expect(!transport.requests[0].isRepeatable)
  }

  @Test func aResyncNamesItsTablesBySchema() async throws {
    let transport = ReplayTransport([
      exchange("POST", "\(schemas)/tables/resync", #"{"code":"Success"}"#),
      exchange("POST", "\(schemas)/tables/resync", status: 204, ""),
    ])
    let tables = [
      SourceTable(schema: "public", name: "b"), SourceTable(schema: "e\u{301}", name: "x"),
      SourceTable(schema: "\u{E9}", name: "y"), SourceTable(schema: "public", name: "a"),
      SourceTable(schema: "public", name: "a"),
    ]
    try await client(transport).sync(connection, resync: tables)
    #expect(
      transport.requests[0].bodyText
        == "{\"e\u{301}\":[\"x\"],\"public\":[\"a\",\"b\"],\"\u{E9}\":[\"y\"]}")
    try await client(transport).sync(connection, resync: tables)
  }

  @Test func anActionThatDoesNotSaySuccessHasNotWorked() async throws {
    for body in ["", "<html>", "{}", #"{"code":"Busy"}"#] {
      let transport = ReplayTransport([
        exchange("POST", "/v1/connections/gentle_harbour/sync", body)
      ])
      let error = try await refusal { try await client(transport).sync(connection, resync: []) }
      #expect(!error.reason.isEmpty)
    }
  }
}
