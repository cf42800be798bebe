import JSON

/// One field that a GraphQL query asks for.
struct GraphQLField {
  var alias: String?
  var name: String
  var arguments: [String: JSONValue] = [:]
  /// How each argument is written.
  var kinds: [String: GraphQLKind] = [:]
  var fields: [GraphQLField] = []
  /// The type of an inline fragment, which has neither name nor arguments.
  var fragment: String?

  var key: String { alias ?? name }
}

/// How a value is written, which decides what it may stand for.
indirect enum GraphQLKind {
  /// A variable of this type.
  case declared(String)
  case text, number, truth
  /// A value of an enumeration.
  case name(String)
  case list([GraphQLKind])
  case object([String: GraphQLKind])
}

struct GraphQLProblem: Error {
  var text: String
}

/// Reads the queries that these tests meet: one operation, fields with aliases and arguments, inline fragments; no directives.
struct GraphQLParser {
  private var tokens: [String]
  private var position = 0
  private let variables: JSONValue
  /// Type by name.
  private(set) var declared: [String: String] = [:]
  private(set) var used: Set<String> = []

  init(_ text: String, variables: JSONValue) throws {
    tokens = try Self.tokens(of: text)
    self.variables = variables
  }

  /// - Parameter kind: `query` or `mutation`.
  mutating func operation(_ kind: String) throws -> [GraphQLField] {
    try take(kind)
    try take("(")
    while peek != ")" {
      try take("$")
      let name = try next()
      try take(":")
      var type = ""
      while peek != ",", peek != "$", peek != ")" { type += try next() }
      declared[name] = type
      if peek == "," { try take(",") }
    }
    try take(")")
    let fields = try selection()
    guard position == tokens.count else { throw GraphQLProblem(text: "more than one operation") }
    let given = Set((variables.members ?? []).map(\.name))
    guard Set(declared.keys) == used, given == used else {
      throw GraphQLProblem(text: "variables declared \(declared), used \(used), given \(given)")
    }
    for (name, type) in declared {
      let isNumber = variables[name]?.int != nil
      if type.hasPrefix("Int") != isNumber || !isNumber && variables[name]?.string == nil {
        throw GraphQLProblem(text: "$\(name) is no \(type)")
      }
    }
    return fields
  }

  private mutating func selection() throws -> [GraphQLField] {
    try take("{")
    var fields: [GraphQLField] = []
    while peek != "}" {
      if peek == "." {
        for word in [".", ".", ".", "on"] { try take(word) }
        let type = try next()
        fields.append(GraphQLField(name: "...", fields: try selection(), fragment: type))
        continue
      }
      var field = GraphQLField(name: try next())
      if peek == ":" {
        try take(":")
        field.alias = field.name
        field.name = try next()
      }
      if peek == "(" {
        try take("(")
        while peek != ")" {
          let name = try next()
          try take(":")
          (field.arguments[name], field.kinds[name]) = try value()
          if peek == "," { try take(",") }
        }
        try take(")")
      }
      if peek == "{" { field.fields = try selection() }
      fields.append(field)
    }
    try take("}")
    if fields.isEmpty { throw GraphQLProblem(text: "an empty selection") }
    return fields
  }

  private mutating func value() throws -> (JSONValue, GraphQLKind) {
    let token = try next()
    switch token {
    case "$":
      let name = try next()
      used.insert(name)
      return (variables[name] ?? .null, .declared(declared[name] ?? ""))
    case "[":
      var values: [(JSONValue, GraphQLKind)] = []
      while peek != "]" {
        values.append(try value())
        if peek == "," { try take(",") }
      }
      try take("]")
      return (.array(values.map(\.0)), .list(values.map(\.1)))
    case "{":
      var members: [JSONMember] = []
      var kinds: [String: GraphQLKind] = [:]
      while peek != "}" {
        let name = try next()
        try take(":")
        let (member, kind) = try value()
        members.append(JSONMember(name, member))
        kinds[name] = kind
        if peek == "," { try take(",") }
      }
      try take("}")
      return (.object(members), .object(kinds))
    case "true", "false": return (.bool(token == "true"), .truth)
    default:
      if token.hasPrefix("\"") { return (try JSONValue.parse(token), .text) }
      return Int(token).map { (JSONValue($0), .number) } ?? (.string(token), .name(token))
    }
  }

  private var peek: String? { position < tokens.count ? tokens[position] : nil }

  private mutating func next() throws -> String {
    guard let peek else { throw GraphQLProblem(text: "the query ends too soon") }
    position += 1
    return peek
  }

  private mutating func take(_ token: String) throws {
    let found = try next()
    if found != token { throw GraphQLProblem(text: "\(found) where \(token) should be") }
  }

  private static func tokens(of text: String) throws -> [String] {
    var tokens: [String] = []
    var rest = text[...]
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if first == "\"" {
        guard let end = rest.dropFirst().firstIndex(of: "\"") else { throw GraphQLProblem(text: "an open string") }
        tokens.append(String(rest[...end]))
        rest = rest[rest.index(after: end)...]
      } else if first.isLetter || first.isNumber || first == "_" {
        let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        tokens.append(String(word))
        rest = rest.dropFirst(word.count)
      } else {
        tokens.append(String(first))
        rest.removeFirst()
      }
    }
    return tokens
  }
}
