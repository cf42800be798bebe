import JSON

/// The part of a public GraphQL schema that pull requests need.
struct GraphQLSchema: Sendable {
  /// The type of each field, "" for a scalar.
  var types: [String: [String: String]]
  /// Of `Type.field`.
  var arguments: [String: Set<String>]
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
      for argument in field.arguments.keys where arguments[place]?.contains(argument) != true {
        found.append("\(place) takes no \(argument)")
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
