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
    var after = before
    story.happen(&after)
    let table = TableName(schema: "", name: "")
    let judged = classify(
      diff(from: ConnectionPromise(promising: before, id: "i"), to: after), connection: "crm",
      context: RuleContext(table: table, service: "postgres", dialect: .postgres), policies: Policies())
    #expect(judged.map(\.verdict.rule) == [story.rule])
    let lines = judged.map { change in
      let verdict = change.verdict
      return
        "\(change.colour) \(change.change.word): \(verdict.message)\nreaders \(verdict.readers), writes \(verdict.writes), way back \(verdict.reversible.words)\n"
    }
    try expectGolden(lines.joined(), "stories/\(story.rule)/expected/run.txt")
  }
}
