import DriftCore
import Testing

private let mapping = """
  version: 1
  # From here
  source: {connection: salesforce, table: salesforce.account}
  target: {table: analytics.account, kind: table}
  columns:   # keep sorted
    - {source: id, target: account_id, type: text, key: true}   # the key
    - {source: rep_c, target: rep, type: "text", convert: trim}

  """

/// The lines of `after` that `before` lacks, and the other way round, by position of equal ends.
private func changedLines(_ before: [UInt8], _ after: [UInt8]) -> (
  removed: [String], added: [String]
) {
  let old = String(decoding: before, as: UTF8.self).split(
    separator: "\n", omittingEmptySubsequences: false)
  let new = String(decoding: after, as: UTF8.self).split(
    separator: "\n", omittingEmptySubsequences: false)
  let difference = new.difference(from: old)
  func text(_ change: CollectionDifference<Substring>.Change) -> String {
    switch change {
    case .insert(_, let line, _), .remove(_, let line, _): String(line)
    }
  }
  return (difference.removals.map(text), difference.insertions.map(text))
}

/// The contract as different people would have typed it.
private func variants() -> [[UInt8]] {
  let wide = accountContract.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    String(repeating: " ", count: line.prefix { $0 == " " }.count) + line
  }.joined(separator: "\n").replacing("- ", "-   ").replacing("-     ", "-   ")
  return [accountContract, wide].flatMap { text -> [String] in
    [
      text, text.replacing("\n", with: "\r\n"), "\u{FEFF}" + text,
      String(text.dropLast()), String(text.replacing("\n", with: "\r\n").dropLast()),
      text.replacing("Replica", "Répliqué 😀"), text + "# the end\n\n\n",
    ]
  }.map { Array($0.utf8) }.filter { parseContract($0, path: "c").0 != nil }
}

@Suite struct EditTests {
  @Test func everyVariantIsThere() { #expect(variants().count == 14) }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func anEditSaysWhatTheValueSaysAndTouchesNothingElse(seed: UInt64) throws {
    let random = SeededRandom(seed)
    let before = random.pick(variants())
    let contract = try #require(parseContract(before, path: "c").0)
    let name = random.pick(contract.columns.map(\.name))
    var added = random.contractColumn(ColumnName("new_" + random.hostileName()))
    added.id = "col_new"
    added.primaryKeyPosition = added.isPrimaryKey ? 9 : nil
    let choices: [ContractEdit] = [
      .addColumn(added), .setType(name, physicalType: "NUMBER(38,0)", logicalType: "integer"),
      .setType(name, physicalType: "VARCHAR(36)", logicalType: "string"),
      .setType(name, physicalType: random.hostile(), logicalType: nil), .setRequired(name, true),
      .setRequired(name, false), .setDeprecated(name), .setEnabled(name, random.chance(50)),
      .setHashed(name, random.chance(50)), .setClassification(name, random.hostile()),
      .setSourceColumn(name, random.hostile()), .deprecateTable, .setVersion("2.0.0"),
    ]
    let edits = (0...Int(random.next() % 4)).map { _ in random.pick(choices) }
      .reduce(into: [ContractEdit]()) { if !$0.contains($1) { $0.append($1) } }
    let after = try edit(contract: before, path: "c", with: edits)
    let read = try #require(parseContract(after, path: "c").0)
    #expect(read == contract.applying(edits))
    let text = String(decoding: after, as: UTF8.self)
    for comment in ["# The account table.", "# bumped by Mooring", "# Salesforce ids", "# Money."] {
      #expect(text.contains(comment))
    }
    #expect(after.starts(with: [0xEF, 0xBB, 0xBF]) == before.starts(with: [0xEF, 0xBB, 0xBF]))
    let hasReturns = before.contains(0x0D)
    for (index, byte) in after.enumerated() where byte == 0x0A {
      #expect((index > 0 && after[index - 1] == 0x0D) == hasReturns)
    }
    #expect((after.last == 0x0A) == (before.last == 0x0A))
    #expect(changedLines(before, after).removed.count <= 8)
  }

