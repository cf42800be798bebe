import DriftCore
import Testing

struct CodeOwnersTests {
  @Test(arguments: [
    ("* @all", "contracts/a/b.yaml", ["@all"]), ("*.sql @dba", "contracts/a/up.sql", ["@dba"]),
    ("*.sql @dba", "contracts/a/up.sqlx", []), ("/contracts/ @data", "contracts/a/b.yaml", ["@data"]),
    ("contracts/ @data", "old/contracts/a", ["@data"]), ("/contracts/ @data", "old/contracts/a", []),
    ("contracts @data", "contracts/a/b", ["@data"]), ("contracts/a @data", "x/contracts/a", []),
    ("contracts/* @data", "contracts/mooring.yaml", ["@data"]), ("contracts/* @data", "contracts/a/b.yaml", []),
    ("contracts/*/x @data", "contracts/a/x", ["@data"]), ("contracts/*/x @data", "contracts/a/b/x", []),
    ("contracts/**/x @data", "contracts/a/b/x", ["@data"]), ("contracts/**/x @data", "contracts/x", ["@data"]),
    ("**/logs @ops", "a/b/logs/c", ["@ops"]), ("contracts/ @data", "contracts", []),
    ("/a?c @x", "abc", ["@x"]), ("/a?c @x", "ac", []), ("a\\ b @x", "a b", ["@x"]), ("\\#a @x", "#a", ["@x"]),
    ("# * @x", "a", []), ("* @x # and why", "a", ["@x"]), ("", "a", []), ("/ @x", "a", []),
    ("* @x @acme/data rita@example.com", "a", ["@acme/data", "@x", "rita@example.com"]),
  ])
  func aPatternMatchesAsTheForgesSay(text: String, path: String, owners: [String]) {
    #expect(codeOwners(of: [path], in: text) == owners)
  }

  @Test func theLastMatchDecidesAndMayTakeOwnersAway() {
    let text = "* @all\n/contracts/ @data\n/contracts/demo/\n"
    #expect(codeOwners(of: ["README.md"], in: text) == ["@all"])
    #expect(codeOwners(of: ["contracts/a/x"], in: text) == ["@data"])
    #expect(codeOwners(of: ["contracts/demo/x"], in: text) == [])
    #expect(codeOwners(of: ["README.md", "contracts/a/x", "contracts/b/x"], in: text) == ["@all", "@data"])
  }

  @Test func eachSectionDecidesForItself() {
    let text = "* @all\n[Data] @data\ncontracts/\n^[Check][2] @a @b\n*.sql\n*.yaml @c\n"
    #expect(codeOwners(of: ["contracts/x.sql"], in: text) == ["@a", "@all", "@b", "@data"])
    #expect(codeOwners(of: ["x.yaml"], in: text) == ["@all", "@c"])
  }

  @Test func noPatternTakesLong() {
    let text = String(repeating: "**/*a*a*a*a*a*b/", count: 20) + " @x"
    let path = Array(repeating: String(repeating: "a", count: 200), count: 200).joined(separator: "/")
    #expect(codeOwners(of: [path], in: text) == [])
  }
}
