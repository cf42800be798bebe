/// What Mooring proposes for a connection as a whole: `connection.yaml` as it is observed. Nothing runs after the merge.
package struct ConnectionDraft: Hashable, Sendable {
  package var changes: [ClassifiedChange]
  /// By a change's fingerprint: what the edit does about it, in words.
  package var notes: [String: [String]]
  package var edit: FileEdit
  package var rewritten: RewrittenFile
}

/// The `connection.yaml` of the protected branch.
package struct ConnectionFile: Hashable, Sendable {
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// Drafts the edit of `connection.yaml` that answers changes of the connection as a whole. Same input, same bytes.
package func draft(_ changes: [ClassifiedChange], onto file: ConnectionFile) throws(EditRefusal) -> ConnectionDraft {
  var edits: [ConnectionEdit] = []
  var notes: [String: [String]] = [:]
  for change in changes {
    guard case .connectionChanged(let fact) = change.change else { continue }
    edits.append(fact.edit)
    notes[change.fingerprint] = [fact.note]
  }
  let bytes = try edit(connection: file.bytes, path: file.path, with: edits)
  return ConnectionDraft(
    changes: changes, notes: notes, edit: FileEdit(path: file.path, bytes: bytes),
    rewritten: RewrittenFile(name: "connection.yaml", before: file.bytes, after: bytes))
}

extension ConnectionChange {
  fileprivate var edit: ConnectionEdit {
    switch self {
    case .schemaAdded(let name, let isEnabled): .list(schema: name, isEnabled: isEnabled)
    case .schemaRemoved(let name): .unlist(schema: name)
    case .schemaDisabled(let name): .list(schema: name, isEnabled: false)
    case .schemaEnabled(let name): .list(schema: name, isEnabled: true)
    case .changeHandlingChanged(_, let to): .setChangeHandling(to)
    }
  }

  fileprivate var note: String {
    switch self {
    case .schemaAdded(_, isEnabled: true):
      "connection.yaml lists it under schemas; its tables are proposed on their own"
    case .schemaAdded(_, isEnabled: false): "connection.yaml lists it under disabled_schemas"
    case .schemaRemoved:
      "connection.yaml no longer lists it; contracts of its tables stay, and are deprecated on their own"
    case .schemaDisabled: "connection.yaml lists it under disabled_schemas; contracts of its tables stay"
    case .schemaEnabled: "connection.yaml lists it under schemas"
    case .changeHandlingChanged(_, let to): "connection.yaml says change_handling: \(to.rawValue)"
    }
  }
}
