/// What a statement says no to.
package struct SQLRefusal: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case syntax, missingTable, missingColumn, tableExists, columnExists, typeChange, notEmpty, forbidden, notNull
  }

  package var kind: Kind
  package var message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

/// A value computed from a row of each table of a query.
indirect enum SQLExpression: Sendable {
  case value(String?)
  case column(String?, String)
  case call(String, [SQLExpression])
  case equal(SQLExpression, SQLExpression)
  case and(SQLExpression, SQLExpression)
  case or(SQLExpression, SQLExpression)
  case not(SQLExpression)
  case isNull(SQLExpression)
  case oneOf(SQLExpression, [SQLExpression])
  case exists(SQLSelect)
}

struct SQLSelect: Sendable {
  struct Source: Sendable {
    var name: [String]
    /// In the place of a table.
    var inner: [SQLSelect] = []
    var isOptional = false
    /// For a table function.
    var arguments: [SQLExpression]
    var alias: String
    var condition: SQLExpression?
  }

  var items: [SQLExpression]
  var names: [String]
  var sources: [Source]
  var condition: SQLExpression?
  var grouping: [SQLExpression] = []
  /// Groups of so many rows or fewer are left out.
  var groupsAbove = 0
  var order: [SQLExpression]
}

/// Reads the small part of SQL that drivers write: SELECT with joins, conditions, groups and an order.
struct SQLParser {
  let reading: SQLReading
  let bound: [String: String?]
  private var tokens: ArraySlice<SQLToken>

  init(_ tokens: [SQLToken], _ reading: SQLReading, bound: [String: String?]) {
    self.tokens = tokens[...]
    self.reading = reading
    self.bound = bound
  }

  var isAtEnd: Bool { tokens.isEmpty }

  func next(is word: String) -> Bool { tokens.first?.isWord(word) == true || tokens.first == .sign(word) }

  /// Takes the words where they come next.
  mutating func take(_ words: String) -> Bool {
    let parts = words.split(separator: " ").map(String.init)
    guard tokens.count >= parts.count,
      zip(tokens, parts).allSatisfy({ $0.isWord($1) || $0 == .sign($1) })
    else { return false }
    tokens = tokens.dropFirst(parts.count)
    return true
  }

  mutating func expect(_ words: String) throws {
    guard take(words) else { throw SQLRefusal(.syntax, "expected \(words) at \(tokens.prefix(4))") }
  }

  /// A name, folded where it is not quoted.
  mutating func name() throws -> String {
    switch tokens.popFirst() {
    case .word(let text): return reading.fold(text)
    case .quoted(let text): return text
    case let other: throw SQLRefusal(.syntax, "expected a name, found \(other.map { "\($0)" } ?? "the end")")
    }
  }

  /// A name of parts; a quoted part with dots stays one.
  mutating func path() throws -> [String] {
    var parts = [try name()]
    while take(".") { parts.append(try name()) }
    return parts
  }

  mutating func text() throws -> String {
    guard case .text(let text)? = tokens.popFirst() else { throw SQLRefusal(.syntax, "expected a text") }
    return text
  }

  /// Everything up to a comma or a bracket that closes what was opened before: a type.
  mutating func type() throws -> String {
    var text = ""
    var depth = 0
    while let token = tokens.first {
      if depth == 0, token == .sign(",") || token == .sign(")") { break }
      if depth == 0, token.isWord("not") || token.isWord("primary") || token.isWord("comment") { break }
      if token == .sign("(") { depth += 1 }
      if token == .sign(")") { depth -= 1 }
      switch token {
      case .word(let word): text += (text.isEmpty || text.hasSuffix("(") ? "" : " ") + word.uppercased()
      case .number(let number), .sign(let number): text += number
      default: throw SQLRefusal(.syntax, "a type holds \(token)")
      }
      tokens.removeFirst()
    }
    if text.isEmpty { throw SQLRefusal(.syntax, "expected a type") }
    return text
  }

