import DriftCore
import JSON
import Testing

/// What is a difference and what is not, where the stories only show that it is.
struct KindsTests {
  @Test func aColumnThatAPersonAnnouncedToGoIsNoDrift() {
    var promise = contract(promising: account, connection: "c")
    for index in promise.columns.indices { promise.columns[index].isDeprecated = promise.columns[index].name == "name" }
    #expect(changes(from: promise, to: account).isEmpty)
  }

  @Test func keysThatNobodyToldOfAreNotCompared() {
    var promise = contract(promising: account, connection: "c")
    promise.columns[1].isUnique = true
    #expect(changes(from: promise, to: account).isEmpty, "no catalogue was read")
    var landed = account
    landed.isView = false
    landed.uniqueKeys = []
    #expect(changes(from: promise, to: landed).isEmpty, "a warehouse without keys proves nothing")
    landed.uniqueKeys = [["id"]]
    #expect(changes(from: promise, to: landed).map(\.word) == ["key changed"])
  }

  @Test(arguments: [
    ("amount", "amount_cents", true), ("delay_seconds", "delay_ms", true), ("amount", "total_cents", false),
    ("amount", "amounts", false), ("cents", "usd", false), ("price_usd", "price", true),
  ])
  func aUnitIsSuspectedWhereNothingElseDiffers(old: String, new: String, isSuspected: Bool) {
    func number(_ name: String, _ inSource: Presence) -> ObservedColumn {
      ObservedColumn(
        name: ColumnName(name), type: .integer(bits: 64), physicalType: "bigint", isNullable: true,
        isPrimaryKey: false, inSource: inSource, landed: .present)
    }
    var before = account
    before.columns = (account.columns + [number(old, .present)]).sorted { $0.name < $1.name }
    var after = account
    after.columns = (account.columns + [number(old, .absent), number(new, .present)]).sorted { $0.name < $1.name }
    let found = changes(from: contract(promising: before, connection: "c"), to: after)
    #expect(
      found.contains { if case .unitSuspected = $0 { true } else { false } } == isSuspected, "\(found.map(\.word))")
    let isOne = found.contains { change in
      switch change {
      case .renameSuspected, .columnRenamed: true
      default: false
      }
    }
    #expect(!isSuspected || !isOne, "never both")
  }

  /// What a warehouse takes for one name is one column.
  @Test func aNameThatChangedItsCaseIsADifferenceOnlyWhereCaseCounts() throws {
    for dialect in Dialect.all {
      let found = try compared([#""name":"Total","type":"LONG""#], [#""name":"total","type":"LONG""#], dialect)
      let judged = classify(
        found, connection: "c",
        context: RuleContext(table: TableName(schema: "p", name: "t"), service: "s", dialect: dialect),
        policies: Policies())
      let countsCase = ["postgres", "snowflake"].contains(dialect.id)
      #expect(judged.map(\.verdict.rule) == (countsCase ? ["column.renamed.caseOnly"] : []), "\(dialect.id)")
    }
  }

  /// `DECIMAL` is a decimal even where every decimal of the warehouse has its digits.
  @Test func aDecimalWithoutDigitsIsADecimal() throws {
    func rule(_ from: String, _ to: String, _ dialect: Dialect) throws -> String? {
      let found = try compared([#""name":"x","type":"\#(from)""#], [#""name":"x","type":"\#(to)""#], dialect)
      return classify(
        found, connection: "c",
        context: RuleContext(table: TableName(schema: "p", name: "t"), service: "s", dialect: dialect),
        policies: Policies()
      ).first?.verdict.rule
    }
    for dialect in Dialect.all {
      #expect(try rule("STRING", "BIGDECIMAL", dialect) == "type.fromString", "\(dialect.id)")
      #expect(try rule("BOOLEAN", "DECIMAL", dialect) == "type.incompatible", "\(dialect.id)")
      #expect(try rule("DOUBLE", "BIGDECIMAL", dialect) == "type.floatToDecimal", "\(dialect.id)")
      #expect(try rule("DECIMAL", "LONG", dialect) == "type.scaleNarrowed", "\(dialect.id)")
      #expect(try rule("BIGDECIMAL", "DECIMAL", dialect) == nil, "\(dialect.id)")
    }
    for dialect in [Dialect.snowflake, .redshift, .databricks] {
      #expect(try rule("DECIMAL(10,2)", "BIGDECIMAL", dialect) == nil, "\(dialect.id)")
      #expect(try rule("DECIMAL", "DECIMAL(10,2)", dialect) == nil, "\(dialect.id)")
    }
    #expect(try rule("DECIMAL(10,2)", "BIGDECIMAL", .postgres) == "type.precisionWidened")
  }

  /// What is not the form is refused with its place: a column read in two ways could be drift that nobody sees.
  @Test(arguments: [
    (#"{"name":"a","type":"LONG"},{"name":"b","type":"INT"},{"name":"b","type":"LONG"}"#, #"a second column "b""#),
    (#"{"name":"a","type":"LONG"},{"name":"a","type":"INT"}"#, #"a second column "a""#),
    (#"{"name":"a","type":"LONG"},{"name":"\u0061","type":"INT"}"#, #"a second column "a""#),
    (#"{"name":"a","type":"LONG"},{"name":"b"}"#, #"column "b" has no "type""#),
    (#"{"name":"a","type":"LONG"},{"type":"LONG"}"#, #"a column has no "name""#),
    (#"{"name":"a","type":"LONG"},{"name":"b","type":5}"#, "a string should be here"),
    (#"{"name":"a","type":"LONG"},{"name":"b","type":"INT","nulable":false}"#, #"did you mean "nullable"?"#),
    (#"{"name":"a","type":"LONG"},{"name":"b","type":"INT","primary_key":true}"#, #"did you mean "pk"?"#),
  ])
  func aColumnThatIsNotOfTheFormIsRefusedWithItsPlace(columns: String, problem: String) throws {
    func schema(_ columns: String, beside known: NeutralSchema? = nil) throws -> NeutralSchema {
      let text =
        #"{"connectors":[{"id":"c","service":"s","schema":"p","tables":[{"name":"t","columns":[\#(columns)]}]}]}"#
      return try NeutralSchema(JSONBytes(Array(text.utf8)), path: "after.json", beside: known)
    }
    let before = try schema(#"{"name":"a","type":"LONG"}"#)
    do {
      let found = try compare(before, schema(columns, beside: before), dialect: .postgres)
      Issue.record("taken: \(found)")
    } catch {
      let text = "\(error)"
      #expect(text.hasPrefix(#"after.json: connector "c", table "t", byte "#) && text.contains(problem), "\(text)")
    }
  }

  @Test(arguments: [
    (#"{"connectors":[{"id":"c","tables":[{"name":"t","columns":[]}]}]}"#, #"connector "c" has no "schema""#),
    (#"{"connectors":[{"schema":"p","tables":[]}]}"#, #"a connector has no "id""#),
    (#"{"connectors":[{"id":"c","schema":"p","table":[]}]}"#, #"did you mean "tables"?"#),
    (#"{"conectors":[]}"#, #"did you mean "connectors"?"#),
  ])
  func aDocumentThatIsNotOfTheFormIsRefused(text: String, problem: String) {
    do {
      _ = try NeutralSchema(JSONBytes(Array(text.utf8)))
      Issue.record("taken: \(text)")
    } catch { #expect("\(error)".contains(problem), "\(error)") }
  }

  private func compared(_ before: [String], _ after: [String], _ dialect: Dialect) throws -> [SchemaChange] {
    func schema(_ columns: [String], beside known: NeutralSchema? = nil) throws -> NeutralSchema {
      let list = columns.map { "{\($0)}" }.joined(separator: ",")
      let text = #"{"connectors":[{"id":"c","service":"s","schema":"p","tables":[{"name":"t","columns":[\#(list)]}]}]}"#
      return try NeutralSchema(JSONBytes(Array(text.utf8)), beside: known)
    }
    let before = try schema(before)
    return try compare(before, schema(after, beside: before), dialect: dialect).flatMap(\.changes)
  }

  /// Two schemas are compared by what differs, and a key by all of it.
  @Test func aColumnThatJoinsAKeyDoesNotMakeIt() throws {
    func schema(_ pk: Bool, beside known: NeutralSchema? = nil) throws -> NeutralSchema {
      let text =
        #"{"connectors":[{"id":"c","service":"s","schema":"p","tables":[{"name":"t","columns":[{"name":"id","type":"LONG","nullable":false,"pk":true},{"name":"n","type":"LONG","nullable":false,"pk":\#(pk)}]}]}]}"#
      return try NeutralSchema(JSONBytes(Array(text.utf8)), beside: known)
    }
    let before = try schema(false)
    let found = try compare(before, schema(true, beside: before), dialect: .postgres).flatMap(\.changes)
    #expect(found == [.primaryKeyChanged(from: ["id"], to: ["id", "n"])])
  }

  @Test func whatNamesAColumnIsFoundWhereverItStands() throws {
    let text =
      renderContract(contract(promising: account, connection: "c"), server: server)
      .replacing(
        "        name: rep_c\n", with: "        name: rep_c\n        quality: [{metric: nullValues, mustBe: 0}]\n"
      )
      .replacing(
        "    properties:\n",
        with: """
              quality:
                - {type: sql, name: one rep, query: "SELECT count(rep_c) FROM t WHERE rep_c_old IS NULL", mustBe: 0}
              relationships:
                - {from: account.rep_c, to: rep.id}
              properties:

          """)
      + "slaProperties:\n  - {property: latency, value: 1, unit: d, element: 'account.name, account.rep_c'}\n"
    let (read, problems) = parseContract(Array(text.utf8), path: "c")
    let contract = try #require(read, "\(problems)")
    #expect(
      contract.references.map { "\($0.column) \($0.kind.rawValue) \($0.name)" } == [
        "name service level latency", "rep_c quality rule nullValues", "rep_c quality rule one rep",
        "rep_c relation rep.id", "rep_c service level latency",
      ])
    var gone = account
    for index in gone.columns.indices where gone.columns[index].name == "rep_c" {
      gone.columns[index].inSource = .absent
    }
    #expect(orphans(from: contract, to: gone) == [], "the column stays, and with it whatever names it")
    let old = try #require(contract.columns.first { $0.name == "rep_c" })
    var renamed = ObservedColumn(
      name: "owner_rep_c", sourceName: old.sourceColumn, inSource: .present, landed: .present)
    renamed.physicalType = old.physicalType
    renamed.type = old.physicalType.map(Dialect.postgres.parseType)
    gone.columns.append(renamed)
    #expect(orphans(from: contract, to: gone) == ["nullValues", "one rep"], "the others follow")
  }

  /// The rules and relations that a rename leaves behind.
  private func orphans(from contract: Contract, to table: ObservedTable) -> [String] {
    changes(from: contract, to: table).compactMap { change in
      if case .referenceOrphaned(let reference, _) = change { reference.name } else { nil }
    }
  }

  private let server = ContractServer(
    name: "w", type: "postgres", schema: "salesforce", connectionID: "i", connectorType: "", groupID: "g")

  private func changes(from contract: Contract, to table: ObservedTable) -> [SchemaChange] {
    diff(from: contract, to: table, dialect: .postgres)
  }
}
