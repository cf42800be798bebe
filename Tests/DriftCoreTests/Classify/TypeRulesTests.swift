import DriftCore
import TestSupport
import Testing

@Suite struct TypeRulesTests {
  @Test(
    arguments: [
      ("varchar(10)", "varchar(20)", "type.lengthWidened", .safe, .ok, .data, .auto),
      ("varchar(20)", "varchar(10)", "type.lengthNarrowed", .safe, .fails, .no, .block),
      ("character(5)", "character(10)", "type.lengthWidened", .safe, .ok, .data, .auto),
      ("character(10)", "character(5)", "type.lengthNarrowed", .safe, .fails, .no, .block),
      ("bpchar", "text", "type.paddingDropped", .risky, .ok, .data, .review),
      ("char(10)", "varchar(5)", "type.lengthNarrowed", .safe, .fails, .no, .block),
      ("varchar(5)", "char(10)", "type.paddingAdded", .risky, .conditional, .data, .review),
      ("text", "char(10)", "type.lengthNarrowed", .safe, .fails, .no, .block),
      ("integer", "char(5)", "type.toString.tooShort", .breaking, .fails, .no, .block),
      ("char(10)", "integer", "type.fromString", .breaking, .fails, .no, .block),
      ("numeric", "numeric(10,2)", "type.scaleNarrowed", .risky, .fails, .no, .block),
      ("numeric", "bigint", "type.scaleNarrowed", .risky, .fails, .no, .block),
      ("smallint", "real", "type.integerToFloat", .safe, .ok, .data, .review),
      ("integer", "double precision", "type.integerToFloat", .safe, .ok, .data, .review),
      ("integer", "real", "type.integerToFloat", .risky, .ok, .no, .review),
      ("numeric(10,2)", "numeric(12,2)", "type.precisionWidened", .safe, .ok, .data, .auto),
      ("numeric(10,2)", "numeric(12,4)", "type.scaleWidened", .safe, .conditional, .data, .review),
      ("numeric(18,2)", "numeric(18,6)", "type.scaleWidened.digitsLost", .risky, .fails, .no, .block),
      ("numeric(18,2)", "numeric(12,2)", "type.precisionNarrowed", .risky, .fails, .no, .block),
      ("numeric(18,2)", "numeric(18,0)", "type.scaleNarrowed", .risky, .fails, .no, .block),
      ("numeric(18,2)", "bigint", "type.scaleNarrowed", .risky, .fails, .no, .block),
      ("numeric(18,0)", "integer", "type.precisionNarrowed", .risky, .fails, .no, .block),
      ("bigint", "numeric(5,0)", "type.precisionNarrowed", .risky, .fails, .no, .block),
      ("smallint", "bigint", "type.integerWidened", .safe, .ok, .data, .auto),
      ("bigint", "smallint", "type.integerNarrowed", .risky, .fails, .no, .block),
      ("integer", "numeric(12,2)", "type.integerToDecimal", .safe, .ok, .data, .review),
      ("bigint", "double precision", "type.integerToFloat", .risky, .ok, .no, .review),
      ("real", "double precision", "type.floatWidened", .safe, .ok, .data, .auto),
      ("double precision", "real", "type.floatNarrowed", .risky, .fails, .no, .block),
      ("numeric(18,2)", "double precision", "type.decimalToFloat", .risky, .conditional, .no, .block),
      ("double precision", "numeric(18,2)", "type.floatToDecimal", .risky, .conditional, .no, .block),
      ("date", "timestamp", "type.dateToTimestamp", .risky, .ok, .data, .review),
      ("timestamptz", "date", "type.timestampToDate", .breaking, .ok, .no, .block),
      ("timestamp", "timestamptz", "type.timezoneAdded", .breaking, .ok, .data, .block),
      ("timestamptz", "timestamp", "type.timezoneDropped", .breaking, .ok, .data, .block),
      ("timestamp(3)", "timestamp", "type.fractionalSecondsChanged", .risky, .conditional, .data, .review),
      ("timestamp", "timestamp(3)", "type.fractionalSecondsChanged", .risky, .conditional, .no, .review),
      ("boolean", "smallint", "type.booleanToInteger", .breaking, .conditional, .data, .block),
      ("smallint", "boolean", "type.integerToBoolean", .breaking, .conditional, .no, .block),
      ("vector(3)", "vector(4)", "type.vectorDimensionsChanged", .breaking, .fails, .no, .block),
      ("date", "date[]", "type.scalarToArray", .breaking, .fails, .data, .block),
      ("date[]", "date", "type.arrayToScalar", .breaking, .fails, .no, .block),
      ("text", "jsonb", "type.toJson", .breaking, .conditional, .data, .block),
      ("jsonb", "date", "type.fromJson", .breaking, .conditional, .data, .block),
      ("jsonb", "text", "type.toString", .breaking, .ok, .data, .review),
      ("integer", "text", "type.toString", .breaking, .ok, .data, .review),
      ("bigint", "varchar(5)", "type.toString.tooShort", .breaking, .fails, .no, .block),
      ("bigint", "varchar(20)", "type.toString", .breaking, .ok, .data, .review),
      ("numeric(5,2)", "varchar(7)", "type.toString.tooShort", .breaking, .fails, .no, .block),
      ("date", "varchar(10)", "type.toString", .breaking, .ok, .data, .review),
      ("timestamp(0)", "varchar(10)", "type.toString.tooShort", .breaking, .fails, .no, .block),
      ("jsonb", "varchar(4000)", "type.toString.tooShort", .breaking, .fails, .no, .block),
      ("text", "integer", "type.fromString", .breaking, .fails, .no, .block),
      ("boolean", "date", "type.incompatible", .breaking, .conditional, .no, .block),
      ("citext", "date", "type.unknown", .risky, .conditional, .data, .review),
      ("integer[]", "bigint[]", "type.arrayElementChanged", .safe, .ok, .data, .auto),
      ("text[]", "date[]", "type.arrayElementChanged", .breaking, .fails, .no, .block),
    ] as [(String, String, String, ReaderEffect, WriteEffect, Reversibility, DriftCore.Policy)])
  func aTypeChangeIsJudgedByItsKind(
    from: String, to: String, rule: String, readers: ReaderEffect, writes: WriteEffect,
    back: Reversibility, policy: DriftCore.Policy
  ) {
    let verdict = judge(from, to, .postgres).verdict
    #expect(verdict.rule == rule)
    #expect(verdict.readers == readers)
    #expect(verdict.writes == writes)
    #expect(verdict.reversible == back)
    #expect(verdict.policy == policy)
  }

