import Foundation
import Testing

/// `mooring diff` on a world that drifted, in the ways that people ask.
struct DiffTests {
  @Test func driftIsShownAsMarkdownByTableAndSinceACommit() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    try await world.advance()
    let page = try world.run(["diff", "--markdown"])
    #expect(page.status == 2)
    #expect(page.output.hasPrefix("### `salesforce` · `salesforce.account`\n"))
    #expect(page.output.contains("| `tier_c` |"))
    #expect(try world.run(["diff", "--table", "salesforce.account"]).status == 2)
    #expect(try world.run(["diff", "--table", "salesforce.*"]).status == 2)
    let typo = try world.run(["diff", "--table", "salesforce.acount"])
    #expect(typo.status == 1 && typo.output == "")
    #expect(
      typo.errors.hasPrefix(
        "error: there is no table \"salesforce.acount\"\n  hint: did you mean \"salesforce.account\"?"))
    let unknown = try world.run(["diff", "salesforc"])
    #expect(unknown.status == 1 && unknown.errors.contains("did you mean \"salesforce\"?"))

    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    try world.mooring("run")
    #expect(try world.run(["diff"]).status == 0)
    let settled = try world.run(["diff", "--markdown", "--table", "salesforce.account"])
    #expect(settled.status == 0 && settled.output == "No drift in 1 connection.\n")
    let since = try world.run(["diff", "--since", "main~1", "--markdown"])
    #expect(since.status == 2)
    #expect(since.output.contains("| `tier_c` |"))
    let nowhere = try world.run(["diff", "--since", "nowhere"])
    #expect(nowhere.status == 1 && nowhere.errors.contains("there is no commit \"nowhere\""))
  }
}
