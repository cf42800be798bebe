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
    case .addColumn(let column): columns.append(column)
    case .setType(let name, let physicalType, let logicalType):
      change(name) {
        $0.physicalType = physicalType
        if let logicalType { $0.logicalType = logicalType }
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

/// Which part of a version goes up.
package enum VersionPart: Hashable, Sendable {
  case major, minor, patch
}

/// The next version; what is not three numbers stays as it is.
package func bumped(_ version: String, by part: VersionPart) -> String {
  let parts = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
  guard parts.count == 3, let major = parts[0], let minor = parts[1], let patch = parts[2],
    major >= 0, minor >= 0, patch >= 0, major < 1_000_000, minor < 1_000_000, patch < 1_000_000
  else { return version }
  return switch part {
  case .major: "\(major + 1).0.0"
  case .minor: "\(major).\(minor + 1).0"
  case .patch: "\(major).\(minor).\(patch + 1)"
  }
}

/// A file that cannot be edited without touching what is not ours, and the line that is in the way.
package struct EditRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package var diagnostic: Diagnostic

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
  guard parseContract(text.bytes, path: path).0 == before.applying(edits) else {
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
  // Since 3.2.0 custom properties have a vendor.
  let vendors = root["apiVersion"]?.text == "v3.2.0"
  guard let table = root["schema"]?.items?.first else {
    throw refusal(text.path, "there is no table in the contract")
  }
  func custom(_ name: ColumnName, _ property: CustomProperty, _ value: String) throws(EditRefusal) {
    let column = try column(name, in: table, text)
    try text.setCustom(property, value, in: column, vendors: vendors)
  }
  switch edit {
  case .addColumn(let column):
    guard let list = table["properties"], list.items != nil else {
      throw refusal(text.path, "the table has no list of columns", at: table)
    }
    try text.append(columnLines(column, vendors: vendors), to: list)
  case .setType(let name, let physicalType, let logicalType):
    try text.setText("physicalType", physicalType, in: column(name, in: table, text))
    guard let logicalType else { return }
    let again = try text.root()["schema"]?.items?.first
    guard let again else { throw refusal(text.path, "the table is gone after an edit") }
    try text.setText("logicalType", logicalType, in: column(name, in: again, text))
  case .setRequired(let name, let value):
    try text.set("required", "\(value)", in: column(name, in: table, text))
  case .setUnique(let name, let value):
    try text.set("unique", "\(value)", in: column(name, in: table, text))
  case .setPrimaryKey(let name, let position):
    try text.set("primaryKey", "\(position != nil)", in: column(name, in: table, text))
    guard let again = try text.root()["schema"]?.items?.first else {
      throw refusal(text.path, "the table is gone after an edit")
    }
    let node = try column(name, in: again, text)
    // -1 is the standard's word for "none".
    if position != nil || node["primaryKeyPosition"] != nil {
      try text.set("primaryKeyPosition", "\(position ?? -1)", in: node)
    }
  case .setDeprecated(let name):
    try text.set("deprecated", "true", in: column(name, in: table, text))
  case .setPromised(let name):
    try text.set("deprecated", "false", in: column(name, in: table, text))
  case .setEnabled(let name, let value): try custom(name, .enabled, "\(value)")
  case .setHashed(let name, let value): try custom(name, .hashed, "\(value)")
  case .setClassification(let name, let value):
    try text.setText("classification", value, in: column(name, in: table, text))
  case .setSourceColumn(let name, let value):
    try custom(name, .sourceColumn, yamlScalar(value))
  case .deprecateTable: try text.set("deprecated", "true", in: table)
  case .setTableEnabled(let value): try text.setCustom(.enabled, "\(value)", in: table, vendors: vendors)
  case .setSyncMode(let mode): try text.setCustom(.syncMode, mode.rawValue, in: table, vendors: vendors)
  case .setTableKind(let isView): try text.setText("physicalType", isView ? "view" : "table", in: table)
  case .setVersion(let version): try text.setText("version", version, in: root)
  }
}

private func column(
  _ name: ColumnName, in table: YAMLNode, _ text: EditableText
) throws(EditRefusal) -> YAMLNode {
  for node in table["properties"]?.items ?? [] {
    guard let spelled = (node["physicalName"] ?? node["name"])?.text else { continue }
    if ColumnName(spelled) == name { return node }
  }
  throw refusal(text.path, "column \"\(visible(name.text))\" is not in the contract", at: table)
}