  @Test(
    arguments: [
      ("STRUCT<a INT64>", "STRUCT<a INT64, b STRING>", "type.structFieldAdded", .auto, "b: a new field"),
      ("STRUCT<a INT64, b STRING>", "STRUCT<a INT64>", "type.structFieldRemoved", .block, "b: gone"),
      ("STRUCT<zipCode STRING>", "STRUCT<zip_code STRING>", "type.structFieldRenamed", .review, "zipCode: is zip_code"),
      ("STRUCT<a INT64>", "STRUCT<a STRING>", "type.structFieldTypeChanged", .review, "a: comparisons"),
      ("STRUCT<a STRING(5)>", "STRUCT<a STRING>", "type.structFieldTypeChanged", .auto, "a: longer values fit"),
      ("STRUCT<a INT64, b DATE>", "STRUCT<b DATE, a INT64>", "type.structFieldMoved", .review, "another order"),
      (
        "ARRAY<STRUCT<home STRUCT<zip STRING, city STRING>>>", "ARRAY<STRUCT<home STRUCT<city STRING>>>",
        "type.structFieldRemoved", .block, "[].home.zip: gone"
      ),
      (
        "STRUCT<tags ARRAY<STRING>, n INT64>", "STRUCT<tags ARRAY<JSON>>", "type.structFieldRemoved", .block,
        "tags[]: comparisons and arithmetic need a cast"
      ),
      ("BYTES(5)", "BYTES(9)", "type.binaryLengthWidened", .auto, "BYTES(9)"),
      ("BYTES", "BYTES(9)", "type.binaryLengthNarrowed", .block, "longer values"),
    ] as [(String, String, String, DriftCore.Policy, String)])
  func whatIsInsideATypeIsJudgedWithItsPlace(
    from: String, to: String, rule: String, policy: DriftCore.Policy, words: String
  ) {
    let verdict = judge(from, to, .bigQuery).verdict
    #expect(verdict.rule == rule)
    #expect(verdict.policy == policy)
    #expect(verdict.message.contains(words), "\(verdict.message)")
  }

  @Test(
    arguments: [
      ("numeric", "numeric(10,2)", "values are rounded, and large ones fail to load"),
      ("numeric(18,4)", "numeric(18,2)", "numeric(18,2): values are rounded"),
      ("integer", "real", "above 2^24 are no longer exact"), ("bigint", "double precision", "above 2^53"),
      ("smallint", "real", "every number is kept"), ("integer[]", "bigint[]", "[]: larger numbers fit"),
    ])
  func whatIsLostIsSaid(from: String, to: String, words: String) {
    let message = judge(from, to, .postgres).verdict.message
    #expect(message.contains(words), "\(message)")
  }

