import DriftCore
import TestSupport
import Testing

/// An applied change that people want undone: what they see, and when it is not to be had.
struct UndoStoryTests {
  @Test(arguments: Dialect.all)
  func theWayBackReadsAsAgreed(dialect: Dialect) throws {
    let drafted = try Applied(dialect).undone()
    let text = proposal(branch: "mooring/crm/crm-deal", connection: "crm", tables: [drafted], model: nil)
    try expectGolden("# \(text.title)\n\n\(text.body)", "stories/change.withdrawn/expected/\(dialect.id).md")
    let change = try #require(drafted.edits.first { $0.path.hasSuffix("/change.yaml") }?.bytes)
    try expectGolden(
      String(decoding: change, as: UTF8.self), "stories/change.withdrawn/expected/\(dialect.id).change.yaml")
    #expect(parseChange(change, path: "c").0 == drafted.change)
  }

  /// What runs is the text that was reviewed, and the files lose what the change wrote and nothing else.
  @Test(arguments: Dialect.all)
  func theReviewedWayBackRunsAndTheFilesAreAsTheyWere(dialect: Dialect) throws {
    let applied = try Applied(dialect)
    let drafted = try applied.undone()
    func bytes(_ name: String, _ draft: TableDraft) -> [UInt8]? {
      draft.edits.first { $0.path.hasSuffix(name) }?.bytes
    }
    #expect(bytes("/up.sql", drafted) == bytes("/down.sql", applied.draft))
    #expect(drafted.change.undoes == 1)
    #expect(drafted.colour == .red)
    #expect(drafted.change.waitingAcknowledgements.count == 1)
    #expect(bytes("/mapping.yaml", drafted) == applied.before.mappingBytes)
    let contract = try #require(bytes("/contract.odcs.yaml", drafted).flatMap { parseContract($0, path: "c").0 })
    #expect(contract.columns == applied.before.contract?.columns)
    #expect(contract.version == "2.0.0")
  }

  @Test func whatWasWrittenSinceStays() throws {
    var applied = try Applied(.postgres)
    let more = MappingColumn(sources: ["seats"], target: "chairs", type: "bigint")
    try applied.edit { path, bytes in
      path.hasSuffix("mapping.yaml")
        ? Array("# by a person\n".utf8) + (try edit(mapping: bytes, path: path, with: [.addColumn(more)])) : bytes
    }
    let drafted = try applied.undone()
    let mapping = try #require(drafted.edits.first { $0.path.hasSuffix("mapping.yaml") }?.bytes)
    #expect(String(decoding: mapping, as: UTF8.self).hasPrefix("# by a person\n"))
    let targets = parseMapping(mapping, path: "m").0?.columns.map(\.target) ?? []
    #expect(targets.contains("chairs"))
    #expect(!targets.contains("tier_c"))
  }

  @Test func whatWasEditedSinceIsNotTakenBackByGuess() throws {
    var applied = try Applied(.postgres)
    try applied.edit { path, bytes in
      path.hasSuffix("mapping.yaml")
        ? try edit(mapping: bytes, path: path, with: [.setType(target: "tier_c", "text", .trim)]) : bytes
    }
    #expect(try reason { try applied.undone() }.contains("what change 0001 wrote into mapping.yaml was edited since"))
  }

  @Test func whatALaterChangeBuiltOnIsUndoneAfterIt() throws {
    let applied = try Applied(.postgres)
    var later = applied.draft.change
    (later.number, later.slug, later.actions) = (2, "retype-tier-c", [.setType("tier_c", .text(length: 80))])
    #expect(try reason { try applied.undone(later: [later]) }.contains("undo 0002 first"))
    later.actions = [.addColumn("other", .text(length: nil))]
    #expect(try applied.undone(later: [later]).change.undoes == 1)
  }

