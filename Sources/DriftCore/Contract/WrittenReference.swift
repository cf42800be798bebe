/// One place in a contract that names a column of its own table: the end of a relationship, the element of a service
/// level, an argument of a quality rule.
struct WrittenReference {
  var kind: ContractReference.Kind
  /// As `ContractReference` has it.
  var name: String
  var column: ColumnName
  /// The scalar that holds it, and the part of its text: a service level may name several, with commas between. Nil where
  /// its place below the column says which, or a word of SQL.
  var place: (node: YAMLNode, text: String)?
}

/// Names of a table and its columns, as references spell them.
struct ReferenceNames {
  var table: String
  var tableID: String?
  var columns: [(name: String, id: String?, value: ColumnName)]

  /// By what the contract calls it.
  func column(_ name: String) -> ColumnName? { columns.first { sameBytes($0.name, name) }?.value }

  enum Target: Hashable {
    case column(ColumnName)
    /// The table as a whole, another table, another file.
    case other
    case nowhere
  }

  /// `table.column`, `table.column.field`, or `/schema/<id>/properties/<id>`.
  func target(of text: String) -> Target {
    if text.contains("#") { return .other }
    if text.contains("/") {
      let path = text.split(separator: "/").map(String.init)
      guard path.count >= 4, path[0] == "schema", path[1] == tableID, path[2] == "properties" else { return .other }
      return columns.first { $0.id == path[3] }.map { .column($0.value) } ?? .nowhere
    }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts[0] == table else { return .other }
    if let column = columns.first(where: { $0.name == parts[1] }) { return .column(column.value) }
    // A field of a struct.
    let head = String(parts[1].prefix { $0 != "." })
    return columns.first { $0.name == head }.map { .column($0.value) } ?? .nowhere
  }

  /// The same reference to another column of the table; nil where its form cannot name that one.
  func redirected(_ text: String, from: ColumnName, to: ColumnName) -> String? {
    guard let old = columns.first(where: { $0.value == from }), let new = columns.first(where: { $0.value == to })
    else { return nil }
    if text.contains("/") {
      guard let oldID = old.id, let newID = new.id else { return nil }
      var path = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard let index = path.firstIndex(of: oldID) else { return nil }
      path[index] = newID
      return path.joined(separator: "/")
    }
    if text == old.name { return new.name }
    guard text.hasPrefix("\(table).\(old.name)") else { return nil }
    return "\(table).\(new.name)" + text.dropFirst("\(table).\(old.name)".count)
  }
}

extension ReferenceNames {
  init(_ table: YAMLNode) {
    self.table = table["name"]?.text ?? ""
    tableID = table.value("id")?.text
    columns = (table["properties"]?.items ?? []).compactMap { node in
      guard let name = node.value("name")?.text else { return nil }
      return (name, node.value("id")?.text, ColumnName(node.value("physicalName")?.text ?? name))
    }
  }
}

/// One rule, service level or relation, and where it names columns.
private struct Referrer {
  var kind: ContractReference.Kind
  var name: String
  var nodes: [YAMLNode]
  /// Bare column names of this table, instead of `table.column`.
  var isBare = false
  /// The column below which it stands.
  var owner: YAMLNode?
  /// A rule's SQL.
  var query = ""
}

/// The relations, then the rules, then the service levels.
private func referrers(in root: YAMLNode, table: YAMLNode) -> [Referrer] {
  let columns = table["properties"]?.items ?? []
  let owners = [nil] + columns.map(Optional.some)
  let relations = owners.flatMap { owner in
    ((owner ?? table)["relationships"]?.items ?? []).map { relation in
      let ends = ["from", "to"].map { end in relation[end].map { $0.items ?? [$0] } ?? [] }
      return Referrer(
        kind: .relation, name: ends[1].compactMap(\.text).joined(separator: ", "), nodes: ends[0] + ends[1],
        owner: owner)
    }
  }
  let rules = owners.flatMap { owner in
    ((owner ?? table)["quality"]?.items ?? []).map { rule in
      Referrer(
        kind: .qualityRule, name: title(of: rule), nodes: rule["arguments"]?["properties"]?.items ?? [], isBare: true,
        owner: owner, query: rule["query"]?.text ?? "")
    }
  }
  let levels = (root["slaProperties"]?.items ?? []).map { level in
    Referrer(
      kind: .serviceLevel, name: level["property"]?.text ?? "", nodes: level.value("element").map { [$0] } ?? [])
  }
  return relations + rules + levels
}

