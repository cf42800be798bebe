import DriftCore

/// Ten thousand actions, written out by each dialect.
enum RenderActions {
  static let count = 10_000

  static func measure() throws -> [(String, Measurement)] {
    try Dialect.all.map { dialect in
      let actions = actions(of: dialect)
      var best = Measurement.worst
      for _ in 0..<5 {
        let start = Measurement.now()
        var bytes = 0
        for (table, action) in actions { bytes += try dialect.alter(table, action).utf8.count }
        best = best.better(Measurement.now().since(start))
        guard bytes > 50 * count else { throw BenchmarkError(description: "\(dialect.id) wrote \(bytes) bytes") }
      }
      return ("\(count) actions written, \(dialect.id)", best)
    }
  }

  /// Every kind that the dialect writes by itself, in turn, on a hundred tables.
  private static func actions(of dialect: Dialect) -> [(TableName, AlterAction)] {
    let types: [ColumnType] = [
      .text(length: nil), .integer(bits: 64), .decimal(precision: 18, scale: 2), .boolean, .date,
      .timestamp(zoned: true), .json,
    ]
    func name(_ text: String) -> ColumnName { ColumnName(dialect.folded(text)) }
    let kinds: [(Int) -> AlterAction] = [
      { .addColumn(name("column_\($0)"), types[$0 % types.count]) },
      { .setType(name("column_\($0)"), types[$0 % types.count]) },
      { .renameColumn(from: name("column_\($0)"), to: name("renamed_\($0)")) },
      { .dropColumn(name("column_\($0)")) },
      { .dropNotNull(name("column_\($0)")) },
      { .setNotNull(name("column_\($0)")) },
      { .commentColumn(name("column_\($0)"), "what column \($0) holds; at most 80 characters of it") },
      { .addPrimaryKey([name("column_\($0)"), name("id")]) },
    ].filter { dialect.canWrite($0(0).kind) }
    return (0..<count).map { index in
      let table = TableName(schema: dialect.folded("analytics"), name: dialect.folded("table_\(index % 100)"))
      return (table, kinds[index % kinds.count](index))
    }
  }
}
