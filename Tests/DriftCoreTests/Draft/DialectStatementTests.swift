import DriftCore
import TestSupport
import Testing

@Suite struct DialectStatementTests {
  @Test(arguments: Dialect.all)
  func everyStoryHasItsStatements(dialect: Dialect) throws {
    for story in DialectStory.all(dialect) {
      let folder = "stories/\(story.name)/expected"
      try expectGolden(upText(story, dialect), "\(folder)/\(dialect.id).up.sql")
      guard story.mapping.target.kind == .table else { continue }
      let load = try dialect.loadSQL(
        story.mapping, landed: story.landed, systemColumns: story.systemColumns)
      try expectGolden(load, "\(folder)/\(dialect.id).load.sql")
      try expectGolden(
        dialect.createTarget(story.mapping) + ";\n", "\(folder)/\(dialect.id).target.sql")
    }
  }

  @Test(arguments: Dialect.all)
  func noStatementHoldsACommentOrEndsWithASemicolon(dialect: Dialect) throws {
    for story in DialectStory.all(dialect) {
      let statements = try upStatements(story, dialect)
      #expect(try dialect.split(statements.joined(separator: ";\n") + ";\n") == statements)
      for statement in statements { #expect(try dialect.split(statement) == [statement]) }
    }
  }

  @Test func rowRulesApplyOnlyWhereTheirColumnsAre() throws {
    let dialect = Dialect.postgres
    let story = try #require(DialectStory.named("view-replaced", dialect))
    func view(_ system: [ColumnName], _ rows: RowRules) throws -> String {
      var mapping = story.mapping
      mapping.rows = rows
      return try dialect.statement(
        for: .replaceView, mapping: mapping, landed: story.landed, systemColumns: system)
    }
    let both: [ColumnName] = ["_fivetran_active", "_fivetran_deleted"]
    #expect(try !view([], RowRules()).contains("WHERE"))
    #expect(try !view(["_fivetran_deleted"], RowRules()).contains("_fivetran_active"))
    #expect(try view(both, RowRules()).contains("_fivetran_active"))
    #expect(try !view(both, RowRules(deleted: .include, history: .all)).contains("WHERE"))
  }

  @Test func aMappingThatCannotBeRenderedIsRefusedForItsReason() throws {
    func refusal(
      _ column: MappingColumn, landed: ColumnType, kind: Target.Kind = .view
    ) -> DraftRefusal? {
      let mapping = Mapping(
        connection: "c", source: TableName(schema: "s", name: "t"),
        target: Target(table: TableName(schema: "a", name: "t"), kind: kind), columns: [column])
      do {
        _ = try Dialect.postgres.statement(
          for: .replaceView, mapping: mapping, landed: ["x": landed])
        return nil
      } catch { return error }
    }
    func column(_ type: String, _ conversion: Conversion = .none, _ source: ColumnName = "x")
      -> MappingColumn
    { MappingColumn(sources: [source], target: "y", type: type, conversion: conversion) }
    let text = ColumnType.text(length: nil)
    #expect(refusal(column("text"), landed: text) == nil)
    #expect(refusal(column("text"), landed: .integer(bits: 32)) == nil)
    #expect(refusal(column("citext"), landed: text) == .unrecognizedType("y", "citext"))
    #expect(refusal(column("text", .none, "z"), landed: text) == .notLanded("z"))
    #expect(
      refusal(column("integer"), landed: text) == .needsConversion("y", from: "text", to: "integer"))
    #expect(refusal(column("varchar(5)", .cast), landed: text) == .wouldCut("y", length: 5))
    #expect(refusal(column("varchar(5)", .tryCast), landed: text) == nil)
    #expect(refusal(column("varchar(5)"), landed: .text(length: 4)) == nil)
    #expect(refusal(column("jsonb", .tryCast), landed: text) == .unconvertible("y", to: "jsonb"))
    #expect(
      refusal(column("text", .epochToTimestamp), landed: text) == .unconvertible("y", to: "text"))
    #expect(
      refusal(column("text", .booleanFromText), landed: text) == .unconvertible("y", to: "text"))
    for landed in [ColumnType.boolean, .date, .json] {
      #expect(
        refusal(column("timestamp", .epochToTimestamp), landed: landed) == .unconvertible("y", to: "timestamp"))
    }
    for landed in [ColumnType.integer(bits: 64), .xml, .uuid] {
      #expect(refusal(column("text", .jsonField("a")), landed: landed) == .unconvertible("y", to: "text"))
    }
    #expect(refusal(column("numeric", .cast), landed: .boolean) == .unconvertible("y", to: "numeric"))
    #expect(refusal(column("integer", .cast), landed: .boolean) == nil)
    #expect(refusal(column("date", .cast), landed: .integer(bits: 64)) == .unconvertible("y", to: "date"))
    #expect(refusal(column("text", .jsonField(#"a\'b"#)), landed: .json) == .literal(#"a\'b"#))
    #expect(refusal(column("text", .jsonField("a\nb")), landed: .json) == .literal("a\nb"))
    #expect(
      refusal(column("text"), landed: text, kind: .table)
        == .wrongTarget(TableName(schema: "a", name: "t"), action: "replace_view"))
    let bare = MappingColumn(sources: [], target: "y", type: "text")
    #expect(refusal(bare, landed: text) == .noSource("y"))
  }

  @Test func theLandedTableIsNeverATarget() {
    let table = TableName(schema: "salesforce", name: "account")
    let mapping = Mapping(
      connection: "c", source: table, target: Target(table: table, kind: .table), columns: [])
    #expect(throws: DraftRefusal.landedTable(table)) {
      try Dialect.postgres.statement(for: .dropColumn("x"), mapping: mapping, landed: [:])
    }
  }

  @Test(
    arguments: [
      .addColumn("Bad", .date), .addColumn("ctid", .date), .addColumn("x", .unrecognized("citext")),
      .addColumn("x", .decimal(precision: 2000, scale: 0)), .dropColumn("_fivetran_synced"),
      .dropColumn("xmin"), .dropColumn(""), .dropColumn("a\u{0}"),
      .renameColumn(from: "a", to: "B; --"), .setType("a", .unrecognized("x; drop table y")),
    ] as [AlterAction])
  func anActionThatMustNotBeIsNotWritten(action: AlterAction) {
    #expect(throws: DraftRefusal.self) {
      try Dialect.postgres.alter(TableName(schema: "a", name: "t"), action)
    }
  }

  @Test func aBackfillNeedsAKeyThatHasAnOrder() throws {
    let dialect = Dialect.postgres
    func fill(_ key: MappingColumn?, _ names: [ColumnName]) throws -> String {
      let value = MappingColumn(sources: ["v"], target: "v", type: "text")
      return try dialect.statement(
        for: .backfill(names),
        mapping: Mapping(
          connection: "c", source: TableName(schema: "s", name: "t"),
          target: Target(table: TableName(schema: "a", name: "t"), kind: .table),
          columns: [key, value].compactMap { $0 }),
        landed: ["k": .json, "id": .text(length: nil), "v": .text(length: nil)])
    }
    let json = MappingColumn(sources: ["k"], target: "k", type: "jsonb", isKey: true)
    let text = MappingColumn(sources: ["id"], target: "id", type: "text", isKey: true)
    #expect(throws: DraftRefusal.noKey(TableName(schema: "a", name: "t"))) { try fill(nil, ["v"]) }
    #expect(throws: DraftRefusal.unorderedKey("k")) { try fill(json, ["v"]) }
    #expect(throws: DraftRefusal.notFillable("id")) { try fill(text, ["id"]) }
    #expect(throws: DraftRefusal.notFillable("w")) { try fill(text, ["w"]) }
    #expect(throws: DraftRefusal.notFillable("")) { try fill(text, []) }
  }

  @Test func aWayBackExistsOnlyWhereNothingIsLost() throws {
    let dialect = Dialect.postgres
    let story = try #require(DialectStory.named("column-added", dialect))
    func down(_ action: AlterAction, _ type: ColumnType? = nil, _ view: String? = nil) throws
      -> String?
    {
      try dialect.down(for: action, mapping: story.mapping, typeBefore: type, viewBefore: view)
    }
    let table = #"ALTER TABLE "analytics"."account" "#
    #expect(try down(.addColumn("x", .date)) == table + #"DROP COLUMN "x""#)
    #expect(
      try down(.renameColumn(from: "a", to: "b")) == table + #"RENAME COLUMN "b" TO "a""#)
    #expect(try down(.dropNotNull("x")) == table + #"ALTER COLUMN "x" SET NOT NULL"#)
    #expect(try down(.setNotNull("x")) == table + #"ALTER COLUMN "x" DROP NOT NULL"#)
    #expect(try down(.setType("x", .integer(bits: 64)), .integer(bits: 32)) == nil)
    #expect(
      try down(.setType("x", .integer(bits: 32)), .integer(bits: 64))
        == table + #"ALTER COLUMN "x" TYPE bigint"#)
    #expect(try down(.setType("x", .date)) == nil)
    #expect(try down(.dropColumn("x")) == nil)
    #expect(try down(.backfill(["x"])) == nil)
    #expect(try down(.replaceView) == nil)
    #expect(try down(.replaceView, nil, "CREATE OR REPLACE VIEW v AS SELECT 1") != nil)
  }

  @Test func aCostSaysWhatIsLockedAndRewritten() {
    let dialect = Dialect.postgres
    #expect(
      dialect.cost(of: .addColumn("x", .date), rows: 5)
        == "ACCESS EXCLUSIVE for a moment, no rewrite")
    #expect(
      dialect.cost(of: .setType("x", .text(length: 9)), typeBefore: .text(length: 5), rows: 5)
        == "ACCESS EXCLUSIVE for a moment, no rewrite")
    #expect(
      dialect.cost(
        of: .setType("x", .integer(bits: 64)), typeBefore: .integer(bits: 32), rows: 1_234_567)
        == "ACCESS EXCLUSIVE while every row and index is written again; about 1,234,567 rows")
    #expect(dialect.cost(of: .setNotNull("x"), rows: 1).hasSuffix("about 1 row"))
  }

  @Test func aViewIsReplacedOnlyByOneThatAppendsColumns() {
    let dialect = Dialect.postgres
    let old: [(name: ColumnName, type: ColumnType)] = [("a", .date), ("b", .boolean)]
    #expect(dialect.viewCanBeReplaced(old: old, new: old))
    #expect(dialect.viewCanBeReplaced(old: old, new: old + [("c", .date)]))
    #expect(!dialect.viewCanBeReplaced(old: old, new: [("a", .date)]))
    #expect(!dialect.viewCanBeReplaced(old: old, new: [("b", .boolean), ("a", .date)]))
    #expect(!dialect.viewCanBeReplaced(old: old, new: [("a", .date), ("b", .date)]))
    #expect(Dialect.redshift.viewCanBeReplaced(old: old, new: old))
    #expect(!Dialect.redshift.viewCanBeReplaced(old: old, new: old + [("c", .date)]), "Redshift: by none but its like")
  }
}

func upStatements(_ story: DialectStory, _ dialect: Dialect) throws -> [String] {
  try story.actions.map {
    try dialect.statement(
      for: $0, mapping: story.mapping, landed: story.landed, systemColumns: story.systemColumns)
  }
}

/// As a change folder's up.sql has it.
func upText(_ story: DialectStory, _ dialect: Dialect) throws -> String {
  try upStatements(story, dialect).map { $0 + ";\n" }.joined()
}
