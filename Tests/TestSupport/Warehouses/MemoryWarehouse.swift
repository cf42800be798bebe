/// Tables in memory and the small part of SQL that drivers and their tests need. What an engine allows is in its `rules`.
package struct MemoryWarehouse: Sendable {
  package struct Column: Hashable, Sendable {
    package var name: String
    package var type: String
    package var isNullable: Bool

    package init(name: String, type: String, isNullable: Bool) {
      self.name = name
      self.type = type
      self.isNullable = isNullable
    }
  }

  package struct Table: Sendable {
    package var columns: [Column]
    package var key: [String] = []
    package var rows: [[String?]] = []
    package var isView = false
    /// By the time of loading, which BigQuery shows as a pseudo-column.
    package var isPartitioned = false
    package var comment: String?
    package var created: Int64
    /// Of a view: tables and views that it reads, where it is bound to them.
    package var reads: [[String]] = []
    /// Of a view: privilege, kind and name of the grantee, whether it may be given on.
    package var grants: [[String]] = []
  }

  /// What differs between the engines.
  package struct Rules: Sendable {
    var reading: SQLReading
    /// Whether a column of one type may become one of the other in place.
    var changesType: @Sendable (String, String) -> Bool
    /// Words after ALTER TABLE name, for a change of type.
    var setType: String
    var addsIfMissing: Bool
    /// Forms of ALTER TABLE that others have.
    var lacks: Set<String> = []
    /// Whether a view may be made without looking at what it reads.
    var bindsLate = false
    /// Whether a view is replaced only by one of the same columns.
    var keepsColumns = false
    /// As the catalogue spells a type that was declared.
    var spelled: @Sendable (String) -> String
    /// Views of the catalogue and table functions: name in lower case, columns, rows.
    var views: @Sendable (MemoryWarehouse, String) -> (columns: [String], rows: [[String?]])?
  }

  /// A statement's columns and rows; nil columns are those of a report.
  package typealias Result = (columns: [String], rows: [[String?]])

  package let rules: Rules
  /// By schema and name, the database left out.
  package var tables: [[String]: Table] = [:]
  package var schemas: Set<String> = []
  /// Of which whoever asks may know nothing.
  package var hidden: Set<String> = []
  /// Microseconds since 1970; every statement is later than the one before.
  package var now: Int64 = 1_767_225_600_000_000
  /// Tables that were altered, in order.
  package var effects: [String] = []
  /// Users, groups and roles that there are, by kind and name.
  package var grantees: Set<[String]> = []
  /// Rows of the service's history of statements.
  package var history: [[String?]] = []

  /// Statements that are watched: how often each took effect, and what it does, where it is beyond what is read here.
  private var watched: [String: (count: Int, effect: (@Sendable (inout MemoryWarehouse) -> Void)?)] = [:]

  package init(_ rules: Rules) { self.rules = rules }

  /// - Parameter effect: what it does; nil where it is read like any other.
  package mutating func watch(_ text: String, playing effect: (@Sendable (inout MemoryWarehouse) -> Void)?) {
    watched[text] = (0, effect)
  }

  package func effects(of text: String) -> Int { watched[text]?.count ?? 0 }

  package mutating func run(_ text: String, _ bound: [String: String?] = [:]) throws -> Result {
    now += 1_000
    if let effect = watched[text]?.effect {
      effect(&self)
      watched[text]?.count += 1
      return (["status"], [["Statement executed successfully."]])
    }
    guard let tokens = rules.reading.tokens(text) else { throw SQLRefusal(.syntax, "the statement cannot be read") }
    var parser = SQLParser(tokens, rules.reading, bound: bound)
    let before = self
    do {
      let result = try statement(&parser)
      guard parser.isAtEnd else { throw SQLRefusal(.syntax, "the statement does not end where it should") }
      watched[text]?.count += 1
      return result
    } catch {
      self = before
      throw error
    }
  }

  private mutating func statement(_ parser: inout SQLParser) throws -> Result {
    if parser.next(is: "select") {
      let select = try parser.select()
      return (select.names, try rows(of: select))
    }
    if parser.take("create schema") {
      let isTolerant = parser.take("if not exists")
      let name = try parser.path().last ?? ""
      if parser.take("options ( location =") {
        _ = try parser.text()
        try parser.expect(")")
      }
      guard schemas.insert(name).inserted || isTolerant else {
        throw SQLRefusal(.tableExists, "Schema \(name) already exists.")
      }
    } else if parser.take("create table") {
      try createTable(&parser)
    } else if parser.take("create or replace view") {
      try createView(&parser, replaces: true)
    } else if parser.take("create view") {
      try createView(&parser, replaces: false)
    } else if parser.take("grant") {
      try grant(&parser)
    } else if parser.take("drop view") {
      try dropView(&parser)
    } else if parser.take("drop table") {
      let isTolerant = parser.take("if exists")
      repeat {
        let name = try key(parser.path())
        if tables.removeValue(forKey: name) == nil, !isTolerant { throw missing(name) }
      } while parser.take(",")
    } else if parser.take("comment on table") {
      let name = try key(parser.path())
      try parser.expect("is")
      guard tables[name] != nil else { throw missing(name) }
      tables[name]?.comment = try parser.text()
    } else if parser.take("insert into") {
      return try insert(&parser)
    } else if parser.take("update") {
      return try update(&parser)
    } else if parser.take("merge into") {
      return try merge(&parser)
    } else if parser.take("alter table") {
      try alter(&parser)
    } else {
      throw SQLRefusal(.syntax, "unexpected statement")
    }
    return (["status"], [["Statement executed successfully."]])
  }

  private mutating func createTable(_ parser: inout SQLParser) throws {
    let isTolerant = parser.take("if not exists")
    let name = try key(parser.path())
    var table = Table(columns: [], created: now)
    try parser.expect("(")
    repeat {
      if parser.take("primary key (") {
        repeat { table.key.append(try parser.name()) } while parser.take(",")
        try parser.expect(")")
        continue
      }
      let column = try parser.name()
      let type = rules.spelled(try parser.type())
      let isKey = parser.take("primary key")
      let isRequired = parser.take("not null") || isKey
      if isKey { table.key.append(column) }
      table.columns.append(Column(name: column, type: type, isNullable: !isRequired))
    } while parser.take(",")
    try parser.expect(")")
    if parser.take("comment =") || parser.take("comment") { table.comment = try parser.text() }
    if parser.take("options ( description =") {
      table.comment = try parser.text()
      try parser.expect(")")
    }
    guard schemas.contains(name[0]) else {
      throw SQLRefusal(.missingTable, "Schema '\(name[0])' does not exist or not authorized.")
    }
    if tables[name] == nil {
      tables[name] = table
    } else if !isTolerant {
      throw SQLRefusal(.tableExists, "Object '\(name[1])' already exists.")
    }
  }

  private mutating func insert(_ parser: inout SQLParser) throws -> Result {
    let name = try key(parser.path())
    guard let table = tables[name] else { throw missing(name) }
    var names = table.columns.map(\.name)
    if parser.take("(") {
      names = []
      repeat { names.append(try parser.name()) } while parser.take(",")
      try parser.expect(")")
    }
    var added: [[String?]]
    if parser.take("values (") {
      var row: [String?] = []
      repeat { row.append(try value(parser.expression(), [:])) } while parser.take(",")
      try parser.expect(")")
      added = [row]
    } else {
      added = try rows(of: parser.select())
    }
    for row in added {
      guard row.count == names.count else {
        throw SQLRefusal(.syntax, "the row has \(row.count) values for \(names.count) columns")
      }
      var whole: [String?] = []
      for column in table.columns {
        let value = names.firstIndex(of: column.name).flatMap { row[$0] }
        if value == nil, !column.isNullable { throw SQLRefusal(.notNull, "NULL result in a non-nullable column") }
        whole.append(value)
      }
      tables[name]?.rows.append(whole)
    }
    return (["number of rows inserted"], [["\(added.count)"]])
  }

  private mutating func update(_ parser: inout SQLParser) throws -> Result {
    let name = try key(parser.path())
    guard var table = tables[name], !table.isView else { throw missing(name) }
    try parser.expect("set")
    var values: [(column: Int, SQLExpression)] = []
    repeat {
      let index = try column(parser.name(), of: table)
      try parser.expect("=")
      values.append((index, try parser.expression()))
    } while parser.take(",")
    try parser.expect("where")
    let condition = try parser.expression()
    var count = 0
    for (index, old) in table.rows.enumerated() {
      let row = [name[1]: Dictionary(uniqueKeysWithValues: zip(table.columns.map(\.name), old))]
      guard try value(condition, row) == "true" else { continue }
      for (column, expression) in values { table.rows[index][column] = try value(expression, row) }
      count += 1
    }
    tables[name] = table
    return (["number of rows updated"], [["\(count)"]])
  }

  private mutating func alter(_ parser: inout SQLParser) throws {
    let name = try key(parser.path())
    if parser.take("rename to") { return try rename(name, to: parser.name()) }
    guard var table = tables[name], !table.isView else { throw missing(name) }
    func takes(_ form: String) -> Bool { !rules.lacks.contains(form) && parser.take(form) }
    if takes("add columns (") {
      repeat { try addColumn(&parser, to: &table) } while parser.take(",")
      try parser.expect(")")
    } else if parser.take("add column") {
      try addColumn(&parser, to: &table)
    } else if parser.take("rename column") {
      let index = try column(parser.name(), of: table)
      try parser.expect("to")
      let other = try parser.name()
      if table.columns.contains(where: { $0.name == other }) {
        throw SQLRefusal(.columnExists, "column '\(other)' already exists")
      }
      table.columns[index].name = other
    } else if parser.take("drop column") {
      let index = try column(parser.name(), of: table)
      table.columns.remove(at: index)
      for row in table.rows.indices { table.rows[row].remove(at: index) }
    } else if parser.take("alter column") {
      let index = try column(parser.name(), of: table)
      if takes("drop not null") {
        table.columns[index].isNullable = true
      } else if takes("set not null") {
        if table.rows.contains(where: { $0[index] == nil }) {
          throw SQLRefusal(.notEmpty, "column contains null values")
        }
        table.columns[index].isNullable = false
      } else {
        try parser.expect(rules.setType)
        let (old, new) = (table.columns[index].type, rules.spelled(try parser.type()))
        if rules.lacks.contains("the same type"), old == new {
          throw SQLRefusal(.typeChange, "cannot alter column, target column size should be different")
        }
        let length = SQLType(new).first
        if rules.lacks.contains("the same type"), table.rows.contains(where: { $0[index]?.utf8.count ?? 0 > length }) {
          throw SQLRefusal(.typeChange, "cannot alter column, target column size is less than its longest value")
        }
        guard old == new || rules.changesType(old, new) else {
          throw SQLRefusal(.typeChange, "cannot change column \(table.columns[index].name) from type \(old) to \(new)")
        }
        table.columns[index].type = new
      }
    } else {
      throw SQLRefusal(.syntax, "unexpected action")
    }
    tables[name] = table
    effects.append(name.joined(separator: "."))
  }

  private func addColumn(_ parser: inout SQLParser, to table: inout Table) throws {
    let isTolerant = parser.take("if not exists")
    if isTolerant, !rules.addsIfMissing { throw SQLRefusal(.syntax, "unexpected IF") }
    let column = try parser.name()
    let type = rules.spelled(try parser.type())
    let isRequired = parser.take("not null")
    if table.columns.contains(where: { $0.name == column }) {
      if !isTolerant { throw SQLRefusal(.columnExists, "column '\(column)' already exists") }
      return
    }
    if isRequired, !table.rows.isEmpty {
      throw SQLRefusal(.notEmpty, "Non-nullable column '\(column)' cannot be added to non-empty table")
    }
    table.columns.append(Column(name: column, type: type, isNullable: !isRequired))
    for row in table.rows.indices { table.rows[row].append(nil) }
  }

  func column(_ name: String, of table: Table) throws -> Int {
    guard let index = table.columns.firstIndex(where: { $0.name == name }) else {
      throw SQLRefusal(.missingColumn, "invalid identifier '\(name)'")
    }
    return index
  }

  /// Schema and name.
  func key(_ path: [String]) throws -> [String] {
    guard path.count >= 2 else { throw SQLRefusal(.syntax, "the name has no schema") }
    return Array(path.suffix(2))
  }

  func missing(_ name: [String]) -> SQLRefusal {
    SQLRefusal(.missingTable, "Object '\(name.joined(separator: "."))' does not exist or not authorized.")
  }
}
