package import JSON

/// What a brake is about: everything of a destination, of a connection, or of one table.
package enum HoldScope: Hashable, Sendable, CustomStringConvertible {
  case destination(DestinationName)
  case connection(ConnectionName)
  case table(TableName, of: ConnectionName)

  /// As `mooring hold` and `mooring resume` take it.
  package var description: String {
    switch self {
    case .destination(let name): name.text
    case .connection(let name): name.text
    case .table(let table, let connection): "\(connection)/\(table)"
    }
  }

  /// Whether it is about merged changes of a table, in the destination whose ledger says so.
  func covers(_ table: TableName, of connection: ConnectionName) -> Bool {
    switch self {
    case .destination: true
    case .connection(let name): name == connection
    case .table(let other, let name): name == connection && other == table
    }
  }

  /// Whether a brake here stops something there, or the other way round. Both are of one destination.
  package func touches(_ other: HoldScope) -> Bool {
    switch (self, other) {
    case (.destination, _), (_, .destination): true
    case (.connection(let one), .connection(let two)), (.connection(let one), .table(_, let two)),
      (.table(_, let one), .connection(let two)):
      one == two
    case (.table, .table): self == other
    }
  }
}

extension HoldScope {
  package var json: JSONValue {
    switch self {
    case .destination(let name): ["destination": .string(name.text)]
    case .connection(let name): ["connection": .string(name.text)]
    case .table(let table, let connection):
      [
        "connection": .string(connection.text),
        "table": ["schema": .string(table.schema), "name": .string(table.name)],
      ]
    }
  }

  init?(json: JSONValue) {
    if let name = json["destination"]?.string {
      self = .destination(DestinationName(name))
      return
    }
    guard let connection = json["connection"]?.string else { return nil }
    guard let table = json["table"] else {
      self = .connection(ConnectionName(connection))
      return
    }
    guard let schema = table["schema"]?.string, let name = table["name"]?.string else { return nil }
    self = .table(TableName(schema: schema, name: name), of: ConnectionName(connection))
  }
}

/// A name that says nothing, or several things.
package struct UnknownScope: Error, Hashable, Sendable {
  package var reason: String
  package var hint: String
}

extension Project {
  /// The destination, the connection or the table that a person means.
  ///
  /// - Parameters:
  ///   - text: `warehouse`, `crm`, `crm/public.account`, or `public.account` where one connection has it;
  ///     `destination:crm` and `connection:crm` tell two of one name apart.
  ///   - tree: in which a table has its folder.
  package func scope(
    named text: String, in tree: RepositoryTree, root: String
  ) throws(UnknownScope) -> HoldScope {
    let (destination, connection) = (DestinationName(text), ConnectionName(text))
    switch (destinations[destination] != nil, connections[connection] != nil) {
    case (true, true):
      throw UnknownScope(
        reason: "\"\(text)\" is a destination and a connection",
        hint: "say which: destination:\(text) or connection:\(text)")
    case (true, false): return .destination(destination)
    case (false, true): return .connection(connection)
    case (false, false): break
    }
    if let name = text.suffix(after: "destination:"), destinations[DestinationName(name)] != nil {
      return .destination(DestinationName(name))
    }
    if let name = text.suffix(after: "connection:"), connections[ConnectionName(name)] != nil {
      return .connection(ConnectionName(name))
    }
    return try tableScope(named: text, in: tree, root: root)
  }

  private func tableScope(
    named text: String, in tree: RepositoryTree, root: String
  ) throws(UnknownScope) -> HoldScope {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    let (named, table) = parts.count == 2 ? ([ConnectionName(parts[0])], parts[1]) : (connections.keys.sorted(), text)
    guard let table = TableName(table), named.count != 1 || connections[named[0]] != nil else {
      let known = destinations.keys.map(\.text).sorted() + connections.keys.map(\.text).sorted()
      throw UnknownScope(
        reason: "there is no destination, connection or table \"\(text)\"",
        hint: "there are: \(known.joined(separator: ", ")); a table is CONNECTION/schema.table")
    }
    let having = named.filter { name in
      tree.files[folders(of: name, root: root, in: tree)[table].contract] != nil
    }
    guard let connection = having.first else {
      throw UnknownScope(
        reason: "no table \"\(table)\" has a contract" + (parts.count == 2 ? " in \"\(named[0])\"" : ""),
        hint: "write it as its contract does, CONNECTION/schema.table")
    }
    guard having.count == 1 else {
      let names = having.map { "\($0)/\(table)" }
      throw UnknownScope(
        reason: "\(counted(having.count, "connection")) have a table \"\(table)\"",
        hint: "say which: \(names.joined(separator: ", "))")
    }
    return .table(table, of: connection)
  }

  /// Where what is said of it is kept.
  package func destination(of scope: HoldScope) -> DestinationName? {
    switch scope {
    case .destination(let name): name
    case .connection(let name), .table(_, let name): connections[name]?.destination
    }
  }
}

extension String {
  fileprivate func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
