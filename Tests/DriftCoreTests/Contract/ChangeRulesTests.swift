import DriftCore
import Testing

private let text = """
  version: 1
  change: 0001-add-tier-c
  connection: salesforce
  table: salesforce.account
  target: analytics.account
  findings:
    - {rule: column.added, column: tier_c, colour: red, judged_by: rules, fingerprint: ab12, text: new}
  actions:
    - {add_column: tier_c, type: text}
    - {backfill: [tier_c]}
  steps:
    - {step: 1, ddl: 1}
    - {step: 2, backfill: 2, batch: 10000}
  relies_on:
    target:
      - {column: tier_c, absent: true}
  acknowledge:
    - {fingerprint: ab12, text: "tier_c is new", by: ""}
  way_back: down.sql

  """

@Suite struct ChangeRulesTests {
  @Test func aReviewedChangeIsRead() {
    let (change, problems) = parseChange(Array(text.utf8), path: "c")
    #expect(problems.isEmpty, "\(problems)")
    #expect(change?.actions == [.addColumn("tier_c", .text(length: nil)), .backfill(["tier_c"])])
    #expect(change?.folder == "0001-add-tier-c")
  }

  @Test(arguments: [
    ("ddl: 1", "ddl: 2", "action 2 is a backfill"), ("backfill: 2,", "backfill: 1,", "no backfill"),
    ("ddl: 1", "ddl: 3", "there is no action 3"), ("step: 2", "step: 3", "not numbered"),
    ("change: 0001", "change: 1", "not the name"),
    ("change: 0001-a", "change: 0001-../a", "not the name"),
    ("fingerprint: ab12, text: \"", "fingerprint: ab13, text: \"", "no finding"),
    ("way_back: down.sql", "way_back: up.sql", "the way back"), ("way_back: down.sql", "", "lacks"),
    ("absent: true", "absent: false", "either a type"), ("ddl: 1", "ddl: 01", "whole number"),
    ("ddl: 1}", "ddl: 1, wait: idle}", "does two things"),
    ("add_column: tier_c", "drop_everything: tier_c", "unknown action"),
    ("version: 1", "version: 1\nsupersedes: 1", "cannot supersede"),
  ])
  func aChangeThatDoesNotAddUpIsRefused(old: String, new: String, message: String) {
    let (change, problems) = parseChange(Array(text.replacing(old, new).utf8), path: "c")
    #expect(change == nil)
    #expect(problems.contains { $0.message.contains(message) }, "\(problems)")
  }
}
