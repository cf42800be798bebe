/// Reads `mooring.yaml`. Defaults are filled in; `${NAME}` references are left as they are. Nil where any error was found.
package func parseProject(_ bytes: [UInt8], path: String) -> (Project?, [Diagnostic]) {
  let (root, diagnostics) = readYAML(bytes, path: path)
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  guard let root else { return (nil, decoder.diagnostics) }
  let project = decoder.project(root)
  return (decoder.hasErrors ? nil : project, decoder.diagnostics)
}

/// What a connection may say, and `defaults` for all of them.
private struct ConnectionKeys {
  var destination: DestinationName?
  var mode = ConnectionPolicy.Mode.observe
  var types = ConnectionPolicy.Types.auto
  var columns = ConnectionPolicy.Columns.all
  var newTables = ConnectionPolicy.NewTables.report
  var settingsOwner = ConnectionPolicy.SettingsOwner.ui
  var openProposals = 10
  var include: [String] = []
  var exclude: [String] = []
  var policies: [String: Policy] = [:]
  var approval = ConnectionPolicy.Approval.merge
  var reviews = 1

  static let keys = [
    "destination", "mode", "types", "columns", "new_tables", "settings_owner",
    "open_proposals", "include", "exclude", "policies", "approval", "reviews",
  ]
}

extension YAMLDecoder {
  fileprivate mutating func project(_ root: YAMLNode) -> Project? {
    let known = [
      "version", "fivetran", "repository", "forge", "destinations", "defaults", "connections",
      "policies", "model", "notify",
    ]
    guard let fields = self.fields(root, of: "the project", known: known) else { return nil }
    formatVersion(in: fields)
    let fivetran = required("fivetran", in: fields).flatMap { self.fivetran($0) }
    let branch = fields["repository"].map { self.branch($0) } ?? "main"
    let forge =
      fields["forge"].map { self.forge($0) }
      ?? ForgeSettings(kind: "local", folder: "proposals")
    let destinations = self.destinations(in: fields)
    var defaults = ConnectionKeys()
    if let node = fields["defaults"],
      let inner = self.fields(node, of: "\"defaults\"", known: ConnectionKeys.keys)
    {
      defaults = self.settings(inner, defaults: defaults)
    }
    let connections = self.connections(in: fields, defaults: defaults, destinations: destinations)
    if forge.kind == "local", let name = connections.filter({ $0.value.approval == .forge }).keys.min() {
      error(
        fields["forge"] ?? root, "connection \"\(name)\" asks for reviews, and the forge \"local\" has none",
        hint: "write approval: signature or merge, or name a git host under forge")
    }
    let policies = self.policies(fields["policies"], of: "\"policies\"")
    let model = fields["model"].flatMap { self.model($0) }
    let notifiers = items("notify", in: fields).compactMap { notifier($0) }
    guard let fivetran else { return nil }
    return Project(
      fivetran: fivetran, branch: branch, forge: forge, destinations: destinations,
      connections: connections, policies: policies, model: model, notifiers: notifiers)
  }

  private mutating func fivetran(_ node: YAMLNode) -> FivetranAccess? {
    guard let fields = self.fields(node, of: "\"fivetran\"", known: ["api", "key", "secret"]) else {
      return nil
    }
    let api = url("api", in: fields) ?? "https://api.fivetran.com"
    _ = required("key", in: fields)
    _ = required("secret", in: fields)
    guard let key = secret("key", in: fields), let secret = self.secret("secret", in: fields) else {
      return nil
    }
    return FivetranAccess(api: api, key: key, secret: secret)
  }

  private mutating func branch(_ node: YAMLNode) -> String {
    guard let fields = self.fields(node, of: "\"repository\"", known: ["branch"]) else { return "main" }
    return optionalText("branch", in: fields) ?? "main"
  }

  private mutating func forge(_ node: YAMLNode) -> ForgeSettings {
    let local = ["folder"]
    let hosted = ["repository", "api", "token", "app", "authorities", "proxy"]
    var settings = ForgeSettings(kind: "local", folder: "proposals")
    let known = ["kind", "dashboard"] + local + hosted
    guard let fields = self.fields(node, of: "\"forge\"", known: known) else { return settings }
    settings.kind = optionalText("kind", in: fields) ?? settings.kind
    let isLocal = settings.kind == "local"
    settings.dashboard = boolean("dashboard", in: fields) ?? !isLocal
    for key in isLocal ? hosted : local {
      guard let node = fields[key] else { continue }
      error(node, "\"\(key)\" has no meaning for the forge \"\(settings.kind)\"", hint: "remove it, or change kind")
    }
    if isLocal {
      settings.folder = optionalText("folder", in: fields) ?? settings.folder
      return settings
    }
    settings.folder = ""
    settings.repository = requiredText("repository", in: fields) ?? ""
    settings.api = url("api", in: fields)
    settings.token = secret("token", in: fields)
    settings.app = fields["app"].flatMap { app($0) }
    settings.authorities = optionalText("authorities", in: fields)
    settings.proxy = url("proxy", in: fields)
    if fields["token"] == nil, fields["app"] == nil {
      error(fields.node, "\"forge\" lacks \"token\"", hint: "add token: ${SOME_NAME}, or for GitHub app: {id, key}")
    } else if fields["token"] != nil, let node = fields["app"] {
      error(node, "\"forge\" has both \"token\" and \"app\"", hint: "remove one of them")
    }
    return settings
  }

