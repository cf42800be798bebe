import DriftCore
import Testing

/// What `mooring.yaml` says about approval.
struct ApprovalSettingsTests {
  private func parse(
    defaults: String = "", connection: String = "", forge: String = "kind: github, repository: a/b, token: \"${T}\""
  ) -> (Project?, [Diagnostic]) {
    let text = """
      version: 1
      fivetran: {key: "${K}", secret: "${S}"}
      forge: {\(forge)}
      destinations: {w: {kind: postgres, group: g, url: "${W}"}}
      defaults: {destination: w\(defaults)}
      connections: {crm: {id: crm_id\(connection)}}

      """
    return parseProject(Array(text.utf8), path: "contracts/mooring.yaml")
  }

  @Test(arguments: [
    ("", "", ApprovalDemand.merge), (", approval: signature", "", ApprovalDemand(signature: true)),
    (", approval: forge", "", ApprovalDemand(reviews: 1)),
    (", approval: forge, reviews: 2", "", ApprovalDemand(reviews: 2)),
    (", reviews: 3", ", approval: forge", ApprovalDemand(reviews: 3)),
    (", approval: forge, reviews: 2", ", approval: merge", .merge),
  ])
  func aConnectionAsksForWhatItOrTheDefaultsSay(defaults: String, connection: String, demand: ApprovalDemand) throws {
    let (project, diagnostics) = parse(defaults: defaults, connection: connection)
    #expect(diagnostics.isEmpty)
    #expect(try #require(project).connections["crm"]?.demand == demand)
  }

  @Test(arguments: [
    (", approval: forg", "kind: local", "did you mean"), (", reviews: 0", "kind: local", "from 1 to 20"),
    (", reviews: many", "kind: local", "whole number"), (", approval: forge", "kind: local", "has none"),
  ])
  func aSlipIsAnErrorAndNeverALooserRule(connection: String, forge: String, words: String) {
    let (project, diagnostics) = parse(connection: connection, forge: forge)
    #expect(project == nil)
    #expect(diagnostics.contains { $0.description.contains(words) }, "\(diagnostics)")
    #expect(diagnostics.allSatisfy { $0.description.contains("mooring.yaml:") })
  }
}
