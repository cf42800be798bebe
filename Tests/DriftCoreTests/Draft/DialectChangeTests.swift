import DriftCore
import TestSupport
import Testing

/// What each warehouse can do about a change of type.
@Suite struct DialectChangeTests {
  static let inPlace = TypeChange.inPlace(rewrites: false)
  static let rewritten = TypeChange.inPlace(rewrites: true)

  /// In the order of `Dialect.all`: BigQuery, Databricks, PostgreSQL, Redshift, Snowflake.
  @Test(
    arguments: [
      ("SHORT", "INT", [.same, inPlace, rewritten, .addCopySwap, .same]),
      ("INT", "LONG", [.same, inPlace, rewritten, .addCopySwap, .same]),
      ("LONG", "DECIMAL(38,9)", [inPlace, inPlace, rewritten, .addCopySwap, .addCopySwap]),
      ("INT", "DECIMAL(12,2)", [.needsPerson, inPlace, rewritten, .addCopySwap, .needsPerson]),
      ("LONG", "DOUBLE", [.needsPerson, .needsPerson, .needsPerson, .needsPerson, .needsPerson]),
      ("SHORT", "DOUBLE", [.needsPerson, inPlace, rewritten, .addCopySwap, .needsPerson]),
      ("FLOAT", "DOUBLE", [.same, inPlace, rewritten, .addCopySwap, .same]),
      ("DECIMAL(10,2)", "DECIMAL(12,2)", [inPlace, inPlace, inPlace, .addCopySwap, inPlace]),
      ("DECIMAL(10,2)", "DECIMAL(12,4)", [inPlace, inPlace, rewritten, .addCopySwap, .addCopySwap]),
      ("DECIMAL(12,2)", "DECIMAL(10,2)", [.needsPerson, .needsPerson, .needsPerson, .needsPerson, .needsPerson]),
      ("DECIMAL(18,2)", "DECIMAL(18,6)", [.needsPerson, .needsPerson, .needsPerson, .needsPerson, .needsPerson]),
      ("LONG", "STRING", [.addCopySwap, .addCopySwap, rewritten, .addCopySwap, .addCopySwap]),
      ("BOOLEAN", "STRING", [.addCopySwap, .addCopySwap, rewritten, .addCopySwap, .addCopySwap]),
      ("BOOLEAN", "INT", [.needsPerson, .needsPerson, .needsPerson, .needsPerson, .needsPerson]),
      ("STRING(10)", "STRING(20)", [inPlace, .same, inPlace, inPlace, inPlace]),
      ("STRING(20)", "STRING", [inPlace, .same, inPlace, inPlace, inPlace]),
      ("STRING(20)", "STRING(10)", [.needsPerson, .same, .needsPerson, .needsPerson, .needsPerson]),
      ("STRING", "JSON", [.needsPerson, .same, .needsPerson, .needsPerson, .needsPerson]),
      ("JSON", "STRING", [.addCopySwap, .same, rewritten, .addCopySwap, .addCopySwap]),
      ("LOCALDATE", "LOCALDATETIME", [inPlace, .needsPerson, rewritten, .addCopySwap, .addCopySwap]),
      ("LOCALDATETIME", "INSTANT", [.needsPerson, .same, .needsPerson, .needsPerson, .needsPerson]),
      ("STRING", "LONG", [.needsPerson, .needsPerson, .needsPerson, .needsPerson, .needsPerson]),
    ] as [(String, String, [TypeChange])])
  func aTypeThatFivetranWidenedIsFollowedAsTheWarehouseAllows(from: String, to: String, ways: [TypeChange]) {
    for (dialect, way) in zip(Dialect.all, ways) {
      let (old, new) = (dialect.landedType(from), dialect.landedType(to))
      #expect(dialect.change(from: old, to: new) == way, "\(dialect.id)")
    }
  }

  /// Every pair of types of every warehouse.
  @Test(arguments: Dialect.all)
  func everyPairOfTypesHasItsWay(dialect: Dialect) throws {
    let types = dialect.writableTypes
    var text = ""
    for from in types {
      text += "\(dialect.typeName(from) ?? "")\n"
      for (title, way) in [
        ("in place", Self.inPlace), ("in place, rewritten", Self.rewritten), ("new column, copy", .addCopySwap),
      ] {
        let names = types.filter { dialect.change(from: from, to: $0) == way }.compactMap(dialect.typeName)
        if !names.isEmpty { text += "  \(title): \(names.joined(separator: "; "))\n" }
      }
    }
    try expectGolden(text, "dialects/\(dialect.id).changes.txt")
  }

  /// The law behind the table: nothing that could lose a value is done without a person.
  @Test(arguments: Dialect.all)
  func onlyAWideningIsFollowedWithoutAPerson(dialect: Dialect) {
    for from in sampleTypes + nestedTypes {
      for to in sampleTypes + nestedTypes {
        switch dialect.change(from: from, to: to) {
        case .same: #expect(dialect.stored(from) == dialect.stored(to))
        case .inPlace, .addCopySwap: #expect(widens(dialect.stored(from), to: dialect.stored(to)))
        case .needsPerson, .unknown: break
        }
      }
    }
  }
}