  /// Whatever the file looks like: the edited text reads back as the edited value, or the file is refused with a line.
  @Test(arguments: 0..<400 as Range<UInt64>)
  func anyHandwritingIsEditedInItsPlaces(seed: UInt64) throws {
    let random = SeededRandom(seed)
    let columns = random.handwritten()
    let before = Array(Handwriting(random).contract(columns).utf8)
    let contract = try #require(parseContract(before, path: "c").0)
    let name = random.pick(contract.columns.map(\.name))
    let new = ContractColumn(id: "col_new", name: "new", physicalType: "text", sourceColumn: "New")
    let choices: [[ContractEdit]] = [
      [.addColumn(new)], [.addColumn(new), .redirect(name, to: "new"), .setDeprecated(name)],
      [.setType(name, physicalType: "NUMBER(38,0)", logicalType: "integer")], [.setRequired(name, true)],
      [.setHashed(name, true)], [.setSourceColumn(name, "Other")], [.setClassification(name, "pii")],
      [.deprecateTable], [.setVersion("2.0.0")],
    ]
    let edits = random.pick(choices)
    do throws(EditRefusal) {
      let after = try edit(contract: before, path: "c", with: edits)
      var read = parseContract(after, path: "c").0
      read?.references = contract.references
      #expect(read == contract.applying(edits))
      let lines = changedLines(before, after)
      // A type takes its line, its options' and their own; a reference takes one.
      #expect(lines.removed.count <= 4, "\(lines)")
      let comments = { (bytes: [UInt8]) in String(decoding: bytes, as: UTF8.self).split(separator: "#").count }
      #expect(comments(after) >= comments(before) - 1)
    } catch {
      #expect(error.diagnostic.line != nil, "\(error)\n\(String(decoding: before, as: UTF8.self))")
    }
  }

  @Test(
    arguments: [
      ("VARCHAR(18)", "string", "{maxLength: 18, pattern: x}", "VARCHAR(40)", "{maxLength: 40, pattern: x}"),
      ("VARCHAR(18)", "string", "{maxLength: 18, pattern: x}", "VARCHAR", "{pattern: x}"),
      ("VARCHAR(18)", "string", "{maxLength: 18}", "VARCHAR", nil),
      // Somebody's own bound stays.
      ("VARCHAR(18)", "string", "{maxLength: 12}", "VARCHAR(40)", "{maxLength: 12}"),
      ("smallint", "integer", "{format: i16, minimum: 0}", "bigint", "{format: i64, minimum: 0}"),
      ("TIMESTAMP_NTZ(9)", "timestamp", "{timezone: false}", "TIMESTAMP_TZ", "{timezone: true}"),
    ] as [(String, String, String, String, String?)])
  func optionsThatRepeatThePhysicalTypeFollowIt(
    old: String, logical: String, options: String, new: String, expected: String?
  ) throws {
    let text = accountContract.replacing(
      "physicalType: \"NUMBER(18,2)\", logicalType: number}",
      "physicalType: \"\(old)\", logicalType: \(logical), logicalTypeOptions: \(options)}")
    let edit = ContractEdit.setType("annual_revenue", physicalType: new, logicalType: logical)
    let after = String(decoding: try DriftCore.edit(contract: Array(text.utf8), path: "c", with: [edit]), as: UTF8.self)
    let tail = expected.map { ", logicalTypeOptions: \($0)}" } ?? "}"
    #expect(after.contains("logicalType: \(logical)\(tail)"), "\(after)")
  }

