import DriftCore
import FoundationEssentials
import JSON

/// What is wrong with a scenario, and where.
package struct ScenarioError: Error, CustomStringConvertible {
  package var description: String
}

/// Reads a scenario folder: `scenario.json`, a file a connection, and `steps/NN-*.json` in the order of their names.
///
/// `scenario.json`:
///
///     {"group": "projected_sickle", "service": "postgres_warehouse",
///      "connections": ["salesforce"],                 the files, without .json
///      "sync_looks": 1,                               as `POST /simulator/pace`
///      "limits": {"source_per_minute": 500}}          as `POST /simulator/limits`
///
/// A connection; all but the first three are optional:
///
///     {"id": "iodize_impressive", "service": "salesforce", "schema": "salesforce",
///      "source_schema": "...", "landed_schema": "...",   where they are not as `schema`
///      "change_handling": "ALLOW_ALL",                ALLOW_COLUMNS, BLOCK_ALL
///      "tables": {"Account": TABLE},
///      "schemas": [{"source": "...", "landed": "...", "tables": {...}}],   further ones
///      "synced": true,                                false: has no schema config yet
///      "paused": false, "schedule": "auto", "setup_state": "connected",
///      "metadata": false,                             whether the deprecated metadata endpoint answers
///      "table_resync": true,                          false: only the whole connection
///      "new_columns": "reimport",                     or "incremental": NULL in the rows that are there
///      "deleted_columns": "keep"}                     or "null": all values are lost
///
/// A TABLE is a list of columns, or an object of `"columns"` and of `"enabled"`, `"locked"` (`SYSTEM_TABLE`, `OTHER`),
/// `"sync_mode"` (null: cannot be switched), `"columns_config"` (false: columns cannot be set).
///
/// A column is text, `Name TYPE` and words of `pk`, `locked`, `blocked`, `hashed`; or an object with `source`, `type`,
/// and `name` where it lands under another, for names that no text can hold.
///
/// `enabled`, `blocked` and `hashed` hold for what is there at the first sync; later arrivals follow the change
/// handling.
package func loadScenario(_ folder: String) throws -> Account {
  let path = "\(folder)/scenario.json"
  let root = try document(path)
  var account = Account(
    groupID: root["group"]?.string ?? "projected_sickle",
    destinationService: root["service"]?.string ?? "postgres_warehouse")
  account.looksOfASync = root["sync_looks"]?.int ?? account.looksOfASync
  if let limit = account.limits.set(root["limits"] ?? [:]) {
    throw ScenarioError(description: "\(path): \"\(limit)\" is no limit, or has no number")
  }
  for name in (root["connections"]?.array ?? []).compactMap(\.string) {
    account.connections.append(try connection("\(folder)/\(name).json"))
  }
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/steps")) ?? []
  for name in names.sorted() where name.hasSuffix(".json") {
    let place = "\(folder)/steps/\(name)"
    account.steps.append(try ScenarioStep(try document(place), account, place))
  }
  try rehearse(account, folder)
  return account
}

/// Each step speaks only of what is there when its turn comes.
private func rehearse(_ account: Account, _ folder: String) throws {
  var account = account
  do {
    while try account.advance() != nil {}
  } catch {
    throw ScenarioError(description: "\(folder)/steps: step \(account.stepsDone): \(error)")
  }
}

private func document(_ path: String) throws -> JSONValue {
  guard let data = FileManager.default.contents(atPath: path) else {
    throw ScenarioError(description: "\(path): cannot be read")
  }
  do {
    return try JSONValue.parse(Array(data))
  } catch {
    throw ScenarioError(description: "\(path): \(error)")
  }
}