  /// No text of one rule stands for all, and none names a rule where a person wants words.
  @Test func everyKindOfTypeSaysWhyItMattersAndWhatToDo() {
    let rules = Rule.all.filter { $0.id.hasPrefix("type.") }
    #expect(Set(rules.map(\.summary)).count == rules.count)
    #expect(rules.allSatisfy { !$0.why.isEmpty && !$0.advice.isEmpty })
    let families = Dictionary(grouping: rules) { "\($0.why) \($0.advice)" }
    #expect(families.values.allSatisfy { $0.count == 1 })
  }

  @Test(arguments: [
    ("varbit(5)", "bit varying(5)", false), ("INTERVAL  day to second(3)", "interval day to second(3)", false),
    ("timetz", "time with time zone", false), ("bit(3)", "bit(5)", true), ("interval(3)", "interval", true),
    ("point", "line", true), ("blob_of(3)", "BLOB_OF(3)", true),
  ])
  func twoSpellingsOfATypeThatIsComparedByThemAreOne(from: String, to: String, differs: Bool) {
    let table = ObservedTable(
      name: TableName(schema: "s", name: "t"), source: SourceTable(schema: "s", name: "T"), syncMode: nil,
      inSource: .present, landed: .present, isView: false,
      columns: [
        ObservedColumn(
          name: "x", sourceName: "x", type: Dialect.postgres.parseType(to), physicalType: to, isNullable: true,
          inSource: .present, landed: .present)
      ])
    var promise = contract(promising: table, connection: "c")
    promise.columns[0].physicalType = from
    #expect(diff(from: promise, to: table, dialect: .postgres).isEmpty == !differs)
  }

  @Test func keysAndValuesOfAMapAreJudgedApart() {
    func rule(_ from: String, _ to: String) -> String { judge(from, to, .snowflake).verdict.rule }
    #expect(rule("MAP(VARCHAR, VARCHAR)", "MAP(NUMBER, VARCHAR)") == "type.mapKeyChanged")
    #expect(rule("MAP(VARCHAR, VARCHAR)", "MAP(VARCHAR, DATE)") == "type.mapValueChanged")
  }

  /// Every pair has exactly one verdict of a rule that is listed.
  @Test func noChangeOfTypeIsLeftWithoutARule() {
    let types = sampleTypes + nestedTypes
    let known = Set(Rule.all.map(\.id))
    for from in types {
      for to in types where from != to {
        let change = SchemaChange.typeChanged(
          ContractColumn(name: "x", physicalType: from.text), from: from,
          to: ObservedColumn(name: "x", type: to, physicalType: to.text))
        let rule = judged(change, .postgres)?.verdict.rule ?? "none"
        #expect(known.contains(rule), "\(from.text) to \(to.text): \(rule)")
      }
    }
  }

  @Test(
    arguments: [
      ("type.widened", "varchar(10)", "varchar(20)", .red), ("type.narrowed", "bigint", "integer", .green),
      ("type.narrowed", "numeric(18,2)", "numeric(18,6)", .green),
      ("type.widened", "numeric(18,2)", "numeric(18,6)", .red),
      ("type", "date", "timestamp", .red), ("type.lengthWidened", "varchar(10)", "varchar(20)", .red),
    ] as [(String, String, String, Colour)])
  func aPolicyForAllWideningsOrNarrowingsCoversEachOfThem(
    kind: String, from: String, to: String, colour: Colour
  ) {
    let policies = Policies(
      contract: nil, table: TableName(schema: "crm", name: "account"),
      connection: ConnectionPolicy(id: "crm_id", destination: "w"),
      project: [kind: kind == "type.narrowed" ? .auto : .block])
    #expect(judge(from, to, .postgres, policies).colour == colour)
  }

  private func judge(
    _ from: String, _ to: String, _ dialect: Dialect, _ policies: Policies = Policies()
  ) -> ClassifiedChange {
    let change = SchemaChange.typeChanged(
      ContractColumn(name: "x", physicalType: from), from: dialect.parseType(from),
      to: ObservedColumn(name: "x", type: dialect.parseType(to), physicalType: to))
    return judged(change, dialect, policies)!
  }

  private func judged(
    _ change: SchemaChange, _ dialect: Dialect, _ policies: Policies = Policies()
  ) -> ClassifiedChange? {
    classify(
      [change], connection: "c",
      context: RuleContext(table: TableName(schema: "a", name: "t"), service: "salesforce", dialect: dialect),
      policies: policies
    ).first
  }
}