  @Test func whatHasNoWayBackSaysSoWhenItIsAsked() throws {
    var applied = try Applied(.postgres)
    applied.merged.change.irreversible = "no statement undoes change the type of tier_c"
    #expect(try reason { try applied.undone() }.contains("no statement undoes change the type of tier_c"))
    applied = try Applied(.postgres)
    applied.merged.change.actions = []
    applied.merged.down = []
    applied.merged.change.steps = [
      Step(
        ordinal: 1,
        work: .fivetran(
          SettingsPatch(table: SourceTable(schema: "crm", name: "Deal"), column: "e", enabled: true, hashed: true)))
    ]
    #expect(try reason { try applied.undone() }.contains("would land in clear text again"))
    applied.merged.change.steps = []
    #expect(try reason { try applied.undone() }.contains("only files changed"))
  }

  @Test func aDownScriptThatSaysSomethingElseIsNotRun() throws {
    var applied = try Applied(.postgres)
    applied.merged.down = [#"ALTER TABLE "analytics"."other" DROP COLUMN "tier_c""#]
    #expect(try reason { try applied.undone() }.contains("does not say what takes it back now"))
    applied.merged.down = ["DELETE FROM analytics.deal"]
    #expect(try reason { try applied.undone() }.contains("does not run"))
  }

  /// What cannot be undone says so when it is proposed.
  @Test func hashingSaysFirstThatItHasNoWayBack() throws {
    var scene = Scene(.postgres)
    scene.land(scene.added("email", .text(length: nil), source: "Email"))
    let drafted = try scene.drafted(scene.judged())
    #expect(drafted.change.irreversible?.contains("clear text") == true)
  }

  private func reason(_ work: () throws -> TableDraft) throws -> String {
    do {
      _ = try work()
      return "nothing was refused"
    } catch let refusal as UndoRefusal {
      return "\(refusal)"
    }
  }
}

/// The scene after a column came, was proposed, merged and applied.
private struct Applied {
  var scene: Scene
  let before: TableFiles
  var after: TableFiles
  let draft: TableDraft
  var merged: MergedChange

  init(_ dialect: Dialect) throws {
    scene = Scene(dialect)
    before = scene.files
    scene.land(scene.added("tier_c", .text(length: nil), source: "Tier__c"))
    draft = try scene.drafted(scene.judged())
    let edits = draft.edits
    func bytes(_ name: String) -> [UInt8] { edits.first { $0.path.hasSuffix(name) }?.bytes ?? [] }
    after = before
    after.contractBytes = bytes("/contract.odcs.yaml")
    after.contract = parseContract(after.contractBytes, path: "c").0
    after.mappingBytes = bytes("/mapping.yaml")
    after.mapping = parseMapping(after.mappingBytes, path: "m").0
    scene.target?.columns.append(
      CatalogueColumn(
        name: ColumnName(dialect.folded("tier_c")), physicalType: after.mapping?.columns.last?.type ?? ""))
    merged = MergedChange(
      folder: changeFolders(
        in: RepositoryTree(commit: "c", files: [before.folder.file("change.yaml", of: draft.change): "1"]),
        root: "contracts")[0],
      change: draft.change, statements: draft.statements, down: draft.down,
      before: MergedChange.Files(contract: before.contractBytes, mapping: before.mappingBytes),
      after: MergedChange.Files(contract: after.contractBytes, mapping: after.mappingBytes))
  }

  mutating func edit(_ body: (String, [UInt8]) throws -> [UInt8]) rethrows {
    after.contractBytes = try body("contract.odcs.yaml", after.contractBytes)
    after.contract = parseContract(after.contractBytes, path: "c").0
    after.mappingBytes = try body("mapping.yaml", after.mappingBytes)
    after.mapping = parseMapping(after.mappingBytes, path: "m").0
  }

  func undone(later: [Change] = []) throws -> TableDraft {
    let dialect = scene.dialect
    let judged = classify(
      [try merged.withdrawn(dialect)], connection: "crm",
      context: RuleContext(table: scene.table.name, service: "salesforce", dialect: dialect), policies: Policies())
    return try DriftCore.draft(
      undoing: merged, as: judged, later: later,
      in: DraftContext(
        connection: "crm", service: "salesforce", settingsOwner: .mooring, files: after, landed: scene.table,
        target: scene.target, number: 2, server: scene.server, dialect: dialect))
  }
}
