/// Reads `mooring.yaml`. Defaults are filled in; `${NAME}` references are left as they are. Nil where any error was found.
package func parseProject(_ bytes: [UInt8], path: String) -> (Project?, [Diagnostic]) {
  let (root, diagnostics) = readYAML(bytes, path: path)
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  guard let root else { return (nil, decoder.diagnostics) }
  let project = decoder.project(root)
  return (decoder.hasErrors ? nil : project, decoder.diagnostics)
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
    let connections = self.connections(in: fields)
    if forge.kind == "local", let name = connections.filter({ $0.value.approval == .forge }).keys.min() {
      error(
        fields["forge"] ?? root, "connection \"\(name)\" asks for reviews, and the forge \"local\" has none",
        hint: "write approval: signature or merge, or name a git host under forge")
    }
    checkWindows(of: connections, destinations, in: fields)
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
  mutating func secret(_ key: String, in fields: YAMLFields) -> String? {
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
  mutating func url(_ key: String, in fields: YAMLFields) -> String? {
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
