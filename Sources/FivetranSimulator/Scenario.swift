import DriftCore
import FoundationEssentials
import JSON

/// One numbered step of drift.
package struct ScenarioStep: Sendable {
  package var title: String
  var connection: String
  var changes: [SourceChange]
  var isSynced: Bool
}

/// What happens at a source.
enum SourceChange: Sendable {
  case addColumn(table: String, Account.Column)
  case removeColumn(table: String, column: String)
  case retype(table: String, column: String, type: String)
  case addTable(Account.Table)
  case removeTable(String)
  case halfListing
}

package struct ScenarioError: Error, CustomStringConvertible {
  package var description: String
}

/// Reads a scenario folder: `scenario.json`, a file a connection, and `steps/NN-*.json`.
package func loadScenario(_ folder: String) throws -> Account {
  let root = try document("\(folder)/scenario.json")
  var account = Account(
    groupID: root["group"]?.string ?? "projected_sickle",
    destinationService: root["service"]?.string ?? "postgres_warehouse", connections: [],
    steps: [], now: Timestamp(microseconds: 1_767_225_600_000_000))
  for name in (root["connections"]?.array ?? []).compactMap(\.string) {
    account.connections.append(try connection("\(folder)/\(name).json"))
  }
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/steps")) ?? []
  for name in names.sorted() where name.hasSuffix(".json") {
    account.steps.append(try step("\(folder)/steps/\(name)", account))
  }
  return account
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
  let sourceSchema = file["source_schema"]?.string ?? schema
  let landedSchema = file["landed_schema"]?.string ?? schema
  let handling = file["change_handling"]?.string.flatMap(ChangeHandling.init(rawValue:))
  let tables = try (file["tables"]?.members ?? []).map { member in
    try table(
      member.name, member.value.array ?? [], schema: sourceSchema, landed: landedSchema, path)
  }
  return Account.Connection(
    id: id, service: service, schema: schema, changeHandling: handling ?? .allowAll,
    hasMetadata: file["metadata"]?.bool ?? false, tables: tables)
}

private func table(
  _ source: String, _ columns: [JSONValue], schema: String, landed: String, _ path: String
) throws -> Account.Table {
  Account.Table(
    sourceSchema: schema, source: source, schema: landed, name: landedName(source),
    columns: try columns.map { try column($0, path) })
}

/// `Tier__c STRING`, `Id STRING pk`; or an object, for names that no such line can hold.
private func column(_ value: JSONValue, _ path: String) throws -> Account.Column {
  if let source = value["source"]?.string, let type = value["type"]?.string {
    return Account.Column(source: source, name: value["name"]?.string ?? source, type: type)
  }
  let text = value.string ?? ""
  let parts = text.split(separator: " ").map(String.init)
  guard parts.count >= 2 else {
    throw ScenarioError(description: "\(path): column \"\(text)\" should read \"Name TYPE [pk]\"")
  }
  return Account.Column(
    source: parts[0], name: landedName(parts[0]), type: parts[1],
    isPrimaryKey: parts.dropFirst(2).contains("pk"))
}

private func step(_ path: String, _ account: Account) throws -> ScenarioStep {
  let file = try document(path)
  guard let title = file["title"]?.string, let connection = file["connection"]?.string,
    let known = account.connections.first(where: { $0.id == connection })
  else { throw ScenarioError(description: "\(path): title and a known connection are needed") }
  let changes = try (file["changes"]?.array ?? []).map { change -> SourceChange in
    let table = change["table"]?.string ?? ""
    if let added = change["add_column"] {
      return .addColumn(table: table, try column(added, path))
    }
    if let name = change["remove_column"]?.string {
      return .removeColumn(table: table, column: name)
    }
    if let name = change["retype"]?.string, let type = change["type"]?.string {
      return .retype(table: table, column: name, type: type)
    }
    if let name = change["add_table"]?.string {
      let columns = change["columns"]?.array ?? []
      let like = known.tables.first
      return .addTable(
        try FivetranSimulator.table(
          name, columns, schema: like?.sourceSchema ?? known.schema,
          landed: like?.schema ?? known.schema, path))
    }
    if let name = change["remove_table"]?.string { return .removeTable(name) }
    if change["half_listing"]?.bool == true { return .halfListing }
    throw ScenarioError(description: "\(path): an unknown change: \(change.text)")
  }
  return ScenarioStep(
    title: title, connection: connection, changes: changes,
    isSynced: file["sync"]?.bool ?? true)
}

/// Fivetran's naming of application connectors, for plain ASCII names.
///
/// Source: Fivetran documentation, naming conventions.
func landedName(_ source: String) -> String {
  var result = ""
  var previous: Character = "_"
  for character in source {
    let isWord = character.isASCII && (character.isLetter || character.isNumber)
    let next: Character = isWord ? character : "_"
    let startsWord =
      (previous.isLowercase && next.isUppercase) || (previous.isLetter && next.isNumber)
      || (previous.isNumber && next.isLetter)
    if startsWord { result.append("_") }
    if !(next == "_" && result.last == "_") { result.append(contentsOf: next.lowercased()) }
    previous = next
  }
  return result
}

extension Account {
  /// Performs the next step at the source; returns the step, and nil where there is none left.
  package mutating func advance() -> ScenarioStep? {
    guard stepsDone < steps.count else { return nil }
    let step = steps[stepsDone]
    stepsDone += 1
    guard let index = index(of: step.connection) else { return step }
    for change in step.changes { connections[index].happen(change) }
    return step
  }
}

extension Account.Connection {
  fileprivate mutating func happen(_ change: SourceChange) {
    switch change {
    case .addColumn(let table, var column):
      guard let index = tables.firstIndex(where: { $0.source == table }) else { return }
      // Under BLOCK_ALL a new column is written into the config as disabled.
      if changeHandling == .blockAll {
        column.isEnabled = false
        column.isTouched = true
      }
      tables[index].columns.append(column)
    case .removeColumn(let table, let column):
      edit(table, column) {
        $0.isDeleted = true
        $0.isTouched = true
      }
    case .retype(let table, let column, let type):
      edit(table, column) { $0.type = type }
    case .addTable(var table):
      table.isEnabled = changeHandling == .allowAll
      tables.append(table)
    case .removeTable(let name):
      for index in tables.indices where tables[index].source == name {
        tables[index].isDeleted = true
      }
    case .halfListing:
      halfListings += 1
    }
  }

  private mutating func edit(
    _ table: String, _ column: String, _ body: (inout Account.Column) -> Void
  ) {
    for index in tables.indices where tables[index].source == table {
      for other in tables[index].columns.indices
      where tables[index].columns[other].source == column {
        body(&tables[index].columns[other])
      }
    }
  }
}
