import DriftCore
import TestSupport
import Testing

/// Columns whose type a warehouse does not change although it would change another's.
struct RetypeTests {
  /// In the order of `Dialect.all`: a change that the warehouse makes in place.
  private static let inPlace: [(from: ColumnType, to: ColumnType)] = [
    (.decimal(precision: 10, scale: 2), .decimal(precision: 12, scale: 2)),
    (.integer(bits: 32), .integer(bits: 64)),
    (.integer(bits: 32), .integer(bits: 64)),
    (.text(length: 10), .text(length: 20)),
    (.text(length: 10), .text(length: 20)),
  ]

  @Test(arguments: zip(Dialect.all, inPlace))
  func aDeclaredKeyIsLeftToAPersonUnlessTheWarehouseTakesItsChange(
    dialect: Dialect, types: (from: ColumnType, to: ColumnType)
  ) throws {
    func retype(_ column: RetypedColumn) throws(RetypeRefusal) -> [AlterAction] {
      try dialect.retype(column, from: types.from, to: types.to, taken: [])
    }
    let done: [AlterAction] = [.setType("id", types.to)]
    #expect(try retype(RetypedColumn("id", isKey: false, isRequired: false)) == done)
    #expect(try retype(RetypedColumn("id", isKey: true, isDeclaredKey: false, isRequired: false)) == done)
    let key = RetypedColumn("id", isKey: true, isRequired: false)
    if dialect.id == "postgres" {
      #expect(try retype(key) == done)
    } else {
      #expect(throws: RetypeRefusal.declaredKey("id", dialect.title)) { try retype(key) }
    }
    let required = RetypedColumn("id", isKey: false, isRequired: true)
    if dialect.id == "bigquery" {
      #expect(throws: RetypeRefusal.requiredInPlace("id", dialect.title)) { try retype(required) }
    } else {
      #expect(try retype(required) == done)
    }
  }

  /// A key that is narrower than its edited mapping is told of, and no statement is drafted that the warehouse refuses.
  @Test(arguments: [Dialect.bigQuery, .databricks])
  func aTargetsKeyThatIsTooNarrowIsReportedOnly(dialect: Dialect) throws {
    var scene = Scene(dialect)
    let narrow = try #require(dialect.typeName(.decimal(precision: 10, scale: 0)))
    let wide = try #require(dialect.typeName(.decimal(precision: 12, scale: 0)))
    scene.mapping.columns[0].type = wide
    scene.target?.columns[0].physicalType = narrow
    func rules() -> [String] {
      targetDrift(
        from: scene.mapping, isRendered: true, to: scene.target, landed: scene.table, dialect: dialect
      ).map { if case .targetTypeNarrower = $0 { "narrower" } else { "differs" } }
    }
    #expect(rules() == ["differs"])
    scene.target?.uniqueKeys = []
    #expect(rules() == ["narrower"])
  }

  /// A row without its key would be left out of the load, and nothing would tell of it.
  @Test(arguments: [("id", Conversion.cast), ("region_c", .tryCast)])
  func aKeyIsConvertedSoThatAValueThatDoesNotFitIsTold(column: String, conversion: Conversion) throws {
    var scene = Scene(.postgres)
    let index = try #require(scene.mapping.columns.firstIndex { $0.target.text == column })
    scene.promised(column) { $0.physicalType = "integer" }
    scene.mapping.columns[index].type = "integer"
    scene.target?.columns[index].physicalType = "integer"
    let drafted = try scene.drafted(scene.judged())
    let mapping = try #require(drafted.edits.first { $0.path.hasSuffix("mapping.yaml") }?.bytes)
    let columns = try #require(parseMapping(mapping, path: "m").0?.columns)
    #expect(columns.first { $0.target.text == column }?.conversion == conversion)
  }
}
