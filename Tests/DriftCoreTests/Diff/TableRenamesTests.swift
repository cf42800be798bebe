import DriftCore
import JSON
import Testing

/// Tables that went and came in one connector, told by `mooring compare`.
struct TableRenamesTests {
  /// `from>to` of each suspicion between two lists of tables: `name(column:TYPE ...)`.
  private func suspected(_ before: [String], _ after: [String]) throws -> [String] {
    try compare(schema(before), schema(after), dialect: .postgres).flatMap(\.changes).compactMap {
      guard case .tableRenameSuspected(let from, let to, _) = $0 else { return nil }
      return "\(from.name)>\(to.name)"
    }
  }

  private func schema(_ tables: [String]) throws -> NeutralSchema {
    let texts = tables.map { table in
      let parts = table.dropLast().split(separator: "(")
      let columns = parts[1].split(separator: " ").map { column in
        let words = column.split(separator: ":")
        return #"{"name":"\#(words[0])","type":"\#(words.count > 1 ? String(words[1]) : "STRING")"}"#
      }
      return #"{"name":"\#(parts[0])","columns":[\#(columns.joined(separator: ","))]}"#
    }
    let document =
      #"{"connectors":[{"id":"shop","service":"s","schema":"shop","tables":[\#(texts.joined(separator: ","))]}]}"#
    return try NeutralSchema(JSONBytes(Array(document.utf8)))
  }

  @Test(arguments: [
    // Most columns, one word of the name.
    (["pallet_move(id:LONG at rack bay lane)"], ["pallet_shift(id:LONG at rack bay lane crew)"], true),
    // Another name altogether: five columns at least.
    (["supporters(id:LONG a b c d)"], ["tickets(id:LONG a b c d)"], true),
    (["supporters(id:LONG a b c)"], ["tickets(id:LONG a b c)"], false),
    // Types count, and Fivetran's own columns do not.
    (["pallet_move(id:LONG a:LONG b:LONG)"], ["pallet_shift(id:LONG a b)"], false),
    (
      ["pallet_move(id _fivetran_synced:INSTANT _fivetran_deleted:BOOLEAN)"],
      ["pallet_shift(id _fivetran_synced:INSTANT _fivetran_deleted:BOOLEAN)"], false
    ),
    (["pallet_move(id a b c d)"], ["pallet_shift(id e f g h)"], false),
  ])
  func nearlyTheSameColumnsAreASuspicion(before: [String], after: [String], isSuspected: Bool) throws {
    #expect(try suspected(before, after).isEmpty != isSuspected)
  }

  @Test func namesTellTablesOfOneShapeApart() throws {
    let shape = "(id at rack bay lane)"
    #expect(
      try suspected(["north_gate" + shape, "south_gate" + shape], ["south_door" + shape, "north_door" + shape])
        == ["north_gate>north_door", "south_gate>south_door"])
  }

  /// However few columns it has: nothing else of the connection has its name.
  @Test func aTableThatWentToAnotherSchemaMoved() throws {
    func document(_ schemas: [(schema: String, tables: String)]) throws -> NeutralSchema {
      let connectors = schemas.map {
        #"{"id":"shop","service":"s","schema":"\#($0.schema)","tables":[\#($0.tables)]}"#
      }
      return try NeutralSchema(JSONBytes(Array(#"{"connectors":[\#(connectors.joined(separator: ","))]}"#.utf8)))
    }
    let gate = #"{"name":"gate","columns":[{"name":"id","type":"LONG"}]}"#
    func rules(_ before: NeutralSchema, _ after: NeutralSchema) throws -> [String] {
      try compare(before, after, dialect: .postgres).flatMap { comparison in
        classify(
          comparison.changes, connection: "shop",
          context: RuleContext(table: comparison.table, service: "s", dialect: .postgres), policies: Policies())
      }.map(\.verdict.rule)
    }
    let (old, new) = (try document([("a", gate)]), try document([("b", gate)]))
    #expect(try rules(old, new) == ["table.removed", "table.added", "table.moved"])
    #expect(try rules(old, document([("a", ""), ("b", gate)])) == ["table.removed", "table.added", "table.moved"])
    // One table in two schemas of a connection is two tables.
    let both = try document([("a", gate), ("b", gate)])
    #expect(try rules(both, both) == [])
    #expect(try rules(old, both) == ["table.added"])
    #expect(try rules(both, document([("c", gate)])) == ["table.removed", "table.removed", "table.added"])
  }

  @Test func columnsOfAnotherCaseAreTheSame() throws {
    #expect(try suspected(["Gate(Id At Rack)"], ["gate(id at rack)"]) == ["Gate>gate"])
  }

  @Test func aTableThatStayedIsNeverPaired() throws {
    let shape = "(id at rack bay lane)"
    #expect(try suspected(["gate" + shape, "old_gate" + shape], ["gate" + shape]) == [])
    #expect(try suspected(["gate" + shape], ["gate" + shape, "new_gate" + shape]) == [])
  }

  /// The removal and the addition stay: the suspicion is the other reading, yellow, and rivals share the confidence.
  @Test func bothReadingsAreShown() throws {
    let shape = "(id at rack bay lane)"
    let found = try compare(
      schema(["gate" + shape]), schema(["door" + shape, "hatch" + shape]), dialect: .postgres)
    let judged = found.flatMap { comparison in
      classify(
        comparison.changes, connection: "shop",
        context: RuleContext(table: comparison.table, service: "s", dialect: .postgres), policies: Policies())
    }
    #expect(
      judged.map(\.verdict.rule) == ["table.added", "table.renamed.candidate", "table.removed", "table.added"])
    let suspicion = try #require(judged.first { $0.verdict.rule == "table.renamed.candidate" })
    #expect(suspicion.colour == .yellow)
    let words = "perhaps shop.gate renamed to shop.door? 0.50: 5 columns the same, 1 more pair alike;"
    #expect(suspicion.verdict.message.hasPrefix(words))
  }
}
