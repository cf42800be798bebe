import Foundation
import JSON
import TestSupport
import Testing

/// `mooring lint --format sarif` is what readers of SARIF 2.1.0 take.
///
/// Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01" and its JSON schema, read
/// 2026-11-22.
struct SARIFTests {
  /// What the schema says of the objects that are written: keys that it has, keys that it wants.
  private struct Shape {
    var keys: Set<String>
    var required: Set<String>
  }

  private let log = Shape(
    keys: ["$schema", "version", "runs", "inlineExternalProperties", "properties"], required: ["version", "runs"])
  private let run = Shape(
    keys: ["tool", "columnKind", "results", "artifacts", "invocations", "properties"], required: ["tool"])
  private let driver = Shape(
    keys: ["name", "version", "semanticVersion", "informationUri", "rules", "properties"], required: ["name"])
  private let rule = Shape(
    keys: [
      "id", "name", "shortDescription", "fullDescription", "defaultConfiguration", "help", "helpUri", "properties",
    ],
    required: ["id"])
  private let result = Shape(
    keys: ["ruleId", "ruleIndex", "kind", "level", "message", "locations", "partialFingerprints", "properties"],
    required: ["message"])
  private let region = Shape(keys: ["startLine", "startColumn", "endLine", "endColumn"], required: [])

  @Test func whatIsPrintedIsAsTheSchemaHasIt() throws {
    let clone = try ContractClone()
    try clone.edit("\(clone.account)/contract.odcs.yaml", "status: active", "statsu: 100%")
    try clone.edit("\(clone.lead)/contract.odcs.yaml", "physicalType: text", "physicalType: VARCHAR2(20)")
    try clone.folder.write("version: 1\nsource: x\n", to: "contracts/sales force/ü#1.x/mapping.yaml")
    let outcome = try clone.mooring("lint", "--format", "sarif")
    #expect(outcome.status == 2)
    let document = try JSONValue.parse(Array(outcome.output.utf8))
    expect(document, log)
    #expect(document["version"] == "2.1.0")
    let runs = try #require(document["runs"]?.array)
    #expect(runs.count == 1)
    expect(runs[0], run)
    #expect(["utf16CodeUnits", "unicodeCodePoints"].contains(runs[0]["columnKind"]?.string))
    let rules = try expectRules(runs[0])
    let results = try #require(runs[0]["results"]?.array)
    #expect(Set(results.compactMap { $0["level"]?.string }) == ["error", "warning"], "both are shown")
    for found in results { try expectResult(found, rules: rules) }
    let fingerprints = results.compactMap { $0["partialFingerprints"]?["mooring/v1"]?.string }
    #expect(Set(fingerprints).count == results.count)
  }

  private func expectRules(_ run: JSONValue) throws -> Set<String> {
    #expect(run["tool"]?.members?.map(\.name) == ["driver"])
    let tool = try #require(run["tool"]?["driver"])
    expect(tool, driver)
    #expect(tool["name"]?.string?.isEmpty == false)
    let rules = try #require(tool["rules"]?.array)
    for one in rules {
      expect(one, rule)
      #expect(one["shortDescription"]?["text"]?.string?.isEmpty == false)
      expectLevel(one["defaultConfiguration"]?["level"])
    }
    let ids = rules.compactMap { $0["id"]?.string }
    #expect(Set(ids).count == ids.count, "no two alike")
    return Set(ids)
  }

  private func expectResult(_ found: JSONValue, rules: Set<String>) throws {
    expect(found, result)
    expectLevel(found["level"])
    #expect(rules.contains(found["ruleId"]?.string ?? ""), "a rule that the driver lists")
    #expect(found["message"]?["text"]?.string?.isEmpty == false)
    let locations = try #require(found["locations"]?.array)
    #expect(locations.count == 1)
    let place = try #require(locations[0]["physicalLocation"])
    let address = try #require(place["artifactLocation"]?["uri"]?.string)
    // A reference without scheme, escaped.
    #expect(
      URL(string: address) != nil && !address.hasPrefix("/") && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    #expect(!address.contains("#") && !address.contains(":"))
    guard let part = place["region"] else { return }
    expect(part, region)
    for member in part.members ?? [] {
      guard case .number(let digits) = member.value, let number = Int(digits) else {
        Issue.record("\(member.name) is no whole number")
        continue
      }
      #expect(number >= 1, "\(member.name) counts from 1")
    }
    #expect(part["startLine"] != nil, "a column is one of a line")
  }

  private func expectLevel(_ level: JSONValue?) {
    #expect(["none", "note", "warning", "error"].contains(level?.string))
  }

  private func expect(_ value: JSONValue, _ shape: Shape) {
    let keys = (value.members ?? []).map(\.name)
    #expect(Set(keys).isSubset(of: shape.keys), "\(keys)")
    #expect(shape.required.isSubset(of: keys), "\(keys)")
  }
}