  mutating func select() throws -> SQLSelect {
    try expect("select")
    var select = SQLSelect(items: [], names: [], sources: [], condition: nil, order: [])
    repeat {
      select.items.append(try expression())
      select.names.append(take("as") ? try name() : "column\(select.items.count)")
    } while take(",")
    if take("from") {
      select.sources.append(try source())
      while next(is: "join") || next(is: "left") {
        let isOptional = take("left join")
        if !isOptional { try expect("join") }
        var joined = try source()
        joined.isOptional = isOptional
        try expect("on")
        joined.condition = try expression()
        select.sources.append(joined)
      }
    }
    if take("where") { select.condition = try expression() }
    if take("group by") {
      repeat { select.grouping.append(try expression()) } while take(",")
      if take("having count ( * ) >") {
        guard case .number(let count)? = tokens.popFirst() else { throw SQLRefusal(.syntax, "expected a number") }
        select.groupsAbove = Int(count) ?? 0
      }
    }
    if take("order by") { repeat { select.order.append(try expression()) } while take(",") }
    return select
  }

  mutating func source() throws -> SQLSelect.Source {
    if take("(") {
      let inner = try select()
      try expect(")")
      _ = take("as")
      let alias = try name()
      return SQLSelect.Source(name: [alias], inner: [inner], arguments: [], alias: alias)
    }
    let isFunction = take("table (")
    var source = SQLSelect.Source(name: try path(), arguments: [], alias: "", condition: nil)
    if isFunction {
      source.arguments = try arguments()
      try expect(")")
    }
    source.alias = source.name.last ?? ""
    if take("as") {
      source.alias = try name()
      return source
    }
    let ends = ["where", "join", "left", "on", "group", "order", "with"]
    if case .word(let word)? = tokens.first, !ends.contains(word.lowercased()) { source.alias = try name() }
    return source
  }

  private mutating func arguments() throws -> [SQLExpression] {
    try expect("(")
    var arguments: [SQLExpression] = []
    if take(")") { return arguments }
    repeat {
      if take("*") {
        arguments.append(.value("*"))
      } else {
        let first = try expression()
        arguments.append(take("=>") ? try expression() : first)
      }
    } while take(",")
    try expect(")")
    return arguments
  }

  mutating func expression() throws -> SQLExpression {
    var left = try conjunction()
    while take("or") { left = .or(left, try conjunction()) }
    return left
  }

  private mutating func conjunction() throws -> SQLExpression {
    var left = try comparison()
    while take("and") { left = .and(left, try comparison()) }
    return left
  }

  private mutating func comparison() throws -> SQLExpression {
    if take("not exists (") {
      let inner = try select()
      try expect(")")
      return .not(.exists(inner))
    }
    if take("not") { return .not(try comparison()) }
    let left = try primary()
    if take("=") { return .equal(left, try primary()) }
    if take("is null") { return .isNull(left) }
    if take("is not null") { return .not(.isNull(left)) }
    if take("is distinct from") {
      let right = try primary()
      let areBothNull = SQLExpression.and(.isNull(left), .isNull(right))
      return .not(.or(.equal(left, right), areBothNull))
    }
    if take("in (") {
      var values: [SQLExpression] = []
      repeat { values.append(try expression()) } while take(",")
      try expect(")")
      return .oneOf(left, values)
    }
    return left
  }

  private mutating func primary() throws -> SQLExpression {
    if take("(") {
      let inner = try expression()
      try expect(")")
      return inner
    }
    if take("-") {
      guard case .number(let number)? = tokens.popFirst() else { throw SQLRefusal(.syntax, "expected a number") }
      return .value("-" + number)
    }
    if take("null") { return .value(nil) }
    for word in ["true", "false"] where take(word) { return .value(word) }
    if take("cast (") || take("try_cast (") {
      let inner = try expression()
      try expect("as")
      _ = try type()
      try expect(")")
      return inner
    }
    switch tokens.first {
    case .text(let text), .number(let text):
      tokens.removeFirst()
      return .value(text)
    case .bound(let name):
      tokens.removeFirst()
      guard let value = bound[name] else { throw SQLRefusal(.syntax, "no value is bound for \(name)") }
      return .value(value)
    case .word(let word) where tokens.dropFirst().first == .sign("("):
      tokens.removeFirst()
      return .call(word.lowercased(), try arguments())
    default:
      let path = try path()
      return .column(path.count > 1 ? path[path.count - 2] : nil, path[path.count - 1])
    }
  }
}
