/// The first `mooring.yaml` of an account: what is asked of Fivetran filled in, what only people know as `${NAME}`.
///
/// - Parameters:
///   - api: of Fivetran.
///   - destinations: nil where the key may not list them; every kind is then taken for PostgreSQL, with a word about it.
package func renderProject(_ connections: [ConnectionStatus], in destinations: [DestinationStatus]?, api: String)
  -> String
{
  let groups = FirstDestination.all(of: connections, in: destinations)
  let known = groups.filter { $0.kind != nil }
  let first = known.max { $0.connections < $1.connections }
  var text = """
    version: 1
    fivetran:
      api: \(api)
      key: ${FIVETRAN_API_KEY}
      secret: ${FIVETRAN_API_SECRET}
    forge:
      kind: local
      folder: proposals        # patches and texts of proposals, relative to where mooring runs
    destinations:

    """
  text += known.map(\.lines).joined()
  text += """
    defaults:
      destination: \(first?.name ?? "warehouse")
      mode: observe            # observe: report only; propose: open proposals and apply what was merged
      types: auto
      new_tables: report
      settings_owner: ui       # mooring: may change Fivetran settings that were merged
    connections:

    """
  var names: Set<String> = []
  for connection in connections {
    guard let group = groups.first(where: { $0.groupID == connection.groupID }) else { continue }
    let plain = slug(connection.schema.replacing(".", with: "_"))
    let name = names.insert(plain).inserted ? plain : "\(plain)_\(slug(connection.id.text))"
    names.insert(name)
    if group.kind == nil {
      text += "  # \(name): \(visible(connection.id.text)), in a \(visible(group.service)): there is no driver for it\n"
      continue
    }
    text += "  \(name):\n    id: \(yamlScalar(connection.id.text))\n"
    if group.name != first?.name { text += "    destination: \(group.name)\n" }
  }
  return text
}

/// The group of some connections as `mooring.yaml` is to have it.
private struct FirstDestination {
  var groupID: String
  var service: String
  /// Nil where Mooring has no driver.
  var kind: DestinationKind?
  var isGuess: Bool
  var name = ""
  var connections: Int
  var settings: [String: String]

  static func all(of connections: [ConnectionStatus], in destinations: [DestinationStatus]?) -> [FirstDestination] {
    var groups: [FirstDestination] = []
    for connection in connections {
      if let index = groups.firstIndex(where: { $0.groupID == connection.groupID }) {
        groups[index].connections += 1
        continue
      }
      let status = destinations?.first { $0.groupID == connection.groupID }
      groups.append(
        FirstDestination(
          groupID: connection.groupID, service: status?.service ?? "", kind: status.map(\.kind) ?? .postgres,
          isGuess: status == nil, connections: 1, settings: status?.settings ?? [:]))
    }
    let isOne = groups.count { $0.kind != nil } == 1
    var names: Set<String> = []
    for index in groups.indices {
      guard let kind = groups[index].kind else { continue }
      let name = isOne ? "warehouse" : kind.name
      groups[index].name = names.insert(name).inserted ? name : "\(name)_\(slug(groups[index].groupID))"
    }
    return groups
  }

  var lines: String {
    guard let kind else { return "" }
    let note = isGuess ? "         # Fivetran does not tell this key: bigquery, databricks, redshift or snowflake?" : ""
    let settings = keys(of: kind).map { key, value in "    \(key): \(value)\n" }
    return "  \(name):\n    kind: \(kind.name)\(note)\n    group: \(yamlScalar(groupID))\n" + settings.joined()
  }

  /// What `kind` must be told.
  private func keys(of kind: DestinationKind) -> [(String, String)] {
    func asked(_ key: String, _ setting: String? = nil) -> (String, String) {
      // A `$` would be read as a reference.
      let known = setting.flatMap { settings[$0] }.flatMap { $0.contains("$") ? nil : yamlScalar($0) }
      return (key, known ?? "${\(variable(key))}")
    }
    switch kind.name {
    case "bigquery":
      return [asked("project", "project_id"), asked("location", "data_set_location"), asked("credentials")]
    case "databricks": return [asked("host"), asked("warehouse"), asked("catalog", "catalog"), asked("secret")]
    case "redshift":
      return [asked("host", "host"), asked("database", "database"), asked("user"), asked("password")]
    case "snowflake":
      let host = settings["host"]?.split(separator: ".snowflakecomputing.com").first.map(String.init)
      let account = host.flatMap { $0.contains("$") ? nil : ("account", yamlScalar($0)) } ?? asked("account")
      return [account, asked("user"), asked("database", "database"), asked("private_key")]
    default: return [asked("url")]
    }
  }

  /// `WAREHOUSE_URL`.
  private func variable(_ key: String) -> String {
    "\(name)_\(key)".uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "_" }.joined()
  }
}

/// The variables that a `mooring.yaml` refers to, in its order, each once.
package func variables(in project: String) -> [String] {
  var names: [String] = []
  for part in project.split(separator: "${").dropFirst() {
    guard let end = part.firstIndex(of: "}") else { continue }
    let name = String(part[..<end])
    if !names.contains(name) { names.append(name) }
  }
  return names
}
