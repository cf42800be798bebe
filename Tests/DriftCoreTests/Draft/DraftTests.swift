import DriftCore
import TestSupport
import Testing

/// What a reviewer gets to see.
struct DraftTests {
  @Test(arguments: ["column-added", "column-removed", "name-hostile"])
  func pullRequestsReadAsAgreed(story: String) throws {
    let change: SchemaChange =
      switch story {
      case "column-added": Fact.added("tier_c").value
      case "column-removed": Fact.removed.value
      default: Fact.added("</td><script>alert(1)</script> @team | [x](y)\n#1").value
      }
    let drafted = try draft([change])
    let text = proposal(branch: "mooring/s/green", connection: "s", tables: [drafted], model: nil)
    try expectGolden(text.body, "stories/\(story)/expected/pull-request.md")
  }

  @Test func aPausedConnectionIsToldOnTheFirstScreenOfWhatItWaitsFor() throws {
    let drafted = try draft([Fact.removed.value])
    let moment = Timestamp(iso8601: "2026-11-22T12:00:00.5Z")!
    func text(_ fingerprint: String) -> String {
      let pause = ConnectionPause(
        number: 1, connection: "s", findings: [PausingFinding(fingerprint: fingerprint, subject: "")], since: moment,
        until: moment.adding(seconds: 86_400))
      return proposal(branch: "mooring/s/a", connection: "s", tables: [drafted], model: nil, pause: pause).body
    }
    let waiting = text(drafted.changes[0].fingerprint)
    let lines = waiting.split(separator: "\n")
    let line = try #require(
      lines.firstIndex { $0.hasPrefix("⏸ **Connection `s` is paused in Fivetran while this is open**") })
    #expect(line < 12, "\(waiting)")
    #expect(waiting.contains("until `2026-11-23T12:00:00Z` at the latest"))
    #expect(!text("another").contains("paused"))
  }

  /// The stories know the time; here nobody does.
  @Test func whereNobodyKnowsSinceWhenRowsLackAColumnThatIsSaid() throws {
    let text = proposal(
      branch: "mooring/s/green", connection: "s", tables: [try draft([Fact.added("tier_c").value])], model: nil)
    #expect(text.body.contains("`tier_c` has landed, since when is not known here;"))
  }

  /// Nobody is led to silence one kind for the sake of another.
  @Test func eachRuleThatSpeaksCanBeSilenced() throws {
    let few = try draft([Fact.added("tier_c").value, Fact.removed.value])
    let text = proposal(branch: "mooring/s/a", connection: "s", tables: [few], model: nil)
    #expect(
      text.body.contains(
        "for example those that you mean of `policies: {column.removed: ignore, column.added: ignore}`."))
    var many = few
    for number in 1...3 {
      many.changes.append(many.changes[0])
      many.changes[many.changes.count - 1].verdict.rule = "column.other\(number)"
    }
    let long = proposal(branch: "mooring/s/a", connection: "s", tables: [many, few], model: nil)
    #expect(long.body.contains("`, and 2 more: `mooring explain`."))
  }

  /// Both readings are on the page, and nothing but the removal and the addition is drafted.
  @Test func aSuspectedRenameReadsAsAgreed() throws {
    let old = ContractColumn(name: "region_c", physicalType: "text")
    let new = ObservedColumn(
      name: "tier_c", type: .text(length: nil), physicalType: "text", isNullable: true, landed: .present)
    let evidence = RenameEvidence(confidence: 0.34, reasons: ["same type"], runnerUp: "segment_c")
    let drafted = try draft([
      .columnRemoved(old), .columnAdded(new), .renameSuspected(from: old, to: new, evidence: evidence),
    ])
    let text = proposal(branch: "mooring/s/a", connection: "s", tables: [drafted], model: nil)
    try expectGolden(text.body, "stories/column-rename-suspected/expected/pull-request.md")
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    #expect(try draft([Fact.added("tier_c").value]) == draft([Fact.added("tier_c").value]))
  }

  @Test func anAddedColumnIsAddedCheckedAndFilledInThisOrder() throws {
    let drafted = try draft([Fact.added("tier_c").value])
    #expect(drafted.change.actions == [.addColumn("tier_c", .text(length: nil)), .backfill(["tier_c"])])
    #expect(drafted.change.steps.map(\.kind) == ["ddl", "verify", "backfill"])
    #expect(drafted.change.footprint.target == ["tier_c": nil])
    #expect(
      drafted.edits.map { $0.path.split(separator: "/").last ?? "" }
        == ["change.yaml", "down.sql", "up.sql", "contract.odcs.yaml", "load.sql", "mapping.yaml"])
  }

  /// The target has a column that the warehouse takes for the new one, put there by hand.
  @Test(arguments: [(Dialect.bigQuery, "Tier_C", false), (.postgres, "Tier_C", true), (.redshift, "tier_d", true)])
  func noColumnIsAddedUnderANameThatIsTaken(dialect: Dialect, taken: ColumnName, isAdded: Bool) throws {
    let drafted = try draft(
      [Fact.added("tier_c").value], inTarget: [CatalogueColumn(name: taken, physicalType: "text")], dialect: dialect)
    #expect(drafted.change.actions.contains(.addColumn("tier_c", .text(length: nil))) == isAdded)
    #expect(drafted.notes.values.joined().contains { $0.contains("a person chooses another") } != isAdded)
  }

  @Test func withoutAUniqueKeyNothingIsFilled() throws {
    let drafted = try draft([Fact.added("tier_c").value], uniqueKeys: [])
    #expect(drafted.change.actions == [.addColumn("tier_c", .text(length: nil))])
    #expect(drafted.notes.values.joined().contains { $0.contains("not a unique key") })
  }

  @Test func aRemovedColumnRunsNothingAndWantsAnAcknowledgement() throws {
    let drafted = try draft([Fact.removed.value])
    #expect(drafted.statements.isEmpty)
    #expect(drafted.change.acknowledgements.count == 1)
    #expect(drafted.colour == .red)
  }

  @Test(arguments: [(ConnectionPolicy.SettingsOwner.mooring, true), (.ui, false), (.terraform, false)])
  func settingsArePatchedOnlyWhereTheyAreOurs(
    owner: ConnectionPolicy.SettingsOwner, isPatched: Bool
  ) throws {
    var column = ObservedColumn(
      name: "personal_email_c", sourceName: "Personal_Email__c", type: .text(length: nil),
      physicalType: "text", isNullable: true, landed: .present)
    column.isHashed = false
    let drafted = try draft([.columnAdded(column)], owner: owner)
    #expect(drafted.change.steps.contains { $0.kind == "fivetran" } == isPatched)
    let looks = drafted.change.steps.contains { step in
      if case .verify(.setting(let patch)) = step.work { patch.hashed == true } else { false }
    }
    #expect(looks, "whoever sets it, apply looks whether they did")
  }

  /// What the model chooses among the offered types and conversions is what the mapping says; anything else is dropped.
  @Test(arguments: [
    (nil, nil, "text", ColumnType.text(length: nil), Conversion.none),
    ("text", "trim", "text", .text(length: nil), .trim),
    ("bigint", nil, "bigint", .integer(bits: 64), .tryCast),
    ("boolean", nil, "boolean", .boolean, .booleanFromText),
    ("timestamptz", "trim", "timestamptz", .timestamp(zoned: true), .tryCast),
    ("bytea", "try_cast", "text", .text(length: nil), .none),
    ("text; DROP TABLE x", "eval", "text", .text(length: nil), .none),
  ])
  func theModelChoosesTypeAndConversionAmongThoseOffered(
    type: String?, conversion: String?, written: String, expected: ColumnType, how: Conversion
  ) throws {
    let drafted = try draft(
      [Fact.added("tier_c").value],
      answer: Opinion.Answer(targetName: "tier", type: type, conversion: conversion))
    #expect(drafted.change.actions.first == .addColumn("tier", expected))
    #expect(drafted.statements.first == "ALTER TABLE \"analytics\".\"account\" ADD COLUMN \"tier\" \(written)")
    #expect(
      try mapping(in: drafted).columns.last
        == MappingColumn(sources: ["tier_c"], target: "tier", type: written, conversion: how))
  }

  @Test func whatBecomesAHashKeepsItsType() throws {
    let drafted = try draft(
      [Fact.added("personal_email_c").value], answer: Opinion.Answer(type: "bigint"))
    #expect(drafted.change.actions.first == .addColumn("personal_email_c", .text(length: nil)))
  }

  private static let seats = MappingColumn(sources: ["seats_c"], target: "seats", type: "integer")
  private static let tier = MappingColumn(sources: ["tier_c"], target: "tier", type: "text")

  /// The column that is read under a new name goes on being the same column of the target, and widens with its source.
  @Test func aRenamedAndWidenedColumnKeepsItsTarget() throws {
    let old = ContractColumn(name: "seats_c", physicalType: "integer")
    let new = ObservedColumn(
      name: "area_c", type: .integer(bits: 64), physicalType: "bigint", isNullable: true, landed: .present)
    let drafted = try draft(
      [.columnRenamed(from: old, to: new, evidence: RenameEvidence(confidence: 1, reasons: []))],
      mapped: [Self.seats], inTarget: [CatalogueColumn(name: "seats", physicalType: "integer")],
      promised: ["seats_c"])
    #expect(drafted.change.actions == [.setType("seats", .integer(bits: 64))])
    #expect(
      try mapping(in: drafted).columns.last
        == MappingColumn(sources: ["area_c", "seats_c"], target: "seats", type: "bigint"))
  }

  /// What the warehouse does not change in place is done in steps that leave the old column.
  @Test func aTypeThatCannotBeChangedInPlaceIsSwapped() throws {
    func drafted(_ column: MappingColumn, taken: [ColumnName] = [], isNullable: Bool = true) throws -> TableDraft {
      try draft(
        [
          .typeChanged(
            ContractColumn(name: "area_c", physicalType: "integer"), from: .integer(bits: 32),
            to: ObservedColumn(name: "area_c", type: .integer(bits: 64), physicalType: "bigint", landed: .present))
        ], mapped: [column],
        inTarget: (["area"] + taken).map {
          CatalogueColumn(name: $0, physicalType: "integer", isNullable: isNullable)
        }, promised: ["area_c"],
        dialect: .redshift)
    }
    let area = MappingColumn(sources: ["area_c"], target: "area", type: "INTEGER")
    let swapped = try drafted(area)
    #expect(
      swapped.change.actions == [
        .addColumn("area__new", .integer(bits: 64)),
        .copyColumn(from: "area", .integer(bits: 32), to: "area__new", .integer(bits: 64)),
        .renameColumn(from: "area", to: "area__old"), .renameColumn(from: "area__new", to: "area"),
      ])
    #expect(swapped.change.steps.map(\.kind) == ["ddl", "verify", "ddl", "ddl", "ddl", "verify"])
    #expect(swapped.change.steps.last?.work == .verify(.targetColumn("area", .integer(bits: 64))))
    #expect(
      swapped.change.footprint.target == ["area": .integer(bits: 32), "area__new": nil, "area__old": nil])
    #expect(try mapping(in: swapped).columns.last?.type == "BIGINT")
    #expect(swapped.notes.values.joined().contains { $0.contains("pause what loads the target") })
    #expect(swapped.stepTexts[2].contains("rewrites every row once"))
    let dialect = Dialect.redshift
    #expect(
      dialect.verify(
        statements: swapped.statements, against: swapped.change, mapping: try mapping(in: swapped), landed: [:]
      ) == [])
    var key = area
    key.isKey = true
    #expect(try drafted(key).change.actions == [])
    #expect(
      try drafted(area, taken: ["AREA__old"]).change.actions.suffix(2) == [
        .renameColumn(from: "area", to: "area__old2"), .renameColumn(from: "area__new", to: "area"),
      ])
    let named = try drafted(area, taken: (1...9).map { ColumnName("area__old\($0 == 1 ? "" : "\($0)")") })
    #expect(named.change.actions == [])
    #expect(named.notes.values.joined().contains { $0.contains("need a free name: area__old") })
    let required = try drafted(area, isNullable: false)
    #expect(required.change.actions == [])
    #expect(required.notes.values.joined().contains { $0.contains("may not be NULL") })
  }

  /// Widened first and removed then: what stays in the warehouse is wider than the target.
  @Test func aColumnThatWidenedBeforeItWentIsStillRead() throws {
    let wide = MappingColumn(sources: ["area_c"], target: "area", type: "integer")
    let drafted = try draft(
      [.columnRemoved(ContractColumn(name: "area_c", physicalType: "integer"))], mapped: [wide],
      inTarget: [CatalogueColumn(name: "area", physicalType: "integer")], promised: ["area_c"])
    #expect(drafted.change.actions == [.setType("area", .integer(bits: 64))])
    #expect(try mapping(in: drafted).columns.last?.type == "bigint")
  }

  /// One target lacks a column and has another too narrow: both are mended, and the missing one is filled last.
  @Test func aMissingAndANarrowColumnOfOneTargetAreMendedTogether() throws {
    let drafted = try draft(
      [.targetColumnMissing(Self.tier), .targetTypeNarrower(Self.seats, found: "smallint")],
      mapped: [Self.seats, Self.tier], inTarget: [CatalogueColumn(name: "seats", physicalType: "smallint")])
    #expect(
      drafted.change.actions == [
        .addColumn("tier", .text(length: nil)), .setType("seats", .integer(bits: 32)), .backfill(["tier"]),
      ])
    #expect(drafted.change.steps.map(\.kind) == ["ddl", "verify", "ddl", "verify", "backfill"])
  }

  /// What replaced a stale change needs no replacing itself.
  @Test func onlyTheLastFinishedChangeIsReplaced() {
    func entry(_ number: Int, _ state: LedgerEntry.State, step: Int = 0) -> LedgerEntry {
      let id = StepID(destination: "w", connection: "s", table: account.name, change: number, step: step)
      return LedgerEntry(step: id, state: state, kind: "change", digest: "d", commit: "c", detail: "moved")
    }
    func replaced(_ ledger: [LedgerEntry]) -> Int? {
      Superseded(table: account.name, of: "s", in: ledger)?.number
    }
    #expect(replaced([entry(1, .stale)]) == 1)
    #expect(replaced([entry(1, .stale), entry(2, .stale)]) == 2)
    #expect(replaced([entry(1, .stale), entry(2, .done, step: 1)]) == 1)
    #expect(replaced([entry(1, .stale), entry(2, .done)]) == nil)
    #expect(replaced([entry(2, .adopted), entry(1, .stale)]) == nil)
    #expect(Superseded(table: account.name, of: "other", in: [entry(1, .stale)]) == nil)
  }

  private func mapping(in drafted: TableDraft) throws -> Mapping {
    let bytes = try #require(drafted.edits.first { $0.path.hasSuffix("mapping.yaml") }?.bytes)
    return try #require(parseMapping(bytes, path: "m").0)
  }

  private func draft(
    _ changes: [SchemaChange], owner: ConnectionPolicy.SettingsOwner = .mooring,
    uniqueKeys: [[ColumnName]] = [["id"]], answer: Opinion.Answer? = nil, mapped: [MappingColumn] = [],
    inTarget: [CatalogueColumn] = [], promised: [ColumnName] = [], dialect: Dialect = .postgres
  ) throws -> TableDraft {
    var landed = account
    landed.uniqueKeys = uniqueKeys
    let more: [(ColumnName, ColumnType, String)] = [
      ("tier_c", .text(length: nil), "text"), ("personal_email_c", .text(length: nil), "text"),
      ("region_c", .text(length: nil), "text"), ("seats_c", .integer(bits: 32), "integer"),
      ("area_c", .integer(bits: 64), "bigint"),
    ]
    for (name, type, spelled) in more {
      landed.columns.append(ObservedColumn(name: name, type: type, physicalType: spelled, landed: .present))
    }
    var promise = contract(promising: account, connection: "s")
    promise.columns.append(ContractColumn(name: "region_c", physicalType: "text", sourceColumn: "Region__c"))
    promise.columns += promised.map { ContractColumn(name: $0, physicalType: "integer") }
    let server = ContractServer(
      name: "w", type: "postgres", schema: "salesforce", connectionID: "i", connectorType: "",
      groupID: "g")
    let target = Target(
      table: TableName(schema: "analytics", name: "account"), kind: .table, owner: "sales-data")
    let mapping = Mapping(
      connection: "s", source: account.name, target: target,
      columns: [
        MappingColumn(
          sources: ["id"], target: "id", type: dialect.typeName(.text(length: nil)) ?? "", isKey: true)
      ] + mapped)
    let classified = classify(
      changes, connection: "s",
      context: RuleContext(table: account.name, service: "salesforce", dialect: dialect),
      policies: Policies())
    return try DriftCore.draft(
      classified,
      answers: answer.map { answer in
        Dictionary(uniqueKeysWithValues: classified.map { ($0.fingerprint, answer) })
      } ?? [:],
      in: DraftContext(
        connection: "s", service: "salesforce", settingsOwner: owner,
        files: TableFiles(
          folder: TableFolder(path: "contracts/s/salesforce.account"), contract: promise,
          contractBytes: Array(renderContract(promise, server: server).utf8), mapping: mapping,
          mappingBytes: Array(renderMapping(mapping).utf8)),
        landed: landed,
        target: CatalogueTable(
          name: target.table, columns: [CatalogueColumn(name: "id", physicalType: "text")] + inTarget,
          uniqueKeys: [["id"]]),
        number: 1, server: server, dialect: dialect))
  }
}
