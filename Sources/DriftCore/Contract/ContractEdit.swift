/// One instruction to a contract. Columns are named as the destination spells them.
package enum ContractEdit: Hashable, Sendable {
  case addColumn(ContractColumn)
  /// A nil logical type leaves the file's own.
  case setType(ColumnName, physicalType: String, logicalType: String?)
  case setRequired(ColumnName, Bool)
  case setUnique(ColumnName, Bool)
  /// From 1; nil takes the column out of the key.
  case setPrimaryKey(ColumnName, position: Int?)
  case setDeprecated(ColumnName)
  /// It is there again.
  case setPromised(ColumnName)
  case setEnabled(ColumnName, Bool)
  case setHashed(ColumnName, Bool)
  case setClassification(ColumnName, String)
  case setSourceColumn(ColumnName, String)
  /// What named the first column of relationships, quality rules and service levels names the second.
  case redirect(ColumnName, to: ColumnName)
  case deprecateTable
  case setTableEnabled(Bool)
  case setSyncMode(SyncMode)
  case setTableKind(isView: Bool)
  case setVersion(String)
}

extension Contract {
  /// The contract as these edits leave it.
  package func applying(_ edits: [ContractEdit]) -> Contract {
    var contract = self
    for edit in edits { contract.apply(edit) }
    return contract
  }

  private mutating func apply(_ edit: ContractEdit) {
    switch edit {
    case .addColumn(let column): columns.append(column.said(in: standard))
    case .setType(let name, let physicalType, let logicalType):
      let word = standard.logicalType(logicalType)
      change(name) {
        $0.physicalType = physicalType
        if let word { $0.logicalType = word }
      }
    case .setRequired(let name, let value): change(name) { $0.isRequired = value }
    case .setUnique(let name, let value): change(name) { $0.isUnique = value }
    case .setPrimaryKey(let name, let position):
      change(name) {
        $0.isPrimaryKey = position != nil
        $0.primaryKeyPosition = position
      }
    case .setDeprecated(let name): change(name) { $0.isDeprecated = true }
    case .setPromised(let name): change(name) { $0.isDeprecated = false }
    case .setEnabled(let name, let value): change(name) { $0.isEnabled = value }
    case .setHashed(let name, let value): change(name) { $0.isHashed = value }
    case .setClassification(let name, let value): change(name) { $0.classification = value }
    case .setSourceColumn(let name, let value): change(name) { $0.sourceColumn = value }
    case .redirect(let from, let to): mentions = mentions.map { $0 == from ? to : $0 }
    case .deprecateTable: isDeprecated = true
    case .setTableEnabled(let value): isEnabled = value
    case .setSyncMode(let mode): syncMode = mode
    case .setTableKind(let value): isView = value
    case .setVersion(let text): version = text
    }
  }

  private mutating func change(_ name: ColumnName, _ body: (inout ContractColumn) -> Void) {
    for index in columns.indices where columns[index].name == name { body(&columns[index]) }
  }
}

/// A file that cannot be edited without touching what is not ours, and the line that is in the way.
package struct EditRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package var diagnostic: Diagnostic

  package init(diagnostic: Diagnostic) { self.diagnostic = diagnostic }

  package var description: String { diagnostic.description }
}

/// Edits the text of a contract: only the lines that an edit names change, every other byte stays.
///
/// The result is parsed again and must be the edited value.
package func edit(
  contract bytes: [UInt8], path: String, with edits: [ContractEdit]
) throws(EditRefusal) -> [UInt8] {
  guard let before = parseContract(bytes, path: path).0 else {
    throw refusal(path, "the contract does not parse")
  }
  var text = EditableText(bytes: bytes, path: path)
  for edit in edits { try apply(edit, to: &text) }
  // How a reference reads for people follows from what it names, which is held in `mentions`.
  var after = parseContract(text.bytes, path: path).0
  after?.references = before.references
  guard after == before.applying(edits) else {
    throw refusal(path, "the edited text does not read back as intended")
  }
  return text.bytes
}

func refusal(_ path: String, _ message: String, at node: YAMLNode? = nil) -> EditRefusal {
  EditRefusal(
    diagnostic: Diagnostic(
      path: path, line: node?.line, column: node?.column, message: message,
      hint: "edit the file by hand; nothing was written"))
}

