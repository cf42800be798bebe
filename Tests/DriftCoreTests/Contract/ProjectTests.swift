import DriftCore
import Testing

private let text = """
  version: 1
  fivetran: {key: "${FIVETRAN_KEY}", secret: "${FIVETRAN_SECRET}"}
  destinations:
    warehouse: {kind: postgres, group: projected_sickness, url: "postgres://bot:${PASSWORD}@db/x"}
  defaults: {destination: warehouse, mode: propose, policies: {column.added: review}}
  connections:
    salesforce: {id: iodize_impressive, include: [salesforce.*], policies: {type: block}}
    stripe: {id: other_id, mode: observe}
  model: {base_url: "http://127.0.0.1:1/v1", name: small, key: "${KEY}"}
  notify:
    - {kind: webhook, url: "https://example.com/hook", secret: "${HOOK}", events: [opened]}

  """

private func problems(_ text: String) -> [Diagnostic] {
  parseProject(Array(text.utf8), path: "contracts/mooring.yaml").1
}

@Suite struct ProjectTests {
  @Test func defaultsFillWhatAConnectionLeavesOut() throws {
    let project = try #require(parseProject(Array(text.utf8), path: "p").0, "\(problems(text))")
    #expect(project.fivetran.api == "https://api.fivetran.com")
    #expect(project.branch == "main")
    let salesforce = try #require(project.connections["salesforce"])
    #expect(salesforce.mode == .propose)
    #expect(salesforce.destination == "warehouse")
    #expect(salesforce.policies == ["column.added": .review, "type": .block])
    #expect(project.connections["stripe"]?.mode == .observe)
    #expect(project.model?.key == "${KEY}")
    #expect(project.notifiers.first?.events == ["opened"])
  }

  @Test(arguments: [
    ("key: \"${FIVETRAN_KEY}\"", "key: hunter2"), ("${PASSWORD}", "hunter2"),
    ("https://example.com/hook", "https://example.com/?token=hunter2"),
    ("https://example.com/hook", "https://hooks.slack.com/services/hunter2"),
    ("postgres://bot:${PASSWORD}@db/x", "host=db password=hunter2"),
  ])
  func secretsNeverBelongInTheRepository(old: String, new: String) {
    let found = problems(text.replacing(old, new))
    #expect(found.count == 1)
    #expect(found.first?.message.contains("secrets never belong in the repository") == true)
    #expect(!"\(found)".contains("hunter2"), "a finding repeats the secret")
  }

  @Test(arguments: [
    ("destination: warehouse", "destination: warehuose", "unknown destination"),
    ("include: [salesforce.*]", "include: [salesforce]", "has no dot"),
    ("include:", "incldue:", "unknown key \"incldue\""),
    ("stripe: {id: other_id", "stripe: {id: iodize_impressive", "same id"),
    ("type: block", "brekaing: block", "unknown kind of change"),
    ("mode: observe", "mode: automatic", "unknown mode"), ("stripe:", "../x:", "cannot be called"),
    ("version: 1", "version: 2", "unknown version"),
  ])
  func slipsOfThePenAreFound(old: String, new: String, message: String) {
    let found = problems(text.replacing(old, new))
    #expect(found.contains { $0.message.contains(message) }, "\(found)")
  }
}
