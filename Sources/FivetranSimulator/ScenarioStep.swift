import JSON

/// One numbered step of drift.
///
///     {"title": "a column is added", "connection": "iodize_impressive",
///      "changes": [{"table": "Account", "add_column": "Tier__c STRING"}],
///      "sync": true}                      false: Fivetran does not know until a sync or a reload
///
/// Changes at the source: `add_column`, `remove_column`, `retype` with `type` (each with `table`), `add_table` with
/// `columns` and `schema`, `remove_table`. And to what Fivetran does: `"half_listing": true`,
/// `"setup_state": "broken"`, `"next_sync": "failure"` (or `failure_with_task`, `rescheduled`).
package struct ScenarioStep: Sendable {
  package var title: String
  var connection: String
  var changes: [Change]
  var isSynced: Bool

  enum Change: Sendable {
    case source(SourceChange)
    case halfListing
    case setupState(String)
    case nextSync(SyncOutcome)
  }
}

extension ScenarioStep {
  init(_ file: JSONValue, _ account: Account, _ path: String) throws {
    guard let title = file["title"]?.string, let id = file["connection"]?.string,
      let connection = account.connections.first(where: { $0.id == id })
    else { throw ScenarioError(description: "\(path): title and a known connection are needed") }
    self.title = title
    self.connection = id
    changes = try (file["changes"]?.array ?? []).map { try Change($0, connection, path) }
    isSynced = file["sync"]?.bool ?? true
  }
}

extension ScenarioStep.Change {
  fileprivate init(_ change: JSONValue, _ connection: Account.Connection, _ path: String) throws {
    let table = SourceName(change["table"]?.string ?? "")
    if let added = change["add_column"] {
      self = .source(.addColumn(table: table, try sourceColumn(added, path)))
    } else if let name = change["remove_column"]?.string {
      self = .source(.removeColumn(table: table, column: SourceName(name)))
    } else if let name = change["retype"]?.string, let type = change["type"]?.string {
      self = .source(.retype(table: table, column: SourceName(name), type: type))
    } else if let name = change["add_table"]?.string {
      let schema = change["schema"]?.string.map { SourceName($0) }
      let tables = connection.source.tables
      let like = schema.map { name in tables.first { $0.schema == name } } ?? tables.first
      let own = schema?.text ?? like?.schema.text ?? connection.schema
      let landed = like?.landedSchema ?? "\(connection.schema)_\(landedName(own))"
      self = .source(.addTable(try sourceTable(name, change, schema: own, landed: landed, path)))
    } else if let name = change["remove_table"]?.string {
      self = .source(.removeTable(SourceName(name)))
    } else if change["half_listing"]?.bool == true {
      self = .halfListing
    } else if let state = change["setup_state"]?.string {
      self = .setupState(state)
    } else if let outcome = change["next_sync"].flatMap({ SyncOutcome(["outcome": $0]) }) {
      self = .nextSync(outcome)
    } else {
      throw ScenarioError(description: "\(path): an unknown change: \(change.text)")
    }
  }
}

extension Account {
  /// Performs the next step; returns it, and nil where there is none left.
  package mutating func advance() throws(ScenarioError) -> ScenarioStep? {
    guard stepsDone < steps.count else { return nil }
    let step = steps[stepsDone]
    stepsDone += 1
    guard let index = index(of: step.connection) else { return step }
    for change in step.changes {
      switch change {
      case .source(let change): try connections[index].source.happen(change)
      case .halfListing: connections[index].halfListings += 1
      case .setupState(let state): connections[index].setupState = state
      case .nextSync(let outcome): connections[index].outcomes.append(outcome)
      }
    }
    return step
  }
}
