import JSON
import Testing

/// What people say on the command line, against a real destination.
struct HoldCommandTests {
  @Test func whatIsHeldWaitsUntilAPersonResumesItAndADryRunShowsEveryByte() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try world.mooring("run")
    try await world.advance()
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    let table = "salesforce/salesforce.account"
    #expect(try world.mooring("hold", table, "--reason", "quarter end", "--until", "4h").contains("held \(table)"))
    #expect(try world.mooring("hold", "warehouse").contains("held warehouse"))
    #expect(try world.mooring("run").contains("quarter end; lift it with: mooring resume \(table)"))
    #expect(try await world.value(columnCount) == "0")
    let status = try world.mooring("status")
    #expect(status.contains("stopped: what is merged waits there\n  held         \(table): held by "))
    #expect(status.contains("\n  held         warehouse: held by "))
    let answer = try JSONValue.parse(try world.mooring("resume", "warehouse", "--json"))
    #expect(answer["applying"]?["changed"]?.bool == true)
    #expect(answer["applying"]?["brakes"]?[0]?["name"]?.string == table)
    #expect(try world.mooring("resume", table).contains("is applied by the next run"))
    #expect(try world.mooring("resume", table) == "nothing holds \(table)\n")
    #expect(try world.run(["hold", "nobody"]).status == 1)
    #expect(try world.run(["hold", table, "--until", "yesterday"]).status == 1)
    let statements = try world.git("-C", "contracts.git", "show", "main:\(try upSQL(of: world))")
    for command in [["plan"], ["apply", "--dry-run"], ["run", "--dry-run"]] {
      let shown = try world.run(command).output
      for statement in (statements + "\n").split(separator: ";\n") {
        let text = String(statement.trimmingPrefix("\n")).replacing("\n", with: "\n     ")
        #expect(shown.contains("\n     " + text), "\(command): \(shown)")
      }
    }
    #expect(try await world.value(columnCount) == "0", "a dry run sends nothing")
    #expect(try world.mooring("run").contains("applied"))
    #expect(try world.run(["audit", "export"]).output.contains("\"event\":\"hold.placed\""))
  }

  private func upSQL(of world: World) throws -> String {
    let files = try world.git("-C", "contracts.git", "ls-tree", "-r", "--name-only", "main")
    return files.split(separator: "\n").map(String.init).first { $0.hasSuffix("/up.sql") } ?? ""
  }

  private let columnCount = """
    SELECT count(*)::text FROM information_schema.columns WHERE table_schema = 'analytics' AND column_name = 'tier_c'
    """
}
