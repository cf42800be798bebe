/// Reads a `mapping.yaml`. Nil where any error was found.
package func parseMapping(_ bytes: [UInt8], path: String) -> (Mapping?, [Diagnostic]) {
  let (root, diagnostics) = readYAML(bytes, path: path)
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  guard let root else { return (nil, decoder.diagnostics) }
  let mapping = decoder.mapping(root)
  return (decoder.hasErrors ? nil : mapping, decoder.diagnostics)
}

extension Conversion {
  /// The words of `convert` that need nothing else.
  static let words: [(word: String, conversion: Conversion)] = [
    ("none", .none), ("cast", .cast), ("try_cast", .tryCast), ("trim", .trim), ("lower", .lower),
    ("upper", .upper), ("epoch_to_timestamp", .epochToTimestamp),
    ("boolean_from_text", .booleanFromText),
  ]

  /// The conversion that a word of `convert` names; nil for others and for `json_field`, which needs a field.
  init?(named word: String) {
    guard let known = Self.words.first(where: { $0.word == word }) else { return nil }
    self = known.conversion
  }
}

extension YAMLDecoder {
  fileprivate mutating func mapping(_ root: YAMLNode) -> Mapping? {
    let known = ["version", "source", "target", "rows", "columns"]
    guard let fields = self.fields(root, of: "the mapping", known: known) else { return nil }
    formatVersion(in: fields)
    let source = required("source", in: fields).flatMap { self.mappingSource($0) }
    let target = required("target", in: fields).flatMap { self.target($0) }
    let rows = fields["rows"].map { rowRules($0) } ?? RowRules()
    var columns: [MappingColumn] = []
    var names: Set<ColumnName> = []
    for node in items("columns", in: fields) {
      guard let column = mappingColumn(node) else { continue }
      if !names.insert(column.target).inserted {
        error(node, "a second column for \"\(column.target)\"", hint: "keep one of the two")
      }
      columns.append(column)
    }
    guard let source, let target else { return nil }
    return Mapping(
      connection: source.connection, source: source.table, target: target, rows: rows,
      columns: columns)
  }

  private mutating func mappingSource(
    _ node: YAMLNode
  ) -> (connection: ConnectionName, table: TableName)? {
    guard let fields = self.fields(node, of: "\"source\"", known: ["connection", "table"]) else {
      return nil
    }
    let connection = requiredText("connection", in: fields)
    guard let table = self.table("table", in: fields), let connection else { return nil }
    return (ConnectionName(connection), table)
  }

  private mutating func target(_ node: YAMLNode) -> Target? {
    let known = ["table", "kind", "fed_by", "owner"]
    guard let fields = self.fields(node, of: "\"target\"", known: known) else { return nil }
    let table = self.table("table", in: fields)
    _ = required("kind", in: fields)
    let kind: Target.Kind? = choice("kind", in: fields)
    let fedBy = optionalText("fed_by", in: fields) ?? "external"
    let owner = optionalText("owner", in: fields)
    guard let table, let kind else { return nil }
    return Target(table: table, kind: kind, fedBy: fedBy, owner: owner)
  }

  private mutating func rowRules(_ node: YAMLNode) -> RowRules {
    guard let fields = self.fields(node, of: "\"rows\"", known: ["deleted", "history"]) else {
      return RowRules()
    }
    return RowRules(
      deleted: choice("deleted", in: fields) ?? .exclude,
      history: choice("history", in: fields) ?? .current)
  }

  private mutating func mappingColumn(_ node: YAMLNode) -> MappingColumn? {
    let known = ["source", "target", "type", "convert", "key"]
    guard let fields = self.fields(node, of: "a column", known: known) else { return nil }
    let sources = self.sources(in: fields)
    let target = requiredText("target", in: fields)
    let type = requiredText("type", in: fields)
    let conversion = fields["convert"].flatMap { self.conversion($0) } ?? Conversion.none
    let isKey = boolean("key", in: fields) ?? false
    guard let target, let type, !sources.isEmpty else { return nil }
    return MappingColumn(
      sources: sources, target: ColumnName(target), type: type, conversion: conversion,
      isKey: isKey)
  }

  /// One name, or several to try in order.
  private mutating func sources(in fields: YAMLFields) -> [ColumnName] {
    guard let node = required("source", in: fields) else { return [] }
    guard node.items != nil else {
      return requiredText("source", in: fields).map { [ColumnName($0)] } ?? []
    }
    let names = texts("source", in: fields)
    if names.isEmpty || names.contains("") {
      error(node, "\"source\" lists no column", hint: "name at least one landed column")
      return []
    }
    if Set(names.map { ColumnName($0) }).count < names.count {
      error(node, "\"source\" names a column twice")
    }
    return names.map { ColumnName($0) }
  }

  private mutating func conversion(_ node: YAMLNode) -> Conversion? {
    guard let word = node.text else {
      return fields(node, of: "\"convert\"", known: ["json_field"])
        .flatMap { requiredText("json_field", in: $0) }.map { .jsonField($0) }
    }
    if let conversion = Conversion(named: word) { return conversion }
    let words = Conversion.words.map(\.word) + ["{json_field: name}"]
    let hint =
      word == "json_field"
      ? "write convert: {json_field: name}" : suggestion(for: word, among: words, list: "one of")
    error(node, "unknown conversion \"\(word)\"", hint: hint)
    return nil
  }
}
