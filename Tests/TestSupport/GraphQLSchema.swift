import JSON

/// The part of a public GraphQL schema that pull requests need.
struct GraphQLSchema: Sendable {
  /// The type of each field, "" for a scalar.
  var types: [String: [String: String]]
  /// Type by name, of `Type.field`.
  var arguments: [String: [String: String]]
  var enumerations: [String: Set<String>]
  /// Fields of the objects that arguments may be.
  var inputs: [String: [String: String]] = [:]
  /// The types behind an interface.
  var fragments: [String: Set<String>] = [:]

  /// What a query asks for and the schema does not have, or does not allow.
  func problems(_ fields: [GraphQLField], of type: String = "Query") -> [String] {
    var found: [String] = []
    for field in fields {
      if let fragment = field.fragment {
        if fragments[type]?.contains(fragment) != true { found.append("no \(type) is a \(fragment)") }
        found += problems(field.fields, of: fragment)
        continue
      }
      let place = "\(type).\(field.name)"
      guard let inner = types[type]?[field.name] else {
        found.append("\(place) is not in the schema")
        continue
      }
      let arguments = arguments[place] ?? [:]
      for (name, kind) in field.kinds where !(arguments[name].map { fits(kind, $0) } ?? false) {
        found.append("\(place) takes no such \(name)")
      }
      for (name, type) in arguments where type.hasSuffix("!") && field.kinds[name] == nil {
        found.append("\(place) needs \(name)")
      }
      if inner.hasSuffix("Connection") {
        let size = (field.arguments["first"] ?? field.arguments["last"])?.int ?? 0
        if !(1...100).contains(size) { found.append("\(place) needs first or last from 1 to 100") }
      }
      if inner.isEmpty != field.fields.isEmpty { found.append("\(place) and its selection do not fit") }
      found += problems(field.fields, of: inner)
    }
    return found
  }

  /// Whether what is written may stand where `type` is wanted.
  private func fits(_ kind: GraphQLKind, _ type: String) -> Bool {
    let plain = type.hasSuffix("!") ? String(type.dropLast()) : type
    if case .declared(let declared) = kind { return declared == type || declared == plain + "!" }
    if plain.hasPrefix("["), plain.hasSuffix("]") {
      let inner = String(plain.dropFirst().dropLast())
      guard case .list(let kinds) = kind else { return fits(kind, inner) }
      return kinds.allSatisfy { fits($0, inner) }
    }
    switch kind {
    case .text: return ["String", "GitObjectID", "ID", "DateTime"].contains(plain)
    case .number: return ["Int", "ID"].contains(plain)
    case .truth: return plain == "Boolean"
    case .name(let name): return enumerations[plain]?.contains(name) == true
    case .object(let kinds):
      guard let fields = inputs[plain] else { return false }
      return kinds.allSatisfy { name, kind in fields[name].map { fits(kind, $0) } == true }
        && fields.allSatisfy { !$0.value.hasSuffix("!") || kinds[$0.key] != nil }
    case .list, .declared: return false
    }
  }

  static func paged(_ arguments: [String: String]) -> [String: String] {
    arguments.merging(["after": "String", "before": "String", "first": "Int", "last": "Int"]) { $1 }
  }
}

/// What of `value` the fields ask for.
func selected(_ fields: [GraphQLField], from value: JSONValue) -> JSONValue {
  if let elements = value.array { return .array(elements.map { selected(fields, from: $0) }) }
  guard value.members != nil, !fields.isEmpty else { return value }
  return .object(
    fields.flatMap { $0.fragment == nil ? [$0] : $0.fields }.map {
      JSONMember($0.key, selected($0.fields, from: value[$0.key] ?? value[$0.name] ?? .null))
    })
}