  @Test func aSourcePathFollowsItsColumn() throws {
    let text = accountContract.replacing(
      "        required: true\n",
      "        required: true\n        transformSourceObjects: [salesforce.Account.Id, other.x]\n")
    #expect(text != accountContract)
    let after = try edit(contract: Array(text.utf8), path: "c", with: [.setSourceColumn("ID", "AccountId")])
    #expect(
      String(decoding: after, as: UTF8.self).contains("transformSourceObjects: [salesforce.Account.AccountId, other.x]")
    )
  }

  @Test func aRenameTakesReferencesAlong() throws {
    let text =
      accountContract.replacing(
        "logicalType: number}", "logicalType: number, quality: [{metric: nullValues, mustBe: 0}]}"
      )
      .replacing(
        "    quality:\n",
        """
            relationships:
              - from: [account.id, account.annual_revenue]   # both
                to: [user.id, user.revenue]
              - {from: /schema/tbl_account/properties/col_revenue, to: 'user.revenue'}
            quality:
              - {metric: duplicateValues, arguments: {properties: [id, annual_revenue]}, mustBe: 0}

        """) + "slaProperties:\n  - {property: frequency, value: 1, element: \"account.id, account.annual_revenue\"}\n"
    let contract = try #require(parseContract(Array(text.utf8), path: "c").0)
    let new = ContractColumn(id: "col_arr", name: "arr", physicalType: "NUMBER(18,2)")
    let edits: [ContractEdit] = [.addColumn(new), .redirect("annual_revenue", to: "arr")]
    let after = String(decoding: try edit(contract: Array(text.utf8), path: "c", with: edits), as: UTF8.self)
    #expect(contract.mentions.count { $0 == "annual_revenue" } == 4)
    for line in [
      "- from: [account.id, account.arr]   # both",
      "{from: /schema/tbl_account/properties/col_arr, to: 'user.revenue'}",
      "arguments: {properties: [id, arr]}", "element: \"account.id, account.arr\"",
    ] {
      #expect(after.contains(line), "\(line)\n\(after)")
    }
  }

  @Test(arguments: ["v3.1.0", "v3.0.2"])
  func anOlderFileIsEditedInItsOwnWords(version: String) throws {
    var text = accountContract.replacing("v3.2.0", version).split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.drop { $0 == " " }.hasPrefix("vendor:") }.joined(separator: "\n").replacing(
        ", vendor: fivetran}", "}")
    for name in ["sourceSchema", "sourceTable", "sourceColumn", "syncMode", "hashed"] {
      text = text.replacing("property: \(name)", "property: fivetran\(name.prefix(1).uppercased())\(name.dropFirst())")
    }
    text = text.replacing("property: driftPolicy", "property: mooringDriftPolicy")
    if version == "v3.0.2" { text = text.replacing("metric: rowCount", "rule: rowCount") }
    let contract = try #require(parseContract(Array(text.utf8), path: "c").0)
    #expect(contract.columns[0].sourceColumn == "Id")
    let new = ContractColumn(
      id: "col_at", name: "at", physicalType: "TIMESTAMP", logicalType: "timestamp", sourceColumn: "At",
      synonyms: ["when"])
    let edits: [ContractEdit] = [.addColumn(new), .setDeprecated("ID"), .setHashed("ID", true)]
    let after = try edit(contract: Array(text.utf8), path: "c", with: edits)
    let (read, problems) = parseContract(after, path: "c")
    // Columns have ids since v3.1.0; those that a person wrote stay.
    #expect(problems.allSatisfy { $0.message.hasPrefix("\"id\" of") }, "\(problems)")
    #expect(read?.columns.last?.id == (version == "v3.1.0" ? "col_at" : nil))
    #expect(read?.columns.last?.synonyms == ["when"])
    #expect(read?.columns.last?.logicalType == (version == "v3.1.0" ? "timestamp" : "date"))
    #expect(read?.columns.first?.isDeprecated == true)
  }

  @Test func aNewColumnStandsBelowTheLastInTheFilesOwnStyle() throws {
    let column = ContractColumn(
      id: "col_tier_c", name: "tier_c", physicalType: "TEXT", sourceColumn: "Tier__c")
    let before = Array(accountContract.utf8)
    let after = try edit(contract: before, path: "c", with: [.addColumn(column)])
    let lines = changedLines(before, after)
    #expect(lines.removed == [])
    #expect(lines.added.first == "      - id: col_tier_c")
    #expect(lines.added.contains("        name: tier_c"))
    #expect(lines.added.dropFirst().allSatisfy { $0.hasPrefix("        ") })
  }

  @Test func whatCannotBeEditedSafelyIsRefusedWithItsPlace() {
    func refusal(_ text: String, _ edits: [ContractEdit]) -> Diagnostic? {
      do {
        _ = try edit(contract: Array(text.utf8), path: "c", with: edits)
        return nil
      } catch { return error.diagnostic }
    }
    let folded = accountContract.replacing(
      "physicalType: VARCHAR(240)", "physicalType: >\n          VARCHAR(240)")
    let found = refusal(folded, [.setType("owner_email_c", physicalType: "TEXT", logicalType: nil)])
    #expect((found?.line ?? 0) > 50)
    #expect(refusal(accountContract, [.setRequired("nobody", true)]) != nil)
    #expect(refusal(accountContract, [.addColumn(ContractColumn(name: "ID"))]) != nil)
    #expect(refusal("a: 1", [])?.severity == .error)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func aMappingEditSaysWhatTheValueSays(seed: UInt64) throws {
    let random = SeededRandom(seed)
    let texts = [
      mapping, mapping.replacing("\n", with: "\r\n"), String(mapping.dropLast()),
      mapping.replacing(
        "- {source: rep_c, target: rep, type: \"text\", convert: trim}",
        "- source: rep_c # was\n    target: rep\n    type: 'text'\n    convert: trim"),
    ]
    let before = Array(random.pick(texts).utf8)
    let value = try #require(parseMapping(before, path: "m").0)
    let edits: [MappingEdit] = [
      .addColumn(random.mappingColumn(ColumnName("new_" + random.hostile()))),
      .setSources(target: "rep", random.columns()),
      .setType(
        target: random.pick(["rep", "account_id"]), random.hostile(),
        random.pick([.none, .cast, .jsonField("x")])),
    ]
    let after = try edit(mapping: before, path: "m", with: edits)
    #expect(parseMapping(after, path: "m").0 == value.applying(edits))
    #expect(String(decoding: after, as: UTF8.self).contains("columns:   # keep sorted"))
    #expect(String(decoding: after, as: UTF8.self).contains("   # the key"))
  }
}
