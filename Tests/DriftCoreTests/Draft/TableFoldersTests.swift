import DriftCore
import Testing

/// Where the files of a table lie, on each kind of warehouse.
struct TableFoldersTests {
  @Test(
    arguments: [
      (.snowflake, "SALESFORCE", "ACCOUNT", "salesforce.account"), (.snowflake, "CRM_2", "_A1", "crm_2._a1"),
      (.snowflake, "salesforce", "account", nil), (.snowflake, "SALESFORCE", "Account", nil),
      (.snowflake, "SALESFORCE", "account", nil), (.snowflake, "SALES FORCE", "ACCOUNT", nil),
      (.snowflake, "SALESFORCE", "CAF\u{C9}", nil), (.snowflake, "\u{212A}", "ACCOUNT", nil),
      (.snowflake, "_1", "2", "_1.2"), (.snowflake, "", "ACCOUNT", nil),
      (.postgres, "salesforce", "account", "salesforce.account"), (.postgres, "SALESFORCE", "ACCOUNT", nil),
      (.bigQuery, "SALESFORCE", "ACCOUNT", nil), (.databricks, "salesforce", "account", "salesforce.account"),
      (.redshift, "salesforce", "account", "salesforce.account"),
    ] as [(Dialect, String, String, String?)])
  func theSpellingThatTheDestinationFoldsToIsPlain(dialect: Dialect, schema: String, name: String, expected: String?) {
    let path = folders(dialect)[TableName(schema: schema, name: name)].path
    let plain = String(path.dropFirst("contracts/s/".count))
    let mark = plain.split(separator: "-", omittingEmptySubsequences: false).last ?? ""
    let isMarked = mark.utf8.count == 8 && mark.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    #expect(isMarked == (expected == nil), "\(path)")
    if let expected { #expect(plain == expected) }
  }

  /// Nor where a file system takes "Account" and "ACCOUNT" for one.
  @Test(arguments: Dialect.all)
  func noTwoTablesShareAFolder(dialect: Dialect) {
    let names = [
      "a", "A", "aB", "AB", "ab", "a.b", "A.B", "A/B", "../A", "", " ", "A-B", "A_B", "a_b", ".GIT", "CAF\u{C9}", "_",
      "1",
      "CAFE\u{301}", "X Y", "\u{202E}X", "\u{212A}", "K", String(repeating: "N", count: 81), "A\nB", "GREEN", "-RF",
    ]
    var seen: [String: TableName] = [:]
    for schema in names {
      for name in names {
        let table = TableName(schema: schema, name: name)
        let path = folders(dialect)[table].path
        #expect(seen.updateValue(table, forKey: path.lowercased()) == nil, "\(path)")
        #expect(path.utf8.allSatisfy { $0 < 0x80 } && !path.contains("..") && !path.contains("/."))
        #expect(TableFolder.addresses(root: "contracts", connection: "s", table: table).contains { $0.path == path })
      }
    }
  }

  /// What was written before names of capitals were plain is not moved.
  @Test func aTableStaysWhereItsContractIs() {
    let table = TableName(schema: "SALESFORCE", name: "ACCOUNT")
    let old = TableFolder(root: "contracts", connection: "s", table: table)
    #expect(old.path.hasPrefix("contracts/s/salesforce.account-"))
    #expect(folders(.snowflake, having: [old.contract])[table] == old)
    #expect(folders(.snowflake, having: [old.mapping])[table].path == "contracts/s/salesforce.account")
    let small = TableName(schema: "salesforce", name: "account")
    let plain = TableFolder(root: "contracts", connection: "s", table: small)
    #expect(folders(.snowflake, having: [plain.contract])[small] != plain, "that is the capitals' own")
    let change = RecordedChange(connection: "s", table: table, number: 1, digest: "d", commit: "c")
    for folder in [old, plain] {
      let tree = RepositoryTree(commit: "c", files: ["\(folder.changes)0001-add-tier/change.yaml": "b"])
      #expect(vanished([change], from: tree, root: "contracts").isEmpty)
    }
  }

  private func folders(_ dialect: Dialect, having files: Set<String> = []) -> TableFolders {
    TableFolders(root: "contracts", connection: "s", dialect: dialect) { files.contains($0) }
  }
}
