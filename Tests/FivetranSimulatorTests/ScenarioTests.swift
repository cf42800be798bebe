import FivetranSimulator
import Foundation
import Testing

struct ScenarioTests {
  @Test(arguments: ["one-table", "hostile-names", "three-connectors", "all-sorts"])
  func everyScenarioCanBeWalkedThrough(name: String) throws {
    var account = try scenario(name)
    #expect(!account.steps.isEmpty)
    for _ in account.steps { try account.step() }
    #expect(try account.advance() == nil)
  }

  @Test func theScenarioIsAsLargeAsItSays() throws {
    let account = try scenario("three-connectors")
    let tables = account.connections.flatMap(\.source.tables)
    #expect(tables.count >= 60)
    #expect(tables.reduce(0) { $0 + $1.columns.count } >= 1_000)
    #expect(account.steps.count == 9)
  }

  @Test(arguments: [
    (#"["id LONG pk", "name"]"#, "[]", #"should read "Name TYPE [pk]"#),
    (#"["id LONG key"]"#, "[]", #"should read "Name TYPE [pk]"#),
    (#"{"enabled": true}"#, "[]", #"table "t" needs columns"#),
    (#"["id LONG pk"]"#, #"[{"table": "T", "add_column": "a INT"}]"#, #"step 1: the source has no table "T""#),
    (#"["id LONG pk"]"#, #"[{"table": "t", "remove_column": "a"}]"#, #"step 1: table "t" has no column "a""#),
    (#"["id LONG pk"]"#, #"[{"table": "t", "add_column": "id INT"}]"#, #"has a column "id" already"#),
    (#"["id LONG pk"]"#, #"[{"frobnicate": true}]"#, "an unknown change"),
  ])
  func aMistakeInAScenarioIsNamed(table: String, changes: String, words: String) throws {
    let folder = NSTemporaryDirectory() + "mooring-scenario-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/steps", withIntermediateDirectories: true)
    for (name, text) in [
      ("scenario.json", #"{"connections": ["c"]}"#),
      ("c.json", #"{"id": "x", "service": "s", "schema": "s", "tables": {"t": \#(table)}}"#),
      ("steps/01.json", #"{"title": "t", "connection": "x", "changes": \#(changes)}"#),
    ] { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
    let error = #expect(throws: ScenarioError.self) { try loadScenario(folder) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
