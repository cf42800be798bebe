import Foundation
import TestSupport
import Testing

/// `mooring compare` as people call it.
struct CompareTests {
  private let wider =
    #"{"name":"seats","type":"LONG"},{"name":"seats__new","type":"STRING"},{"name":"SEATS__old","type":"STRING"},"#
    + #"{"name":"id","type":"LONG","nullable":false,"pk":true},{"name":"n","type":"LONG","nullable":false},"#
    + #"{"name":"shape","type":"BLOB_OF(3)"},{"name":"place","type":"GEOGRAPHY"},{"name":"sum","type":"DECIMAL"}"#

  /// Where a warehouse changes a type in steps only, a key stays as it is and no name that is taken is used.
  @Test func stepsAreWrittenOnlyWhereTheyCanRun() throws {
    let before = wider.replacing("LONG", with: "INT").replacing(
      #",{"name":"shape","type":"BLOB_OF(3)"},{"name":"place","type":"GEOGRAPHY"},{"name":"sum","type":"DECIMAL"}"#,
      with: "")
    let outcome = try compare(before, wider, "--sql", "--dialect", "redshift")
    #expect(outcome.status == 2, "\(outcome.errors)")
    try expectGolden(outcome.output, "compare/steps.redshift.sql")
  }

  /// Where a warehouse wants a key gone before its column gets another type, no statement is written that it refuses.
  @Test(arguments: ["bigquery", "databricks"])
  func theTypeOfAKeyIsLeftToAPersonWhereTheKeyStandsInTheWay(dialect: String) throws {
    func columns(_ type: String) -> String {
      #"{"name":"id","type":"\#(type)","nullable":false,"pk":true},{"name":"n","type":"\#(type)"}"#
    }
    let outcome = try compare(columns("DECIMAL(10,0)"), columns("DECIMAL(12,0)"), "--sql", "--dialect", dialect)
    #expect(outcome.output.contains("drop the key, change the type and declare the key again"), "\(outcome.output)")
    #expect(!outcome.output.contains("ALTER COLUMN `id`"))
    #expect(outcome.output.contains("ALTER COLUMN `n`"))
  }

  /// A name that the warehouse takes for one that is there, or that reads like it, is given by a person.
  @Test(arguments: ["bigquery", "databricks", "postgres", "redshift", "snowflake"])
  func aColumnIsNotAddedUnderANameThatIsTaken(dialect: String) throws {
    let before = #"{"name":"TIER","type":"STRING"},{"name":"na\#u{EF}ve","type":"STRING"}"#
    let after =
      before + #",{"name":"tier","type":"STRING"},{"name":"nai\#u{308}ve","type":"STRING"},"#
      + #"{"name":"at","type":"INSTANT","nullable":false}"#
    let outcome = try compare(before, after, "--sql", "--dialect", dialect)
    #expect(outcome.status == 2, "\(outcome.errors)")
    try expectGolden(outcome.output, "compare/taken.\(dialect).sql")
  }

  /// In the order of the document, and with a word on what the statement does not say.
  @Test func aTableIsMadeInTheOrderOfItsColumns() throws {
    let clone = try ContractClone()
    let columns =
      #"{"name":"title","type":"STRING"},{"name":"id","type":"LONG","nullable":false,"pk":true},"#
      + #"{"name":"Odd","type":"STRING"},{"name":"at","type":"INSTANT","nullable":false}"#
    for (name, tables) in [("before.json", ""), ("after.json", #"{"name":"t","columns":[\#(columns)]}"#)] {
      try clone.folder.write(
        #"{"connectors":[{"id":"c","service":"s","schema":"p","tables":[\#(tables)]}]}"#, to: name)
    }
    let outcome = try clone.run("\(programs)/mooring", ["compare", "before.json", "after.json", "--sql"], [:])
    try expectGolden(outcome.output, "compare/added-table.postgres.sql")
  }

  /// A name of any length leaves the list readable.
  @Test func longNamesAreCutInTheMiddleAndColumnsStandBelowEachOther() throws {
    let names = ["a", "a_name_of_twenty_six_signs", String(repeating: "abcdefghij", count: 30)]
    let outcome = try compare("", names.map { #"{"name":"\#($0)","type":"STRING"}"# }.joined(separator: ","))
    try expectGolden(outcome.output, "compare/long-names.txt")
  }

  @Test func whatIsNotTheFormIsRefusedWithFilePlaceAndWayOut() throws {
    let outcome = try compare(#"{"name":"a","type":"LONG"}"#, #"{"name":"a","type":5}"#)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains(#"after.json: connector "c", table "t", byte "#)
        && outcome.errors.contains("hint: the form is described in docs/compare.md"), "\(outcome.errors)")
  }

  private func compare(_ before: String, _ after: String, _ options: String...) throws
    -> (status: Int32, output: String, errors: String)
  {
    let clone = try ContractClone()
    for (name, columns) in [("before.json", before), ("after.json", after)] {
      try clone.folder.write(
        #"{"connectors":[{"id":"c","service":"s","schema":"p","tables":[{"name":"t","columns":[\#(columns)]}]}]}"#,
        to: name)
    }
    return try clone.run("\(programs)/mooring", ["compare", "before.json", "after.json"] + options, [:])
  }
}
