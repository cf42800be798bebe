import DriftCore
import TestSupport
import Testing

/// One kind of edit of a contract by a person, with nothing different in the warehouse.
struct EditStory: Sendable, CustomStringConvertible {
  let rule: String
  let from: String
  let to: String

  var description: String { rule }

  static let all: [EditStory] = [
    EditStory(rule: "contract.serverChanged", from: "  - server: warehouse\n", to: "  - server: lakehouse\n"),
    EditStory(
      rule: "contract.policyChanged", from: "schema:\n  - id",
      to:
        "customProperties:\n  - {property: driftPolicy, vendor: mooring, value: {column.removed: auto}}\nschema:\n  - id"
    ),
    EditStory(rule: "contract.versionNotBumped", from: "        required: true\n", to: ""),
    EditStory(rule: "contract.metadata", from: "servers:\n", to: "team:\n  name: sales-data\nservers:\n"),
    EditStory(
      rule: "column.classificationLowered", from: "classification: restricted", to: "classification: internal"),
    EditStory(
      rule: "column.classificationRaised", from: "        name: rep_c\n",
      to: "        name: rep_c\n        classification: confidential\n"),
    EditStory(
      rule: "column.tagChanged", from: "        name: rep_c\n", to: "        name: rep_c\n        tags: [pii]\n"),
    EditStory(
      rule: "column.descriptionChanged", from: "        name: rep_c\n",
      to: "        name: rep_c\n        description: Who sold it.\n"),
  ]
}

struct EditStoryTests {
  private static let path = "contracts/crm/crm.deal/contract.odcs.yaml"

  /// What `mooring check` says of the edit.
  @Test(arguments: EditStory.all)
  func eachKindReadsAsAgreed(story: EditStory) throws {
    let text = try edited(story.from, story.to)
    let report = check(text)
    #expect(report.tables.flatMap(\.findings).contains { $0.rule == story.rule })
    try expectGolden("\(report.comment(base: "main"))", "stories/\(story.rule)/expected/check.md")
  }

  @Test func anEditThatSaysTheSameSaysNothing() throws {
    #expect(check(try edited("servers:\n", "# where it lands\nservers:\n")).tables.isEmpty)
  }

  @Test func aRaisedVersionIsRaisedEnough() throws {
    let text = try edited("        required: true\n", "").replacing(#"version: "1.0.0""#, with: #"version: "1.1.0""#)
    let rules = check(text).tables.flatMap(\.findings).map(\.rule)
    #expect(rules == ["null.relaxed"])
  }

  private func edited(_ from: String, _ to: String) throws -> String {
    try #require(base.contains(from))
    return base.replacing(from, with: to, maxReplacements: 1)
  }

  private var base: String {
    var scene = Scene(.postgres)
    scene.promised("region_c") {
      $0.isRequired = true
      $0.classification = "restricted"
    }
    scene.promised("id") { $0.isRequired = false }
    return renderContract(scene.contract, server: scene.server)
  }

  private func check(_ text: String) -> CheckReport {
    func state(_ contract: String) -> ContractState {
      ContractState(
        root: "contracts",
        files: ["contracts/mooring.yaml": Array("version: 1\n".utf8), Self.path: Array(contract.utf8)])
    }
    let project = Project(
      fivetran: FivetranAccess(api: "", key: "", secret: ""), branch: "main", forge: ForgeSettings(kind: "local"),
      destinations: ["warehouse": DestinationSettings(kind: "postgres", group: "g", url: "")],
      connections: ["crm": ConnectionPolicy(id: "crm_id", destination: "warehouse")])
    return DriftCore.check(from: state(base), to: state(text), tip: state(base), project: project, lint: [])
  }
}
