extension Dialect {
  /// A query with one row of one column: how many keys are shared by two rows or more. No value of a row leaves the warehouse.
  package func sharedKeyCount(_ key: TableKey) throws(NameRefusal) -> String {
    var columns: [String] = []
    for column in key.columns { columns.append(try quote(column)) }
    let list = columns.joined(separator: ", ")
    return
      "SELECT COUNT(*) FROM (SELECT \(list) FROM \(try quote(key.table)) GROUP BY \(list) HAVING COUNT(*) > 1) shared_keys"
  }
}