private func connection(_ path: String) throws -> Account.Connection {
  let file = try document(path)
  guard let id = file["id"]?.string, let service = file["service"]?.string,
    let schema = file["schema"]?.string
  else { throw ScenarioError(description: "\(path): id, service and schema are needed") }
  var tables = try sourceTables(
    file["tables"], schema: file["source_schema"]?.string ?? schema,
    landed: file["landed_schema"]?.string ?? schema, path)
  for other in file["schemas"]?.array ?? [] {
    guard let name = other["source"]?.string else {
      throw ScenarioError(description: "\(path): a schema needs \"source\"")
    }
    tables += try sourceTables(
      other["tables"], schema: name, landed: other["landed"]?.string ?? "\(schema)_\(landedName(name))", path)
  }
  let handling = try choice(file, "change_handling", .allowAll, path, ChangeHandling.init(rawValue:))
  var connection = Account.Connection(
    id: id, service: service, schema: schema, source: Source(tables: tables),
    config: SchemaConfig(changeHandling: handling))
  connection.isPaused = file["paused"]?.bool ?? false
  connection.setupState = file["setup_state"]?.string ?? "connected"
  connection.scheduleType = try choice(file, "schedule", "auto", path) { ["auto", "manual"].contains($0) ? $0 : nil }
  connection.traits = Account.Traits(
    hasMetadata: file["metadata"]?.bool ?? false, resyncsTables: file["table_resync"]?.bool ?? true,
    isIncremental: try choice(file, "new_columns", false, path) { ["reimport": false, "incremental": true][$0] },
    nullsDeleted: try choice(file, "deleted_columns", false, path) { ["keep": false, "null": true][$0] },
    startsSynced: file["synced"]?.bool ?? true)
  return connection
}

private func choice<Value>(
  _ file: JSONValue, _ key: String, _ fallback: Value, _ path: String, _ value: (String) -> Value?
) throws -> Value {
  guard let text = file[key]?.string else { return fallback }
  guard let value = value(text) else {
    throw ScenarioError(description: "\(path): \(key): \"\(text)\" is not known")
  }
  return value
}

private func sourceTables(
  _ tables: JSONValue?, schema: String, landed: String, _ path: String
) throws -> [Source.Table] {
  try (tables?.members ?? []).map {
    try sourceTable($0.name, $0.value, schema: schema, landed: landed, path)
  }
}

func sourceTable(
  _ name: String, _ value: JSONValue, schema: String, landed: String, _ path: String
) throws -> Source.Table {
  guard let columns = value.array ?? value["columns"]?.array else {
    throw ScenarioError(description: "\(path): table \"\(name)\" needs columns")
  }
  var table = Source.Table(
    schema: SourceName(schema), name: SourceName(name), landedSchema: landed,
    landedName: landedTableName(name), columns: try columns.map { try sourceColumn($0, path) })
  if value.members == nil { return table }
  table.lock = value["locked"]?.string.flatMap(Lock.init(rawValue:))
  table.supportsColumnSettings = value["columns_config"]?.bool ?? true
  table.startsEnabled = value["enabled"]?.bool ?? true
  if let mode = value["sync_mode"] {
    table.syncMode = mode.isNull ? nil : try choice(value, "sync_mode", .softDelete, path, SyncMode.init(rawValue:))
  }
  return table
}

func sourceColumn(_ value: JSONValue, _ path: String) throws -> Source.Column {
  if let source = value["source"]?.string, let type = value["type"]?.string {
    return Source.Column(
      name: SourceName(source), landedName: value["name"]?.string ?? source, type: type)
  }
  let text = value.string ?? ""
  let parts = text.split(separator: " ").map(String.init)
  let words = Set(parts.dropFirst(2))
  guard parts.count >= 2, words.isSubset(of: ["pk", "locked", "blocked", "hashed"]) else {
    throw ScenarioError(
      description: "\(path): column \"\(text)\" should read \"Name TYPE [pk] [locked] [blocked] [hashed]\"")
  }
  return Source.Column(
    name: SourceName(parts[0]), landedName: landedName(parts[0]), type: parts[1],
    isPrimaryKey: words.contains("pk"), lock: words.contains("locked") ? .other : nil,
    startsEnabled: !words.contains("blocked"), startsHashed: words.contains("hashed"))
}
