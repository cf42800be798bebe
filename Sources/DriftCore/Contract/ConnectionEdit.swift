/// One change to a `connection.yaml`.
package enum ConnectionEdit: Hashable, Sendable {
  case setChangeHandling(ChangeHandling)
  /// Lists a schema under `schemas` or `disabled_schemas`, and in neither twice.
  case list(schema: String, isEnabled: Bool)
  /// Takes a schema out of both lists.
  case unlist(schema: String)
}

extension ConnectionPromise {
  /// The promise as these edits leave it.
  package func applying(_ edits: [ConnectionEdit]) -> ConnectionPromise {
    var promise = self
    for edit in edits {
      switch edit {
      case .setChangeHandling(let handling): promise.changeHandling = handling
      case .list(let schema, let isEnabled):
        promise.unlist(schema)
        if isEnabled { promise.schemas.append(schema) } else { promise.disabledSchemas.append(schema) }
      case .unlist(let schema): promise.unlist(schema)
      }
    }
    return promise
  }

  private mutating func unlist(_ schema: String) {
    schemas.removeAll { sameBytes($0, schema) }
    disabledSchemas.removeAll { sameBytes($0, schema) }
  }
}

/// Edits the text of a `connection.yaml`: only the lines that an edit names change, every other byte stays.
package func edit(
  connection bytes: [UInt8], path: String, with edits: [ConnectionEdit]
) throws(EditRefusal) -> [UInt8] {
  guard let before = parseConnectionPromise(bytes, path: path).0 else {
    throw refusal(path, "the connection does not parse")
  }
  var text = EditableText(bytes: bytes, path: path)
  for edit in edits {
    switch edit {
    case .setChangeHandling(let handling): try text.setText("change_handling", handling.rawValue, in: text.root())
    case .list(let schema, let isEnabled):
      try text.unlist(schema)
      try text.append(.text(schema), to: isEnabled ? "schemas" : "disabled_schemas")
    case .unlist(let schema): try text.unlist(schema)
    }
  }
  guard parseConnectionPromise(text.bytes, path: path).0 == before.applying(edits) else {
    throw refusal(path, "the edited text does not read back as intended")
  }
  return text.bytes
}

extension EditableText {
  fileprivate mutating func unlist(_ schema: String) throws(EditRefusal) {
    for key in ["schemas", "disabled_schemas"] {
      while let items = try root()[key]?.items,
        let index = items.firstIndex(where: { sameBytes($0.text ?? "", schema) })
      {
        try remove(item: index, from: key)
      }
    }
  }
}
