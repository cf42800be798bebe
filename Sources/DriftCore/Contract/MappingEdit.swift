/// One instruction to a mapping.
package enum MappingEdit: Hashable, Sendable {
  case addColumn(MappingColumn)
  case setSources(target: ColumnName, [ColumnName])
  case setType(target: ColumnName, String, Conversion)
}

extension Mapping {
  /// The mapping as these edits leave it.
  package func applying(_ edits: [MappingEdit]) -> Mapping {
    var mapping = self
    for edit in edits {
      switch edit {
      case .addColumn(let column): mapping.columns.append(column)
      case .setSources(let target, let sources):
        mapping.change(target) { $0.sources = sources }
      case .setType(let target, let type, let conversion):
        mapping.change(target) {
          $0.type = type
          $0.conversion = conversion
        }
      }
    }
    return mapping
  }

  private mutating func change(_ target: ColumnName, _ body: (inout MappingColumn) -> Void) {
    for index in columns.indices where columns[index].target == target { body(&columns[index]) }
  }
}

/// Edits the text of a mapping: only the lines that an edit names change, every other byte stays.
package func edit(
  mapping bytes: [UInt8], path: String, with edits: [MappingEdit]
) throws(EditRefusal) -> [UInt8] {
  guard let before = parseMapping(bytes, path: path).0 else {
    throw refusal(path, "the mapping does not parse")
  }
  var text = EditableText(bytes: bytes, path: path)
  for edit in edits { try apply(edit, to: &text) }
  guard parseMapping(text.bytes, path: path).0 == before.applying(edits) else {
    throw refusal(path, "the edited text does not read back as intended")
  }
  return text.bytes
}

private func apply(_ edit: MappingEdit, to text: inout EditableText) throws(EditRefusal) {
  switch edit {
  case .addColumn(let column):
    guard let list = try text.root()["columns"], list.items != nil else {
      throw refusal(text.path, "the mapping has no list of columns")
    }
    try text.append([mappingLine(column)], to: list)
  case .setSources(let target, let sources):
    try text.set("source", sourcesText(sources), in: column(target, text))
  case .setType(let target, let type, let conversion):
    try text.setText("type", type, in: column(target, text))
    let node = try column(target, text)
    if node["convert"] != nil || conversion != .none {
      try text.set("convert", conversion.yaml, in: node)
    }
  }
}

private func column(_ target: ColumnName, _ text: EditableText) throws(EditRefusal) -> YAMLNode {
  for node in try text.root()["columns"]?.items ?? [] {
    if let spelled = node["target"]?.text, ColumnName(spelled) == target { return node }
  }
  throw refusal(text.path, "no column feeds \"\(visible(target.text))\"")
}
