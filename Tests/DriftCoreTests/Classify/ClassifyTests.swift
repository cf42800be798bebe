import DriftCore
import TestSupport
import Testing

struct ClassifyTests {
  @Test func identifiersOfRulesAreUniqueAndCanBeNamedByAPolicy() {
    let ids = Rule.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { id in policyKinds.contains { $0 == id || $0.hasPrefix(id + ".") } })
  }

  @Test(arguments: [
    (Fact.added("tier"), "column.added", ReaderEffect.safe, Colour.green),
    (.added("personal_email_c"), "column.added.sensitive", .safe, .yellow),
    (.removed, "column.removed", .breaking, .red),
    (.retyped("integer", "bigint"), "type.integerWidened", .safe, .green),
    (.retyped("varchar(10)", "varchar(20)"), "type.lengthWidened", .safe, .green),
    (.retyped("numeric(10,2)", "numeric(12,2)"), "type.precisionWidened", .safe, .green),
    (.retyped("bigint", "text"), "type.toString", .breaking, .yellow),
    (.retyped("text", "bigint"), "type.fromString", .breaking, .red),
    (.retyped("bigint", "integer"), "type.integerNarrowed", .risky, .red),
    (.retyped("boolean", "date"), "type.incompatible", .breaking, .red),
    (.retyped("text", "geometry"), "type.unknown", .risky, .yellow),
  ])
  func verdicts(change: Fact, rule: String, readers: ReaderEffect, colour: Colour) throws {
    let judged = try #require(judge([change.value]).first)
    #expect(judged.verdict.rule == rule)
    #expect(judged.verdict.readers == readers)
    #expect(judged.colour == colour)
  }

  @Test(arguments: [
    (SchemaChange.uniqueAdded(ContractColumn(name: "amount")), Colour.red),
    (.uniqueAdded(ContractColumn(name: "stage")), .yellow),
    (.columnEnabled(ContractColumn(name: "amount")), .yellow),
    (.columnEnabled(ContractColumn(name: "stage")), .green),
    (.columnRemoved(ContractColumn(name: "amount")), .red),
  ])
  func whatHappensToACriticalDataElementWeighsOneStepMore(change: SchemaChange, colour: Colour) throws {
    let table = TableName(schema: "crm", name: "account")
    let contract = Contract(
      id: "c", version: "1.0.0", table: table,
      columns: [ContractColumn(name: "amount", isCritical: true), ContractColumn(name: "stage")],
      policy: ["column.enabled": .auto, "unique.added": .review])
    let policies = Policies(
      contract: contract, table: table, connection: ConnectionPolicy(id: "i", destination: "w"), project: [:])
    let judged = try #require(
      classify(
        [change], connection: "crm", context: RuleContext(table: table, service: "salesforce", dialect: .postgres),
        policies: policies
      ).first)
    #expect(judged.colour == colour)
    let isRaised = judged.reasons.contains { $0.text == "a critical data element: one step up" }
    #expect(isRaised == (change.column == "amount" && judged.verdict.policy != .block), "\(judged.reasons)")
  }

  /// A type that nobody knows is for a person; one that the warehouse has and that is compared by its spelling is not.
  @Test(arguments: [
    (Dialect.postgres, "geography", Colour.green), (.postgres, "money", .green), (.postgres, "point", .green),
    (.postgres, "bit(3)", .green), (.postgres, "tsvector", .green), (.postgres, "inet", .green),
    (.postgres, "geometry(Point,4326)", .green), (.postgres, "interval day to second", .green),
    (.postgres, "varchar(10); drop table x", .yellow), (.postgres, "numeric(5,9)", .yellow),
    (.postgres, "varchar(99999999999999999999)", .yellow), (.postgres, "widget", .yellow),
    (.snowflake, "GEOGRAPHY", .green), (.snowflake, "VARCHAR(0)", .yellow), (.bigQuery, "RANGE<DATE>", .green),
    (.bigQuery, "MONEY", .yellow), (.redshift, "HLLSKETCH", .green), (.redshift, "UUID", .yellow),
    (.databricks, "INTERVAL YEAR", .green), (.databricks, "POINT", .yellow),
  ])
  func anAddedColumnOfAnUnknownTypeNeedsAPerson(dialect: Dialect, spelled: String, colour: Colour) throws {
    let column = ObservedColumn(
      name: "x", type: dialect.parseType(spelled), physicalType: spelled, inSource: .present, landed: .present)
    let table = TableName(schema: "crm", name: "account")
    let judged = try #require(
      classify(
        [.columnAdded(column)], connection: "crm",
        context: RuleContext(table: table, service: "salesforce", dialect: dialect), policies: Policies()
      ).first)
    #expect(judged.colour == colour)
    if colour == .yellow {
      #expect(judged.verdict.rule == "column.added.typeUnknown")
      #expect(judged.verdict.message.contains("not a type that \(dialect.title) is known to have"))
    }
  }

  @Test func everyTypeOfEveryDialectIsKnownWhenItLands() {
    for dialect in Dialect.all {
      for name in dialect.writableTypes.compactMap(dialect.typeName) {
        #expect(dialect.has(dialect.parseType(name)), "\(dialect.id): \(name)")
      }
    }
  }

  @Test(arguments: [
    ("email", true), ("personal_email_c", true), ("emailed_at", false), ("phone", true),
    ("phonetic", false), ("email_opt_out", false), ("date_of_birth", true), ("status", false),
    ("shipping_street", true),
  ])
  func namesThatSuggestPersonalData(name: String, expected: Bool) throws {
    let judged = try #require(judge([Fact.added(name).value]).first)
    #expect((judged.verdict.rule == "column.added.sensitive") == expected)
  }

  @Test func theNearestPolicyCountsAndAPrefixIsEnough() {
    func colour(_ contract: [String: Policy], _ connection: [String: Policy], _ project: [String: Policy])
      -> Colour?
    {
      var promise = contractOfAccount
      promise.policy = contract
      let policies = Policies(
        contract: promise, table: promise.table,
        connection: ConnectionPolicy(id: "i", destination: "d", policies: connection),
        project: project)
      return judge([Fact.added("tier").value], policies: policies).first?.colour
    }
    #expect(colour([:], [:], [:]) == .green)
    #expect(colour([:], [:], ["column": .block]) == .red)
    #expect(colour([:], ["column.added": .review], ["column": .block]) == .yellow)
    #expect(colour(["column.added": .auto], ["column.added": .review], [:]) == .green)
    #expect(colour([:], [:], ["column.added": .ignore]) == nil)
  }

  @Test func aColumnsPolicyCountsBeforeItsTables() throws {
    let yaml = """
      version: 1
      fivetran: {key: "${K}", secret: "${S}"}
      destinations: {w: {kind: postgres, group: g, url: "${U}"}}
      connections:
        c:
          id: i
          destination: w
          policies: {column.added: review}
          tables:
            salesforce.*: {policies: {column.added: block}}
            salesforce.account:
              columns: {tier: {column: ignore}, plan: {column.added: auto}}
      """
    let (project, problems) = parseProject(Array(yaml.utf8), path: "mooring.yaml")
    let connection = try #require(project?.connections["c"], "\(problems)")
    func colour(_ column: String, of table: TableName, _ own: [String: Policy] = [:]) -> Colour? {
      var promise = contractOfAccount
      promise.columns.append(ContractColumn(name: ColumnName(column), policy: own))
      let policies = Policies(contract: promise, table: table, connection: connection, project: [:])
      return judge([Fact.added(column).value], policies: policies).first?.colour
    }
    #expect(colour("other", of: account.name) == .red)
    #expect(colour("plan", of: account.name) == .green)
    #expect(colour("tier", of: account.name) == nil)
    #expect(colour("tier", of: account.name, ["column.added": .review]) == .yellow)
    #expect(colour("tier", of: TableName(schema: "stripe", name: "charge")) == .yellow)
  }

  @Test func aRenameWithAnotherTypeCarriesTheWorseOfBoth() throws {
    let old = ContractColumn(name: "seats", physicalType: "bigint", isHashed: true)
    let evidence = RenameEvidence(confidence: 1, reasons: ["declared"], isCertain: true)
    func judged(_ type: String, isHashed: Bool) throws -> ClassifiedChange {
      let new = ObservedColumn(
        name: "places", type: Dialect.postgres.parseType(type), physicalType: type, isHashed: isHashed)
      return try #require(judge([.columnRenamed(from: old, to: new, evidence: evidence)]).first)
    }
    let plain = try judged("bigint", isHashed: true)
    #expect(plain.colour == .yellow && plain.reasons.count == 1)
    let narrowed = try judged("integer", isHashed: true)
    #expect(narrowed.verdict.rule == "column.renamed")
    #expect(narrowed.colour == .red && narrowed.verdict.writes == .fails && narrowed.verdict.reversible == .no)
    #expect(narrowed.reasons.map(\.author).contains(.rule("type.integerNarrowed")))
    #expect(try judged("bigint", isHashed: false).colour == .red, "clear text is never merged in passing")
    #expect(plain.fingerprint != narrowed.fingerprint, "a yes to one is no yes to the other")
  }

  @Test(arguments: [
    ("salesforce", false), ("postgres", false), ("aurora_postgres", false), ("aurora", true), ("mysql_rds", true),
    ("google_cloud_mysql", true), ("maria_azure", true), ("oracle_rac", true), ("sql_server", false),
    ("sql_server_hva", true), ("snowflake_db", true),
  ])
  func whatBecomesOfOldValuesIsWordedByConnector(service: String, isLost: Bool) throws {
    let judged = try #require(
      classify(
        [Fact.removed.value], connection: "c",
        context: RuleContext(table: account.name, service: service, dialect: .postgres), policies: Policies()
      ).first)
    #expect(judged.verdict.message.contains("all its values become NULL") == isLost)
  }

  @Test func theModelRaisesAndNeverLowers() throws {
    for change in [Fact.added("tier"), .removed, .retyped("bigint", "text")] {
      let before = try #require(judge([change.value]).first)
      for readers in ReaderEffect.allCases {
        for isSensitive in [true, false] {
          let after = settled(
            before, Opinion.Answer(readers: readers, isSensitive: isSensitive, note: "fine"))
          #expect(after.verdict.readers >= before.verdict.readers)
          #expect(after.colour >= before.colour)
          #expect(after.fingerprint == before.fingerprint)
        }
      }
    }
  }

  @Test func aFingerprintIsOfTheFactAndNotOfItsWording() {
    let one = fingerprint(of: Fact.added("a").value, connection: "c", table: account.name)
    let same = fingerprint(of: Fact.added("a").value, connection: "c", table: account.name)
    let other = fingerprint(of: Fact.added("b").value, connection: "c", table: account.name)
    #expect(one == same)
    #expect(one != other)
  }

  private func settled(_ change: ClassifiedChange, _ answer: Opinion.Answer) -> ClassifiedChange {
    let question = question(
      about: [change], connection: "c", service: "salesforce", table: account.name, mapping: nil,
      dialect: .postgres, model: "m")
    let opinion = Opinion(model: "m", answers: ["c1": answer])
    return settle([change], with: opinion, on: question)[0]
  }

  private func judge(_ changes: [SchemaChange], policies: Policies = Policies()) -> [ClassifiedChange] {
    classify(
      changes, connection: "c",
      context: RuleContext(table: account.name, service: "salesforce", dialect: .postgres),
      policies: policies)
  }
}

private let contractOfAccount = contract(promising: account, connection: "c")

/// Changes as a table of tests writes them.
enum Fact: Sendable {
  case added(String)
  case removed
  case retyped(String, String)

  var value: SchemaChange {
    let dialect = Dialect.postgres
    switch self {
    case .added(let name):
      return .columnAdded(
        ObservedColumn(
          name: ColumnName(name), type: .text(length: nil), physicalType: "text", isNullable: true,
          landed: .present))
    case .removed:
      return .columnRemoved(ContractColumn(name: "region_c", physicalType: "text"))
    case .retyped(let from, let to):
      return .typeChanged(
        ContractColumn(name: "x", physicalType: from), from: dialect.parseType(from),
        to: ObservedColumn(name: "x", type: dialect.parseType(to), physicalType: to))
    }
  }
}
