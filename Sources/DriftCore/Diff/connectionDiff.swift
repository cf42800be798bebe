/// Returns what changed between `connection.yaml` and the connection as observed: schemas by name, then the handling of
/// what is new.
///
/// A list of schemas that was never written promises nothing, and a schema that the settings do not list is unknown.
package func diff(from promise: ConnectionPromise, to snapshot: SchemaSnapshot) -> [SchemaChange] {
  var changes: [ConnectionChange] = []
  if !promise.schemas.isEmpty || !promise.disabledSchemas.isEmpty {
    for schema in snapshot.schemas {
      let isPromised = promise.schemas.contains { sameBytes($0, schema.name) }
      let isOff = promise.disabledSchemas.contains { sameBytes($0, schema.name) }
      if schema.inSource == .absent {
        if isPromised { changes.append(.schemaRemoved(schema.name)) }
      } else if isPromised {
        if !schema.isEnabled { changes.append(.schemaDisabled(schema.name)) }
      } else if isOff {
        if schema.isEnabled { changes.append(.schemaEnabled(schema.name)) }
      } else {
        changes.append(.schemaAdded(schema.name, isEnabled: schema.isEnabled))
      }
    }
  }
  if let from = promise.changeHandling, let to = snapshot.changeHandling, from != to {
    changes.append(.changeHandlingChanged(from: from, to: to))
  }
  return changes.map { .connectionChanged($0) }
}

extension ConnectionPromise {
  /// What a connection as observed keeps, where it is to be promised as it is.
  package init(promising snapshot: SchemaSnapshot, id: ConnectionID) {
    let there = snapshot.schemas.filter { $0.inSource != .absent }
    self.init(
      id: id, changeHandling: snapshot.changeHandling, schemas: there.filter(\.isEnabled).map(\.name),
      disabledSchemas: there.filter { !$0.isEnabled }.map(\.name))
  }
}
