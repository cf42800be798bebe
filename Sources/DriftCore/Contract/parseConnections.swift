/// What a connection may say, and `defaults` for all of them.
private let keys =
  [
    "destination", "mode", "types", "columns", "new_tables", "settings_owner", "open_proposals", "schedule", "include",
    "exclude", "policies", "tables", "approval", "reviews", "on_red",
  ] + paceKeys

extension YAMLDecoder {
  /// `connections`, each filled in from `defaults`.
  mutating func connections(in fields: YAMLFields) -> [ConnectionName: ConnectionPolicy] {
    var defaults = ConnectionPolicy(id: "", destination: "")
    if let node = fields["defaults"], let inner = self.fields(node, of: "\"defaults\"", known: keys) {
      defaults = policy(inner, over: defaults)
    }
    var connections: [ConnectionName: ConnectionPolicy] = [:]
    var ids: [ConnectionID: String] = [:]
    let declared = Set((fields["destinations"]?.entries ?? []).map { DestinationName($0.name) })
    if let node = fields["defaults"]?["destination"] { check(node, among: declared) }
    for entry in entries("connections", in: fields) {
      let what = "connection \"\(entry.name)\""
      guard isFolderName(entry.name) else {
        error(
          entry.key, "a connection cannot be called \"\(entry.name)\"",
          hint: "its name becomes a folder: leave out / and \\, and do not begin with a dot")
        continue
      }
      guard let inner = self.fields(entry.value, of: what, known: ["id"] + keys) else { continue }
      let id = requiredText("id", in: inner)
      var policy = self.policy(inner, over: defaults)
      if let node = inner["destination"] { check(node, among: declared) }
      if policy.destination.text.isEmpty {
        error(
          inner.node, "\(what) lacks \"destination\"", hint: "add \"destination:\" here or below defaults")
        continue
      }
      guard let id else { continue }
      if let other = ids.updateValue(entry.name, forKey: ConnectionID(id)) {
        error(
          inner["id"] ?? inner.node,
          "connections \"\(other)\" and \"\(entry.name)\" have the same id \"\(id)\"")
      }
      policy.id = ConnectionID(id)
      connections[ConnectionName(entry.name)] = policy
    }
    return connections
  }

  private mutating func check(_ node: YAMLNode, among declared: Set<DestinationName>) {
    guard let name = node.text, !declared.contains(DestinationName(name)) else { return }
    let hint = suggestion(
      for: name, among: declared.map(\.text).sorted(), list: "declared destinations")
    error(node, "unknown destination \"\(name)\"", hint: hint)
  }

  private mutating func policy(_ fields: YAMLFields, over defaults: ConnectionPolicy) -> ConnectionPolicy {
    var policy = defaults
    if let name = optionalText("destination", in: fields) { policy.destination = DestinationName(name) }
    policy.mode = choice("mode", in: fields) ?? defaults.mode
    policy.types = choice("types", in: fields) ?? defaults.types
    policy.columns = choice("columns", in: fields) ?? defaults.columns
    policy.newTables = choice("new_tables", in: fields) ?? defaults.newTables
    policy.settingsOwner = choice("settings_owner", in: fields) ?? defaults.settingsOwner
    policy.openProposals = openProposals(in: fields) ?? defaults.openProposals
    policy.schedule = schedule(in: fields) ?? defaults.schedule
    if fields["include"] != nil { policy.include = globs("include", in: fields) }
    if fields["exclude"] != nil { policy.exclude = globs("exclude", in: fields) }
    policy.policies.merge(policies(fields["policies"], of: "\"policies\"")) { _, new in new }
    if fields["tables"] != nil { policy.tables = tablePolicies(in: fields) }
    policy.approval = choice("approval", in: fields) ?? defaults.approval
    policy.reviews = reviews(in: fields) ?? defaults.reviews
    policy.pace = pace(in: fields, over: defaults.pace)
    policy.longestPause = longestPause(in: fields, over: defaults.longestPause)
    return policy
  }

  /// `tables: {schema.table: {policies: {...}, columns: {name: {...}}}}`.
  private mutating func tablePolicies(in fields: YAMLFields) -> [TablePolicy] {
    entries("tables", in: fields).compactMap { entry in
      let what = "table \"\(entry.name)\""
      guard let inner = self.fields(entry.value, of: what, known: ["policies", "columns"]) else { return nil }
      guard isTablePattern(entry.name, at: entry.key) else { return nil }
      var table = TablePolicy(
        pattern: entry.name, policies: policies(inner["policies"], of: "\"policies\" of \(what)"))
      for column in inner["columns"] == nil ? [] : entries("columns", in: inner) {
        table.columns[ColumnName(column.name)] = policies(
          column.value, of: "the policies of column \"\(column.name)\" in \(what)")
      }
      return table
    }
  }

  private mutating func openProposals(in fields: YAMLFields) -> Int? {
    guard let node = fields["open_proposals"], let limit = integer("open_proposals", in: fields) else { return nil }
    if limit >= 1 { return limit }
    error(node, "\"open_proposals\" is 1 or more", hint: "to propose nothing, write mode: observe")
    return nil
  }

  private mutating func schedule(in fields: YAMLFields) -> Schedule? {
    guard let node = fields["schedule"], let text = optionalText("schedule", in: fields) else { return nil }
    if let schedule = Schedule(text) { return schedule }
    error(
      node, "\"\(text)\" is not a schedule",
      hint: "write days, hours or both, in UTC: mon-fri 07:00-16:00, or tue,thu, or 22:00-05:00")
    return nil
  }

  private mutating func reviews(in fields: YAMLFields) -> Int? {
    guard let node = fields["reviews"], let reviews = integer("reviews", in: fields) else { return nil }
    if (1...20).contains(reviews) { return reviews }
    error(node, "\"reviews\" is \(reviews)", hint: "write how many people must approve, from 1 to 20")
    return nil
  }

  /// Patterns over `schema.table`, with `*` for any text and `?` for one character.
  private mutating func globs(_ key: String, in fields: YAMLFields) -> [String] {
    items(key, in: fields).compactMap { node in
      guard let glob = text(node, "an item of \"\(key)\"") else { return nil }
      _ = isTablePattern(glob, at: node)
      return glob
    }
  }

  private mutating func isTablePattern(_ glob: String, at node: YAMLNode) -> Bool {
    if glob.isEmpty || glob.contains(where: \.isWhitespace) {
      error(node, "\"\(glob)\" is not a pattern", hint: "write schema.table, with * for any text")
    } else if !glob.contains("."), glob != "*" {
      error(
        node, "the pattern \"\(glob)\" has no dot and matches nothing",
        hint: "write \(glob).* for a schema, *.\(glob) for a table")
    } else {
      return true
    }
    return false
  }

  mutating func entries(_ key: String, in fields: YAMLFields) -> [YAMLEntry] {
    guard let node = required(key, in: fields) else { return [] }
    guard let entries = node.entries else {
      error(node, "\"\(key)\" is \(node.kind), not a mapping")
      return []
    }
    return entries
  }
}

/// Whether a name can be a folder of the repository on every system.
private func isFolderName(_ name: String) -> Bool {
  !name.isEmpty && name.first != "." && name.utf8.count <= 100
    && !name.contains { $0 == "/" || $0 == "\\" || $0 == ":" || $0.isNewline }
    && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
}
