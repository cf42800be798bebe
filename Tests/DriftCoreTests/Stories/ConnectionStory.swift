import DriftCore
import TestSupport
import Testing

/// One kind of drift of a connection as a whole.
struct ConnectionStory: Sendable, CustomStringConvertible {
  let rule: String
  let happen: @Sendable (inout SchemaSnapshot) -> Void

  var description: String { rule }

  static let all: [ConnectionStory] = [
    ConnectionStory(rule: "schema.added") { $0.schemas.append(ObservedSchema(name: "crm_eu", isEnabled: true)) },
    ConnectionStory(rule: "schema.removed") { $0.schemas[0].inSource = .absent },
    ConnectionStory(rule: "schema.disabled") { $0.schemas[0].isEnabled = false },
    ConnectionStory(rule: "schema.enabled") { $0.schemas[1].isEnabled = true },
    ConnectionStory(rule: "table.changeHandling") { $0.changeHandling = .allowAll },
  ]
}

struct ConnectionStoryTests {
  private let before = SchemaSnapshot(
    connection: "crm", changeHandling: .blockAll,
    schemas: [ObservedSchema(name: "crm", isEnabled: true), ObservedSchema(name: "crm_old", isEnabled: false)],
    tables: [])

  @Test func aConnectionDoesNotDifferFromItsOwnPromise() {
    #expect(diff(from: ConnectionPromise(promising: before, id: "i"), to: before).isEmpty)
    let promise = ConnectionPromise(promising: before, id: "i")
    #expect(parseConnectionPromise(Array(renderConnectionPromise(promise).utf8), path: "c").0 == promise)
  }

  @Test func whatTheSettingsDoNotListIsUnknown() {
    var half = before
    half.schemas = []
    half.changeHandling = nil
    #expect(diff(from: ConnectionPromise(promising: before, id: "i"), to: half).isEmpty)
  }

  @Test func aFileThatListsNoSchemaPromisesNone() {
    #expect(diff(from: ConnectionPromise(id: "i"), to: before).isEmpty)
  }

  @Test(arguments: ConnectionStory.all)
  func eachKindReadsAsAgreed(story: ConnectionStory) throws {
    let judged = judged(story)
    #expect(judged.map(\.verdict.rule) == [story.rule])
    let text = proposal(of: try draft(judged, onto: file), connection: "crm")
    try expectGolden("# \(text.title)\n\n\(text.body)", "stories/\(story.rule)/expected/proposal.md")
  }

  @Test(arguments: ConnectionStory.all)
  func aMergedProposalIsNotProposedAgain(story: ConnectionStory) throws {
    let drafted = try draft(judged(story), onto: file)
    let merged = try #require(parseConnectionPromise(drafted.edit.bytes ?? [], path: "c").0)
    #expect(diff(from: merged, to: observed(after: story)).isEmpty)
  }

  private var file: ConnectionFile {
    ConnectionFile(
      path: "contracts/crm/connection.yaml",
      bytes: Array(renderConnectionPromise(ConnectionPromise(promising: before, id: "i")).utf8))
  }

  private func observed(after story: ConnectionStory) -> SchemaSnapshot {
    var after = before
    story.happen(&after)
    return after
  }

  private func judged(_ story: ConnectionStory) -> [ClassifiedChange] {
    classify(
      diff(from: ConnectionPromise(promising: before, id: "i"), to: observed(after: story)), connection: "crm",
      context: RuleContext(table: TableName(schema: "", name: ""), service: "postgres", dialect: .postgres),
      policies: Policies())
  }
}