  private mutating func app(_ node: YAMLNode) -> ForgeApp? {
    guard let fields = self.fields(node, of: "\"app\"", known: ["id", "key", "installation"]) else { return nil }
    let id = requiredText("id", in: fields)
    _ = required("key", in: fields)
    let key = secret("key", in: fields)
    var installation: Int?
    if let node = fields["installation"], let text = text(node, "\"installation\"") {
      installation = Int(text)
      if (installation ?? 0) <= 0 {
        error(node, "\"installation\" is no number", hint: "it is the last part of the installation's web address")
      }
    }
    guard let id, let key else { return nil }
    return ForgeApp(id: id, key: key, installation: installation)
  }

  private mutating func destinations(in fields: YAMLFields) -> [DestinationName:
    DestinationSettings]
  {
    var destinations: [DestinationName: DestinationSettings] = [:]
    for entry in entries("destinations", in: fields) {
      let what = "destination \"\(entry.name)\""
      guard let inner = self.fields(entry.value, of: what, known: ["kind", "group", "url"]) else {
        continue
      }
      let kind = requiredText("kind", in: inner)
      let group = requiredText("group", in: inner)
      _ = required("url", in: inner)
      guard let url = self.url("url", in: inner), let kind, let group else { continue }
      destinations[DestinationName(entry.name)] = DestinationSettings(
        kind: kind, group: group, url: url)
    }
    return destinations
  }

  // MARK: Connections

  private mutating func connections(
    in fields: YAMLFields, defaults: ConnectionKeys,
    destinations: [DestinationName: DestinationSettings]
  ) -> [ConnectionName: ConnectionPolicy] {
    var connections: [ConnectionName: ConnectionPolicy] = [:]
    var ids: [ConnectionID: String] = [:]
    let declared = Set((fields["destinations"]?.entries ?? []).map { DestinationName($0.name) })
    if let node = fields["defaults"]?["destination"] {
      check(node, among: declared, destinations)
    }
    for entry in entries("connections", in: fields) {
      let what = "connection \"\(entry.name)\""
      guard isFolderName(entry.name) else {
        error(
          entry.key, "a connection cannot be called \"\(entry.name)\"",
          hint: "its name becomes a folder: leave out / and \\, and do not begin with a dot")
        continue
      }
      let known = ["id"] + ConnectionKeys.keys
      guard let inner = self.fields(entry.value, of: what, known: known) else { continue }
      let id = requiredText("id", in: inner)
      let settings = self.settings(inner, defaults: defaults)
      if let node = inner["destination"] { check(node, among: declared, destinations) }
      guard let destination = settings.destination else {
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
      connections[ConnectionName(entry.name)] = ConnectionPolicy(
        id: ConnectionID(id), destination: destination, mode: settings.mode,
        types: settings.types, columns: settings.columns, newTables: settings.newTables,
        settingsOwner: settings.settingsOwner, openProposals: settings.openProposals,
        include: settings.include, exclude: settings.exclude, policies: settings.policies,
        approval: settings.approval, reviews: settings.reviews)
    }
    return connections
  }

  private mutating func check(
    _ node: YAMLNode, among declared: Set<DestinationName>,
    _ destinations: [DestinationName: DestinationSettings]
  ) {
    guard let name = node.text, !declared.contains(DestinationName(name)) else { return }
    let hint = suggestion(
      for: name, among: declared.map(\.text).sorted(), list: "declared destinations")
    error(node, "unknown destination \"\(name)\"", hint: hint)
  }

  private mutating func settings(_ fields: YAMLFields, defaults: ConnectionKeys)
    -> ConnectionKeys
  {
    var settings = defaults
    if let name = optionalText("destination", in: fields) {
      settings.destination = DestinationName(name)
    }
    settings.mode = choice("mode", in: fields) ?? defaults.mode
    settings.types = choice("types", in: fields) ?? defaults.types
    settings.columns = choice("columns", in: fields) ?? defaults.columns
    settings.newTables = choice("new_tables", in: fields) ?? defaults.newTables
    settings.settingsOwner = choice("settings_owner", in: fields) ?? defaults.settingsOwner
    if let limit = integer("open_proposals", in: fields) {
      settings.openProposals = limit
      if limit < 1, let node = fields["open_proposals"] {
        error(node, "\"open_proposals\" is 1 or more", hint: "to propose nothing, write mode: observe")
      }
    }
    if fields["include"] != nil { settings.include = globs("include", in: fields) }
    if fields["exclude"] != nil { settings.exclude = globs("exclude", in: fields) }
    let own = policies(fields["policies"], of: "\"policies\"")
    settings.policies.merge(own) { _, new in new }
    settings.approval = choice("approval", in: fields) ?? defaults.approval
    settings.reviews = reviews(in: fields) ?? defaults.reviews
    return settings
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
      if glob.isEmpty || glob.contains(where: \.isWhitespace) {
        error(node, "\"\(glob)\" is not a pattern", hint: "write schema.table, with * for any text")
      } else if !glob.contains("."), glob != "*" {
        error(
          node, "the pattern \"\(glob)\" has no dot and matches nothing",
          hint: "write \(glob).* for a schema, *.\(glob) for a table")
      }
      return glob
    }
  }

