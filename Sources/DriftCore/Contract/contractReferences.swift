/// Quality rules, service levels and relations of a contract that name one of its columns, by column, each once.
///
/// Columns are named as the destination spells them. A rule in SQL names a column where its text has it as a word.
func contractReferences(in root: YAMLNode) -> [ContractReference] {
  guard let table = root["schema"]?.items?.first, let tableName = table["name"]?.text else { return [] }
  let columns = (table["properties"]?.items ?? []).compactMap { node in
    node["name"]?.text.map { (name: $0, physical: ColumnName(node["physicalName"]?.text ?? $0), node: node) }
  }
  var found: [ContractReference] = []
  func add(_ kind: ContractReference.Kind, _ name: String, _ column: String) {
    guard let column = columns.first(where: { sameBytes($0.name, column) || sameBytes($0.physical.text, column) })
    else { return }
    let reference = ContractReference(kind: kind, name: name, column: column.physical)
    if !found.contains(reference) { found.append(reference) }
  }
  /// `table.column` of this table.
  func add(_ kind: ContractReference.Kind, _ name: String, path: String) {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, sameBytes(parts[0], tableName) { add(kind, name, parts[1]) }
  }
  for column in columns {
    for rule in column.node["quality"]?.items ?? [] { add(.qualityRule, title(of: rule), column.name) }
    for relation in column.node["relationships"]?.items ?? [] {
      add(.relation, relation["to"]?.text ?? "", column.name)
    }
  }
  for rule in table["quality"]?.items ?? [] {
    let named = (rule["arguments"]?["properties"]?.items ?? []).compactMap(\.text)
    let words = identifiers(in: rule["query"]?.text ?? "")
    for name in named + columns.map(\.name).filter(words.contains) { add(.qualityRule, title(of: rule), name) }
  }
  for relation in table["relationships"]?.items ?? [] {
    let ends = texts(of: relation["from"]) + texts(of: relation["to"])
    for end in ends { add(.relation, texts(of: relation["to"]).joined(separator: ", "), path: end) }
  }
  for level in root["slaProperties"]?.items ?? [] {
    for element in (level["element"]?.text ?? "").split(separator: ",") {
      add(.serviceLevel, level["property"]?.text ?? "", path: element.filter { $0 != " " })
    }
  }
  return found.sorted { ($0.column, $0.kind.rawValue, $0.name) < ($1.column, $1.kind.rawValue, $1.name) }
}

/// How a person finds a rule in the file.
private func title(of rule: YAMLNode) -> String {
  for key in ["name", "id", "metric", "description", "type"] {
    if let text = rule[key]?.text, !text.isEmpty { return text }
  }
  return "library"
}

private func texts(of node: YAMLNode?) -> [String] {
  guard let node else { return [] }
  return node.text.map { [$0] } ?? (node.items ?? []).compactMap(\.text)
}

/// Runs of letters, digits and underscores.
private func identifiers(in query: String) -> Set<String> {
  Set(query.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
}