/// How a person finds a rule in the file.
private func title(of rule: YAMLNode) -> String {
  for key in ["name", "id", "metric", "description", "type"] {
    if let text = rule[key]?.text, !text.isEmpty { return text }
  }
  return "library"
}

/// Every reference to a column of the table, and what points nowhere.
func references(
  in root: YAMLNode, table: YAMLNode, names: ReferenceNames
) -> (found: [WrittenReference], lost: [(node: YAMLNode, what: String, severity: Diagnostic.Severity)]) {
  var found: [WrittenReference] = []
  var lost: [(node: YAMLNode, what: String, severity: Diagnostic.Severity)] = []
  for referrer in referrers(in: root, table: table) {
    func add(_ column: ColumnName, _ place: (YAMLNode, String)? = nil) {
      found.append(WrittenReference(kind: referrer.kind, name: referrer.name, column: column, place: place))
    }
    if let owner = referrer.owner?.value("name")?.text, let column = names.column(owner) { add(column) }
    if !referrer.query.isEmpty {
      let words = Set(referrer.query.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
      for column in names.columns where words.contains(column.name) || words.contains(column.value.text) {
        add(column.value)
      }
    }
    for node in referrer.nodes {
      for part in (node.text ?? "").split(separator: ",") {
        let reference = trimmed(part)
        let target =
          referrer.isBare ? names.column(reference).map { .column($0) } ?? .nowhere : names.target(of: reference)
        switch target {
        case .column(let column): add(column, (node, reference))
        case .other: break
        case .nowhere:
          lost.append((node, "\(referrer.kind.place) \"\(reference)\" points nowhere", referrer.kind.severity))
        }
      }
    }
  }
  return (found, lost)
}

extension ContractReference.Kind {
  fileprivate var place: String {
    switch self {
    case .qualityRule: "the quality rule on"
    case .serviceLevel: "the service level of"
    case .relation: "the relationship to"
    }
  }

  /// How bad one is that points nowhere.
  fileprivate var severity: Diagnostic.Severity { self == .relation ? .error : .warning }
}

func trimmed(_ text: Substring) -> String {
  var text = text.drop { $0 == " " }
  while text.last == " " { text.removeLast() }
  return String(text)
}

extension YAMLDecoder {
  /// The contract with the columns that its own relationships, quality rules and service levels name.
  mutating func referring(
    _ contract: Contract, in root: YAMLNode, table: YAMLNode, columns: [DecodedColumn]
  ) -> Contract {
    var names = ReferenceNames(table: table.value("name")?.text ?? "", tableID: table.value("id")?.text, columns: [])
    names.columns = columns.map { ($0.contractName, $0.value.id, $0.value.name) }
    let (found, lost) = references(in: root, table: table, names: names)
    for place in lost {
      if place.severity == .error { error(place.node, place.what) } else { warn(place.node, place.what) }
    }
    var contract = contract
    contract.mentions = found.filter { $0.place != nil }.map(\.column)
    contract.references = told(found)
    return contract
  }
}

/// Each rule, service level and relation once by column, sorted by column.
private func told(_ found: [WrittenReference]) -> [ContractReference] {
  var references: [ContractReference] = []
  for place in found {
    let isSame = { (known: ContractReference) in
      known.kind == place.kind && known.name == place.name && known.column == place.column
    }
    if let index = references.firstIndex(where: isSame) {
      // It follows only where all of it does.
      if place.place == nil { references[index].canFollow = false }
    } else {
      references.append(
        ContractReference(kind: place.kind, name: place.name, column: place.column, canFollow: place.place != nil))
    }
  }
  return references.sorted { ($0.column, $0.kind.rawValue, $0.name) < ($1.column, $1.kind.rawValue, $1.name) }
}
