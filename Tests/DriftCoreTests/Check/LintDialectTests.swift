import DriftCore
import Testing

/// A script is read as its destination's warehouse reads it.
struct LintDialectTests {
  @Test(arguments: [("bigquery", true), ("postgres", false)])
  func statementsAreToldApartInTheDialectOfTheDestination(kind: String, isOne: Bool) throws {
    let project = """
      version: 1
      fivetran: {api: "https://api.fivetran.com", key: "${K}", secret: "${S}"}
      forge: {kind: local, folder: proposals}
      destinations:
        w: {kind: \(kind), group: g, \(kind == "postgres" ? "url: \"${W}\"" : "project: p, location: EU, credentials: \"${C}\"")}
      connections:
        crm: {id: crm_id, destination: w}
      """
    var change = Change(
      number: 1, slug: "add", connection: "crm", table: TableName(schema: "crm", name: "deal"),
      target: TableName(schema: "analytics", name: "deal"), findings: [], acknowledgements: [], supersedes: nil)
    change.actions = [.addColumn("stage", .text(length: nil))]
    let folder = "contracts/crm/crm.deal/changes/0001-add"
    let findings = lint([
      "contracts/mooring.yaml": Array(project.utf8),
      "\(folder)/change.yaml": Array(renderChange(change).utf8),
      "\(folder)/up.sql": Array("ALTER TABLE `analytics`.`deal;s` ADD COLUMN `stage` STRING;\n".utf8),
    ])
    #expect(findings.contains { $0.path == "\(folder)/up.sql" } == !isOne, "\(findings)")
  }
}