  // MARK: Model and notifiers

  private mutating func model(_ node: YAMLNode) -> ModelSettings? {
    guard let fields = self.fields(node, of: "\"model\"", known: ["base_url", "name", "key"]) else {
      return nil
    }
    _ = required("base_url", in: fields)
    let url = self.url("base_url", in: fields)
    let name = requiredText("name", in: fields)
    let key = secret("key", in: fields) ?? ""
    guard let url, let name else { return nil }
    return ModelSettings(baseURL: url, name: name, key: key)
  }

  private mutating func notifier(_ node: YAMLNode) -> NotifierSettings? {
    let known = ["kind", "url", "secret", "events"]
    guard let fields = self.fields(node, of: "a notifier", known: known) else { return nil }
    let kind = requiredText("kind", in: fields)
    _ = required("url", in: fields)
    let url = self.url("url", in: fields)
    _ = required("secret", in: fields)
    let secret = self.secret("secret", in: fields) ?? ""
    let events = texts("events", in: fields)
    guard let kind, let url else { return nil }
    return NotifierSettings(kind: kind, url: url, secret: secret, events: events)
  }

  // MARK: Secrets

  /// A secret is one `${NAME}` and nothing else. What was written instead is never shown.
  private mutating func secret(_ key: String, in fields: YAMLFields) -> String? {
    guard let node = fields[key], let text = self.text(node, "\"\(key)\"") else { return nil }
    guard isReference(text) else {
      error(
        node, "\"\(key)\" of \(fields.what) is written out; secrets never belong in the repository",
        hint: "write \(key): ${SOME_NAME} and set SOME_NAME in the environment")
      return nil
    }
    return text
  }

  /// An address: either one `${NAME}`, or a text without a literal password.
  private mutating func url(_ key: String, in fields: YAMLFields) -> String? {
    guard let node = fields[key], let text = self.text(node, "\"\(key)\"") else { return nil }
    if isReference(text) { return text }
    if holdsSecret(text) {
      error(
        node, "\"\(key)\" of \(fields.what) holds a secret; secrets never belong in the repository",
        hint: "write \(key): ${SOME_NAME} and set SOME_NAME in the environment")
      return nil
    }
    if text.isEmpty || text.contains(where: \.isWhitespace) && !text.contains("=") {
      error(node, "\"\(key)\" is not an address", hint: "write https://... or ${SOME_NAME}")
      return nil
    }
    return text
  }

  private mutating func entries(_ key: String, in fields: YAMLFields) -> [YAMLEntry] {
    guard let node = required(key, in: fields) else { return [] }
    guard let entries = node.entries else {
      error(node, "\"\(key)\" is \(node.kind), not a mapping")
      return []
    }
    return entries
  }
}

/// `${NAME}`: the whole text is one reference.
func isReference(_ text: String) -> Bool {
  guard text.hasPrefix("${"), text.hasSuffix("}") else { return false }
  let name = text.dropFirst(2).dropLast()
  guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
  return name.utf8.allSatisfy { byte in
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
    default: false
    }
  }
}

/// Whether an address carries a literal password, token or channel key.
private func holdsSecret(_ text: String) -> Bool {
  let folded = text.lowercased()
  for host in ["hooks.slack.com/", "webhook.office.com/", "discord.com/api/webhooks/"]
  where folded.contains(host) && !text.contains("${") {
    return true
  }
  if let scheme = text.firstIndex(of: ":"), text[scheme...].hasPrefix("://") {
    let authority = text[scheme...].dropFirst(3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if let at = authority.lastIndex(of: "@") {
      let user = authority[..<at]
      if let colon = user.firstIndex(of: ":") {
        let password = user[user.index(after: colon)...]
        if !password.isEmpty, !isReference(String(password)) { return true }
      }
    }
  }
  for word in ["password", "token", "secret", "api_key", "apikey", "access_key", "sig"] {
    guard let value = parameter(word, of: text) else { continue }
    if !value.isEmpty, !isReference(value) { return true }
  }
  return false
}

/// The value of `name=` in a query or a list of words.
private func parameter(_ name: String, of text: String) -> String? {
  for part in text.split(whereSeparator: { "?&; ".contains($0) }) {
    let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if pair.count == 2, pair[0].lowercased().hasSuffix(name) { return String(pair[1]) }
  }
  return nil
}

/// Whether a name can be a folder of the repository on every system.
private func isFolderName(_ name: String) -> Bool {
  !name.isEmpty && name.first != "." && name.utf8.count <= 100
    && !name.contains { $0 == "/" || $0 == "\\" || $0 == ":" || $0.isNewline }
    && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
}
