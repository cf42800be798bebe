import DriftCore
import TestSupport
import Testing

/// What people see of each kind of drift, in every dialect.
struct StoryTests {
  @Test(arguments: Story.all, Dialect.all)
  func eachKindReadsAsAgreed(story: Story, dialect: Dialect) throws {
    var scene = Scene(dialect)
    story.happen(&scene)
    let changes = scene.judged()
    // Where no type can be widened in place, or all hold as much, none is narrower.
    if story.rule == "target.typeNarrower", changes.allSatisfy({ $0.verdict.rule == "target.typeDiffers" }) { return }
    if !scene.isPossible { return }
    #expect(changes.contains { $0.verdict.rule == story.rule }, "\(changes.map(\.verdict))")
    let drafted = try scene.drafted(changes)
    let text = proposal(branch: "mooring/crm/crm-deal", connection: "crm", tables: [drafted], model: nil)
    try expectGolden("# \(text.title)\n\n\(text.body)", "stories/\(story.name)/expected/\(dialect.id).md")
  }

  /// What a merge of the proposal leaves to be proposed.
  @Test(arguments: Story.all, Dialect.all)
  func aMergedProposalIsNotProposedAgain(story: Story, dialect: Dialect) throws {
    var scene = Scene(dialect)
    story.happen(&scene)
    if !scene.isPossible { return }
    let changes = scene.judged()
    let drafted = try scene.drafted(changes)
    guard let bytes = drafted.edits.first(where: { $0.path.hasSuffix("contract.odcs.yaml") })?.bytes else { return }
    let contract = try #require(parseContract(bytes, path: "c").0)
    var landed = scene.table
    // Fivetran's setting is patched by apply.
    for change in changes where change.verdict.rule == "column.added.sensitive" {
      for index in landed.columns.indices where landed.columns[index].name == change.change.column {
        landed.columns[index].isHashed = true
      }
    }
    #expect(diff(from: contract, to: landed, dialect: dialect).isEmpty)
  }

  /// A repository that lints its branches must take what Mooring proposes.
  @Test(arguments: Story.all, Dialect.all)
  func whatIsProposedPassesTheLinter(story: Story, dialect: Dialect) throws {
    var scene = Scene(dialect)
    story.happen(&scene)
    if !scene.isPossible { return }
    let settings = """
      version: 1
      fivetran: {key: "${K}", secret: "${S}"}
      destinations: {w: {kind: \(dialect.id), group: g, \(settings(of: dialect))}}
      connections: {crm: {id: crm_id, destination: w}}
      """
    let (contract, mapping) = (scene.files.folder.contract, scene.files.folder.mapping)
    var files = ["contracts/mooring.yaml": Array(settings.utf8)]
    if scene.files.contract != nil {
      files[contract] = scene.files.contractBytes
      files[mapping] = Array(renderMapping(scene.mapping).utf8)
    }
    let known = Set(lint(files).map(\.message))
    for edit in try scene.drafted(scene.judged()).edits { files[edit.path] = edit.bytes }
    #expect(lint(files).filter { !known.contains($0.message) } == [])
  }

  /// What a destination must be told.
  private func settings(of dialect: Dialect) -> String {
    (DestinationKind.named(dialect.id)?.keys ?? [])
      .filter { $0.isRequired || ($0.form == .secret && $0.alternative != nil) }
      .map { "\($0.name): \"${X}\"" }.joined(separator: ", ")
  }

  /// Where reviews prove who looked, and only there, the first screen offers the label as well.
  @Test(arguments: [true, false])
  func theFirstScreenSaysHowToAcknowledge(takesLabel: Bool) throws {
    var scene = Scene(.postgres)
    scene.remove("region_c")
    let text = proposal(
      branch: "mooring/crm/crm-deal", connection: "crm", tables: [try scene.drafted(scene.judged())], model: nil,
      takesLabel: takesLabel)
    #expect(text.body.contains("write your name behind `by:`"))
    #expect(text.body.contains("mooring-acknowledged") == takesLabel)
  }

  @Test func everyRuleHasAStory() {
    let told = Set(
      Story.all.map(\.rule) + TypeKindStory.all.map(\.rule) + ConnectionStory.all.map(\.rule)
        + EditStory.all.map(\.rule))
    // The story of `change.withdrawn` is `UndoStoryTests`; nothing is known that is `unknown`.
    let untold = Rule.all.map(\.id).filter {
      !told.contains($0) && !["change.withdrawn", "unknown"].contains($0)
    }
    #expect(untold.isEmpty)
    let names = Story.all.map(\.name) + TypeKindStory.all.map(\.description)
    #expect(Set(names).count == names.count)
  }
}
