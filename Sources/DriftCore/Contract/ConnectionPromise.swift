/// What `connection.yaml` promises for a whole connection.
package struct ConnectionPromise: Hashable, Sendable {
  package var id: ConnectionID
  package var changeHandling: ChangeHandling?
  /// The schemas that the connection lands, as the destination spells them.
  package var schemas: [String]
  /// Those that the source has and the connection leaves out.
  package var disabledSchemas: [String]
  package var settingsOwner: ConnectionPolicy.SettingsOwner?

  package init(
    id: ConnectionID, changeHandling: ChangeHandling? = nil, schemas: [String] = [],
    disabledSchemas: [String] = [], settingsOwner: ConnectionPolicy.SettingsOwner? = nil
  ) {
    self.id = id
    self.changeHandling = changeHandling
    self.schemas = schemas
    self.disabledSchemas = disabledSchemas
    self.settingsOwner = settingsOwner
  }
}

/// Reads a `connection.yaml`. Nil where any error was found.
package func parseConnectionPromise(_ bytes: [UInt8], path: String) -> (
  ConnectionPromise?, [Diagnostic]
) {
  let (root, diagnostics) = readYAML(bytes, path: path)
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  let known = ["version", "id", "change_handling", "schemas", "disabled_schemas", "settings_owner"]
  guard let root, let fields = decoder.fields(root, of: "the connection", known: known) else {
    return (nil, decoder.diagnostics)
  }
  decoder.formatVersion(in: fields)
  let id = decoder.requiredText("id", in: fields)
  let promise = ConnectionPromise(
    id: ConnectionID(id ?? ""), changeHandling: decoder.choice("change_handling", in: fields),
    schemas: decoder.texts("schemas", in: fields),
    disabledSchemas: decoder.texts("disabled_schemas", in: fields),
    settingsOwner: decoder.choice("settings_owner", in: fields))
  return (decoder.hasErrors ? nil : promise, decoder.diagnostics)
}

/// The text of a new `connection.yaml`.
package func renderConnectionPromise(_ promise: ConnectionPromise) -> String {
  var entries: [YAMLText.Entry] = [("version", .verbatim("1")), ("id", .text(promise.id.text))]
  if let handling = promise.changeHandling {
    entries.append(("change_handling", .text(handling.rawValue)))
  }
  for (key, names) in [("schemas", promise.schemas), ("disabled_schemas", promise.disabledSchemas)]
  where !names.isEmpty {
    entries.append((key, .flow(.list(names.map { .text($0) }))))
  }
  if let owner = promise.settingsOwner { entries.append(("settings_owner", .text(owner.rawValue))) }
  return YAMLText.map(entries).document
}
