extension MemoryWarehouse {
  mutating func createView(_ parser: inout SQLParser, replaces: Bool) throws {
    let name = try key(parser.path())
    try parser.expect("as")
    let select = try parser.select()
    let isBound = !(rules.bindsLate && parser.take("with no schema binding"))
    var columns: [Column] = []
    for (index, item) in select.items.enumerated() {
      var column = Column(name: "C", type: "TEXT", isNullable: true)
      if case .column(_, let read) = item {
        column.name = read
        let source = select.sources.first.flatMap { tables[Array($0.name.suffix(2))] }
        if let found = source?.columns.first(where: { $0.name == read }) { column.type = found.type }
      }
      if select.names[index] != "column\(index + 1)" { column.name = select.names[index] }
      columns.append(column)
    }
    var view = Table(columns: columns, isView: true, created: now)
    if isBound { view.reads = select.sources.map { Array($0.name.suffix(2)) } }
    if let old = tables[name] {
      guard replaces, old.isView else { throw SQLRefusal(.tableExists, name[1]) }
      if rules.keepsColumns, old.columns.map(\.name) != columns.map(\.name) {
        throw SQLRefusal(.typeChange, "cannot change name of view column")
      }
      view.grants = old.grants
    }
    tables[name] = view
  }

  /// Views that are bound to it read it under its new name.
  mutating func rename(_ name: [String], to other: String) throws {
    let renamed = [name[0], other]
    if tables[renamed] != nil { throw SQLRefusal(.tableExists, other) }
    guard let table = tables.removeValue(forKey: name) else { throw missing(name) }
    tables[renamed] = table
    for (view, content) in tables where content.reads.contains(name) {
      tables[view]?.reads = content.reads.map { $0 == name ? renamed : $0 }
    }
    effects.append(renamed.joined(separator: "."))
  }

  mutating func dropView(_ parser: inout SQLParser) throws {
    let name = try key(parser.path())
    guard tables[name]?.isView == true else { throw missing(name) }
    if tables.values.contains(where: { $0.reads.contains(name) }) {
      throw SQLRefusal(.typeChange, "cannot drop view \(name[1]) because other objects depend on it")
    }
    tables[name] = nil
  }

  mutating func grant(_ parser: inout SQLParser) throws {
    var privileges: [String] = []
    repeat { privileges.append(try parser.name()) } while parser.take(",")
    guard Set(privileges).isSubset(of: ["select", "insert", "update", "delete", "references", "drop"]) else {
      throw SQLRefusal(.syntax, privileges.joined(separator: ","))
    }
    try parser.expect("on table")
    let name = try key(parser.path())
    try parser.expect("to")
    var grantee = ["public", "public"]
    if !parser.take("public") {
      let kind = ["group", "role"].first { parser.take($0) } ?? "user"
      grantee = [kind, try parser.name()]
      guard grantees.contains(grantee) else { throw SQLRefusal(.missingTable, grantee[1]) }
    }
    let isGrantable = parser.take("with grant option")
    if isGrantable, grantee[0] == "group" || grantee[0] == "public" {
      throw SQLRefusal(.syntax, "grant options are for users and roles")
    }
    guard tables[name] != nil else { throw missing(name) }
    for privilege in privileges {
      tables[name]?.grants.append([privilege.uppercased()] + grantee + ["\(isGrantable)"])
    }
  }
}