private func apply(_ edit: ContractEdit, to text: inout EditableText) throws(EditRefusal) {
  let root = try text.root()
  let standard = root["apiVersion"]?.text.flatMap(ODCSVersion.init) ?? .latest
  guard let table = root["schema"]?.items?.first else {
    throw refusal(text.path, "there is no table in the contract")
  }
  func custom(_ object: YAMLNode, _ property: CustomProperty, _ value: String) throws(EditRefusal) {
    try text.setCustom(property, value, in: object, standard: standard)
  }
  func deprecate(_ object: YAMLNode, _ value: Bool) throws(EditRefusal) {
    if standard.hasVendors {
      try text.set("deprecated", "\(value)", in: object)
    } else {
      try custom(object, .deprecated, "\(value)")
    }
  }
  switch edit {
  case .addColumn(let column):
    guard let list = table["properties"], list.items != nil else {
      throw refusal(text.path, "the table has no list of columns", at: table)
    }
    try text.append(columnLines(column, in: standard), to: list)
  case .setType(let name, let physicalType, let logicalType):
    let node = try column(name, in: table, text)
    let word = standard.logicalType(logicalType)
    let isOther = word.map { $0 != node["logicalType"]?.text } ?? false
    if isOther {
      // What bounds one logical type means nothing to another.
      try text.remove("logicalTypeOptions", from: node)
    } else {
      for (key, value) in changedOptions(of: node, to: physicalType) { try setOption(key, value, of: name, &text) }
    }
    try text.setText("physicalType", physicalType, in: column(name, in: tableAgain(text), text))
    if let word { try text.setText("logicalType", word, in: column(name, in: tableAgain(text), text)) }
  case .setRequired(let name, let value):
    try text.set("required", "\(value)", in: column(name, in: table, text))
  case .setUnique(let name, let value):
    try text.set("unique", "\(value)", in: column(name, in: table, text))
  case .setPrimaryKey(let name, let position):
    try text.set("primaryKey", "\(position != nil)", in: column(name, in: table, text))
    let node = try column(name, in: tableAgain(text), text)
    // -1 is the standard's word for "none".
    if position != nil || node["primaryKeyPosition"] != nil {
      try text.set("primaryKeyPosition", "\(position ?? -1)", in: node)
    }
  case .setDeprecated(let name): try deprecate(column(name, in: table, text), true)
  case .setPromised(let name): try deprecate(column(name, in: table, text), false)
  case .setEnabled(let name, let value): try custom(column(name, in: table, text), .enabled, "\(value)")
  case .setHashed(let name, let value): try custom(column(name, in: table, text), .hashed, "\(value)")
  case .setClassification(let name, let value):
    try text.setText("classification", value, in: column(name, in: table, text))
  case .setSourceColumn(let name, let value):
    try setSourceObject(value, of: column(name, in: table, text), table, &text)
    let table = try tableAgain(text)
    try custom(column(name, in: table, text), .sourceColumn, yamlScalar(value))
  case .redirect(let from, let to): try redirect(from, to: to, in: root, table, &text)
  case .deprecateTable: try deprecate(table, true)
  case .setTableEnabled(let value): try custom(table, .enabled, "\(value)")
  case .setSyncMode(let mode): try custom(table, .syncMode, mode.rawValue)
  case .setTableKind(let isView): try text.setText("physicalType", isView ? "view" : "table", in: table)
  case .setVersion(let version): try text.setText("version", version, in: root)
  }
}

func tableAgain(_ text: EditableText) throws(EditRefusal) -> YAMLNode {
  guard let table = try text.root()["schema"]?.items?.first else {
    throw refusal(text.path, "the table is gone after an edit")
  }
  return table
}

/// From the last reference to the first, so that the places of those before stay.
private func redirect(
  _ from: ColumnName, to: ColumnName, in root: YAMLNode, _ table: YAMLNode, _ text: inout EditableText
) throws(EditRefusal) {
  let names = ReferenceNames(table)
  let found = references(in: root, table: table, names: names).found.filter { $0.column == from }
  var scalars: [Int: (node: YAMLNode, text: String)] = [:]
  for (node, reference) in found.compactMap(\.place) {
    guard let new = names.redirected(reference, from: from, to: to) else {
      throw refusal(text.path, "\"\(visible(reference))\" cannot name \"\(visible(to.text))\"", at: node)
    }
    let old = scalars[node.start]?.text ?? node.text ?? ""
    // Several in one text stand between commas.
    let parts = old.split(separator: ",", omittingEmptySubsequences: false).map { part in
      trimmed(part) == reference ? part.prefix { $0 == " " } + new : String(part)
    }
    scalars[node.start] = (node, parts.joined(separator: ","))
  }
  for (_, scalar) in scalars.sorted(by: { $0.key > $1.key }) { try text.replace(scalar.node, withText: scalar.text) }
}

func column(
  _ name: ColumnName, in table: YAMLNode, _ text: EditableText
) throws(EditRefusal) -> YAMLNode {
  for node in table["properties"]?.items ?? [] {
    guard let spelled = (node["physicalName"] ?? node["name"])?.text else { continue }
    if ColumnName(spelled) == name { return node }
  }
  throw refusal(text.path, "column \"\(visible(name.text))\" is not in the contract", at: table)
}
