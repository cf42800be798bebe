extension MemoryWarehouse {
  /// `MERGE INTO table AS t USING (SELECT ...) AS s ON ... WHEN MATCHED AND ... THEN UPDATE SET ...`, no other form. As the
  /// engines do, it refuses a row of the table that several rows of the source would change.
  mutating func merge(_ parser: inout SQLParser) throws -> Result {
    let target = try parser.source()
    let name = try key(target.name)
    guard var table = tables[name] else { throw missing(name) }
    try parser.expect("using")
    let source = try parser.source()
    guard let inner = source.inner.first else { throw SQLRefusal(.syntax, "expected a query") }
    try parser.expect("on")
    let match = try parser.expression()
    try parser.expect("when matched and")
    let condition = try parser.expression()
    try parser.expect("then update set")
    var assignments: [(column: Int, value: SQLExpression)] = []
    repeat {
      let column = try column(parser.name(), of: table)
      try parser.expect("=")
      assignments.append((column, try parser.expression()))
    } while parser.take(",")
    let names = table.columns.map(\.name)
    let found = try rows(of: inner).map { Dictionary(uniqueKeysWithValues: zip(inner.names, $0)) }
    var changed = 0
    for index in table.rows.indices {
      let old = Dictionary(uniqueKeysWithValues: zip(names, table.rows[index]))
      let partners = try found.map { [target.alias: old, source.alias: $0] }.filter { row in
        try value(match, row) == "true" && value(condition, row) == "true"
      }
      guard let row = partners.first else { continue }
      if partners.count > 1 { throw SQLRefusal(.forbidden, "Duplicate row detected during DML action") }
      for (column, expression) in assignments { table.rows[index][column] = try value(expression, row) }
      changed += 1
    }
    tables[name] = table
    effects.append(name.joined(separator: "."))
    return (["number of rows updated"], [["\(changed)"]])
  }
}
