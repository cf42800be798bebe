import DriftCore
import Testing

/// What people hold, as the ledger says it.
struct HoldTests {
  private let account = TableName(schema: "s", name: "account")
  private let now = Timestamp(iso8601: "2026-11-21T12:00:00Z")!

  @Test func itStopsItsScopeAndNothingElse() {
    let ledger = ledger([PersonsWord(.hold, .table(account, of: "crm"), by: "ada", reason: "quarter end")])
    #expect(stopped(account, "crm", ledger)?.hasPrefix("held by ada since 2026-11-21T11:00:00Z: quarter end; ") == true)
    #expect(stopped(account, "crm", ledger)?.hasSuffix("lift it with: mooring resume crm/s.account") == true)
    #expect(stopped(account, "erp", ledger) == nil)
    #expect(stopped(TableName(schema: "s", name: "contact"), "crm", ledger) == nil)
  }

  @Test(arguments: [HoldScope.destination("w"), .connection("crm")])
  func aWiderScopeStopsEveryTableInIt(scope: HoldScope) {
    #expect(stopped(account, "crm", ledger([PersonsWord(.hold, scope, by: "ada")])) != nil)
  }

  @Test func theLastWordOnAScopeCounts() {
    let connection = HoldScope.connection("crm")
    let hold = PersonsWord(.hold, connection, by: "ada")
    let resume = PersonsWord(.resume, connection, by: "ben")
    #expect(stopped(account, "crm", ledger([hold, resume])) == nil)
    #expect(stopped(account, "crm", ledger([hold, resume, hold])) != nil)
    let narrow = PersonsWord(.resume, .table(account, of: "crm"), by: "ben")
    #expect(stopped(account, "crm", ledger([hold, narrow])) != nil, "what holds more is let go as a whole")
  }

  @Test func itEndsByItselfWhereItSaysSo() {
    let ledger = ledger([PersonsWord(.hold, .destination("w"), by: "ada", until: now)])
    #expect(stopped(account, "crm", ledger) == nil)
    let longer = self.ledger([PersonsWord(.hold, .destination("w"), by: "ada", until: now.adding(seconds: 1))])
    #expect(stopped(account, "crm", longer)?.contains("until 2026-11-21T12:00:01Z") == true)
  }

  @Test func aHoldThatCannotBeReadHoldsItsDestination() throws {
    var lines = ledger([PersonsWord(.hold, .connection("crm"), by: "ada")])
    lines[0].detail = "{"
    #expect(stopped(account, "erp", lines)?.contains("cannot be read") == true)
    lines += ledger([PersonsWord(.resume, .destination("w"), by: "ben")])
    #expect(stopped(account, "erp", lines) == nil)
  }

  /// Names are data, and every line is one of its own.
  @Test func aWordReadsAsItWasWritten() {
    let table = TableName(schema: "a.b", name: "\"; drop table x --\n")
    for scope in [HoldScope.destination("w"), .connection("crm"), .table(table, of: "c/d")] {
      let word = PersonsWord(.hold, scope, by: "a\u{202E}b", reason: "{\"}", until: now)
      let entry = word.entry(in: "w", after: ledger([word]))
      #expect(PersonsWord(entry) == word)
      #expect(entry.step.change == 2)
      #expect(entry.step.connection == "" && entry.commit.isEmpty, "no branch is known by it")
    }
  }

  @Test(arguments: [
    ("warehouse", "destination warehouse"), ("crm", "connection crm"),
    ("crm/s.account", "table crm s.account"), ("erp/s.invoice", "table erp s.invoice"),
    ("s.invoice", "table erp s.invoice"), ("connection:both", "connection both"),
    ("destination:both", "destination both"),
    ("both", "\"both\" is a destination and a connection"),
    ("s.account", "2 connections have a table \"s.account\""),
    ("crm/s.nothing", "no table \"s.nothing\" has a contract in \"crm\""),
    ("s.nothing", "no table \"s.nothing\" has a contract"),
    ("nobody/s.account", "there is no destination, connection or table \"nobody/s.account\""),
    ("crmm", "there is no destination, connection or table \"crmm\""),
    ("", "there is no destination, connection or table \"\""),
  ])
  func aNameMeansOneThing(name: String, meaning: String) {
    let settings = DestinationSettings(kind: "postgres", group: "g", url: "")
    let project = Project(
      fivetran: FivetranAccess(api: "", key: "", secret: ""), branch: "main", forge: ForgeSettings(kind: "local"),
      destinations: ["warehouse": settings, "both": settings],
      connections: Dictionary(
        uniqueKeysWithValues: ["crm", "erp", "both"].map {
          (ConnectionName($0), ConnectionPolicy(id: ConnectionID($0), destination: "warehouse"))
        }))
    let folders = ["crm/s.account", "erp/s.account", "erp/s.invoice"]
    let tree = RepositoryTree(
      commit: "c", files: Dictionary(uniqueKeysWithValues: folders.map { ("contracts/\($0)/contract.odcs.yaml", "b") }))
    var found: String
    do {
      switch try project.scope(named: name, in: tree, root: "contracts") {
      case .destination(let name): found = "destination \(name)"
      case .connection(let name): found = "connection \(name)"
      case .table(let table, let connection): found = "table \(connection) \(table)"
      }
    } catch {
      found = error.reason
    }
    #expect(found == meaning)
  }

  private func stopped(_ table: TableName, _ connection: ConnectionName, _ ledger: [LedgerEntry]) -> String? {
    brake(on: table, of: connection, among: brakes(in: ledger, of: "w", at: now))?.text
  }

  private func ledger(_ words: [PersonsWord]) -> [LedgerEntry] {
    var ledger: [LedgerEntry] = []
    for word in words {
      var entry = word.entry(in: "w", after: ledger)
      entry.at = now.adding(seconds: -3600)
      ledger.append(entry)
    }
    return ledger
  }
}
