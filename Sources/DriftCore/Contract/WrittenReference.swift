/// One place in a contract that names a column of its own table: the end of a relationship, the element of a service
/// level, an argument of a quality rule.
struct WrittenReference {
  /// The scalar that holds it.
  var node: YAMLNode
  /// Of the scalar's text; a service level may name several, with commas between.
  var text: String
  var column: ColumnName
}

/// Names of a table and its columns, as references spell them.
struct ReferenceNames {
  var table: String
  var tableID: String?
  var columns: [(name: String, id: String?, value: ColumnName)]

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

/// Where the references of one kind stand, and how bad one is that points nowhere.
private struct ReferencePlace {
  var what: String
  var severity: Diagnostic.Severity
  var nodes: [YAMLNode]
  /// Bare column names of this table, instead of `table.column`.
  var isBare = false
}

private func places(in root: YAMLNode, table: YAMLNode) -> [ReferencePlace] {
  func ends(_ object: YAMLNode) -> [YAMLNode] {
    (object["relationships"]?.items ?? []).flatMap { relationship in
      ["from", "to"].flatMap { end in relationship[end].map { $0.items ?? [$0] } ?? [] }
    }
  }
  let columns = table["properties"]?.items ?? []
  let rules = [table] + columns
  return [
    ReferencePlace(what: "the relationship to", severity: .error, nodes: ends(table) + columns.flatMap(ends)),
    ReferencePlace(
      what: "the quality rule on", severity: .warning,
      nodes: rules.flatMap { $0["quality"]?.items ?? [] }.flatMap { $0["arguments"]?["properties"]?.items ?? [] },
      isBare: true),
    ReferencePlace(
      what: "the service level of", severity: .warning,
      nodes: (root["slaProperties"]?.items ?? []).compactMap { $0.value("element") }),
  ]
}

/// Every reference to a column of the table, in the order of `places`, and what points nowhere.
func references(
  in root: YAMLNode, table: YAMLNode, names: ReferenceNames
) -> (found: [WrittenReference], lost: [(node: YAMLNode, what: String, severity: Diagnostic.Severity)]) {
  var found: [WrittenReference] = []
  var lost: [(node: YAMLNode, what: String, severity: Diagnostic.Severity)] = []
  for place in places(in: root, table: table) {
    for node in place.nodes {
      for part in (node.text ?? "").split(separator: ",") {
        let reference = trimmed(part)
        let target =
          place.isBare
          ? names.columns.first { $0.name == reference }.map { .column($0.value) } ?? .nowhere
          : names.target(of: reference)
        switch target {
        case .column(let column): found.append(WrittenReference(node: node, text: reference, column: column))
        case .other: break
        case .nowhere:
          lost.append((node, "\(place.what) \"\(reference)\" points nowhere", place.severity))
        }
      }
    }
  }
  return (found, lost)
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
    contract.mentions = found.map(\.column)
    return contract
  }
}
