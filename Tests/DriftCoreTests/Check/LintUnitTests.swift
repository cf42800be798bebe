import DriftCore
import Testing

/// What is found in one table's folder depends on nothing else, and what is found across folders on little of each.
struct LintUnitTests {
  @Test func whatIsWrongBesideAnErrorIsToldAtOnce() {
    let found = findings(
      contract("deal").replacing("kind: DataContract", "kind: Foo").replacing("text", "VARCHAR2(18)"))
    #expect(found.contains { $0.message.contains("unknown kind") }, "\(found)")
    #expect(found.contains { $0.message.contains("has no type \"VARCHAR2(18)\"") }, "\(found)")
    let nameless = findings(contract("deal").replacing("    schema: crm\n", "").replacing("text", "VARCHAR2(18)"))
    #expect(nameless.contains { $0.message.contains("schema in the destination") }, "\(nameless)")
    #expect(nameless.contains { $0.message.contains("has no type") }, "\(nameless)")
  }

  @Test func aSecondContractIsToldThoughOneOfThemHasErrors() {
    let found = findings(contract("deal").replacing("kind: DataContract", "kind: Foo"), other: contract("deal"))
    #expect(found.count { $0.message.contains("has a second contract") } == 2, "\(found)")
  }

  @Test(arguments: [("BLOCK_ALL", true), ("ALLOW_COLUMNS", false)])
  func aContractThatContradictsItsConnectionIsTold(handling: String, isTold: Bool) {
    let text =
      contract("deal") + """
        customProperties:
          - {property: schemaChangeHandling, value: \(handling), vendor: fivetran}

        """
    let found = findings(text, connection: "version: 1\nid: i\nchange_handling: ALLOW_COLUMNS\n")
    #expect(found.contains { $0.message.contains("connection.yaml promises ALLOW_COLUMNS") } == isTold, "\(found)")
    #expect(found.count == (isTold ? 1 : 0), "\(found)")
    if isTold { #expect(found[0].line == 18, "\(found)") }
  }

  @Test func ofOneFileAHundredFindingsAreToldAndHowManyMore() {
    let unknown = (0..<5000).map { "unknown_\($0): 1\n" }.joined()
    let found = findings(contract("deal") + unknown)
    #expect(found.count == 101)
    #expect(found.contains { $0.message == "4900 more findings, 4900 errors among them" && $0.severity == .error })
    // What is no error does not hide one.
    let doubtful = (0..<200).map { "    - name: c\($0)\n      physicalType: frobnicator\n" }.joined()
    let mixed = findings(contract("deal") + doubtful + "nobody: 1\n")
    #expect(mixed.contains { $0.message.contains("unknown key \"nobody\"") }, "\(mixed.prefix(3))")
  }

  /// The key of what is remembered is made of these, so nothing else may matter.
  @Test func aUnitIsJudgedFromItsOwnFilesAndItsDialect() throws {
    let files = files(contract("deal").replacing("text", "STRING"), other: contract("lead"))
    let (units, _) = lintUnits(among: files)
    #expect(
      units.map(\.path) == ["contracts/crm/connection.yaml", "contracts/crm/crm.deal", "contracts/crm/crm.other"])
    var types = TypeLinter()
    let deal = units[1].linted(types: &types)
    #expect(deal.findings.count == 1 && deal.promise?.table == TableName(schema: "crm", name: "deal"))
    let (alone, _) = lintUnits(
      among: files.filter { $0.key == "contracts/mooring.yaml" || $0.key.hasPrefix("contracts/crm/crm.deal/") })
    #expect(alone.first?.linted(types: &types) == deal)
    let (elsewhere, _) = lintUnits(among: files.filter { $0.key.hasPrefix("contracts/crm/crm.deal/") })
    #expect(elsewhere.first?.linted(types: &types).findings == [], "no mooring.yaml, no dialect")
  }

  private func findings(_ text: String, other: String? = nil, connection: String? = nil) -> [Diagnostic] {
    lint(files(text, other: other, connection: connection))
  }

  private func files(_ text: String, other: String? = nil, connection: String? = nil) -> [String: [UInt8]] {
    let project = """
      version: 1
      fivetran: {api: "https://api.fivetran.com", key: "${K}", secret: "${S}"}
      forge: {kind: local, folder: f}
      destinations:
        w: {kind: postgres, group: g, url: "${U}"}
      connections:
        crm: {id: i, destination: w}

      """
    var files = [
      "contracts/mooring.yaml": project,
      "contracts/crm/connection.yaml": connection ?? "version: 1\nid: i\n",
      "contracts/crm/crm.deal/contract.odcs.yaml": text,
    ]
    files["contracts/crm/crm.other/contract.odcs.yaml"] = other
    return files.mapValues { Array($0.utf8) }
  }

  private func contract(_ table: String) -> String {
    """
    apiVersion: v3.2.0
    kind: DataContract
    id: crm-\(table)
    version: "1.0.0"
    status: active
    servers:
      - server: w
        type: custom
        schema: crm
    schema:
      - name: \(table)
        physicalName: \(table)
        logicalType: object
        properties:
        - name: a
          physicalType: text
          sourceColumnless: false

    """.replacing("      sourceColumnless: false\n", "")
  }
}
