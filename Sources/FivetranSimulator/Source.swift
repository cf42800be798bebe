package import DriftCore

/// What a source holds at this moment, whether or not Fivetran has looked since.
package struct Source: Sendable {
  package var tables: [Table]

  package struct Table: Sendable {
    package var schema: SourceName
    package var name: SourceName
    package var landedSchema: String
    package var landedName: String
    package var columns: [Column]
    /// Switched off by the connector itself.
    package var lock: Lock?
    package var supportsColumnSettings = true
    /// Nil where the mode cannot be switched.
    package var syncMode: SyncMode? = .softDelete
    /// What the first look at the source makes of it.
    package var startsEnabled = true
  }

  package struct Column: Sendable {
    package var name: SourceName
    package var landedName: String
    /// Fivetran's name of it, such as `LONG` or `DECIMAL(12,2)`.
    package var type: String
    package var isPrimaryKey = false
    package var lock: Lock?
    /// What the first look at the source makes of it.
    package var startsEnabled = true
    package var startsHashed = false
  }
}

/// Why `enabled` cannot be changed, as `reason_code` says it.
package enum Lock: String, Sendable {
  case systemTable = "SYSTEM_TABLE"
  case systemColumn = "SYSTEM_COLUMN"
  case other = "OTHER"
}

/// What happens at a source.
enum SourceChange: Sendable {
  case addColumn(table: SourceName, Source.Column)
  case removeColumn(table: SourceName, column: SourceName)
  case retype(table: SourceName, column: SourceName, type: String)
  case addTable(Source.Table)
  case removeTable(SourceName)
}

extension Source {
  /// Throws where the change speaks of what is not there, or adds what is.
  mutating func happen(_ change: SourceChange) throws(ScenarioError) {
    switch change {
    case .addColumn(let name, let column):
      let table = try index(of: name)
      if tables[table].columns.contains(where: { $0.name == column.name }) {
        throw ScenarioError(description: "table \"\(name.text)\" has a column \"\(column.name.text)\" already")
      }
      tables[table].columns.append(column)
    case .removeColumn(let name, let column):
      let table = try index(of: name)
      tables[table].columns.remove(at: try index(of: column, in: table))
    case .retype(let name, let column, let type):
      let table = try index(of: name)
      tables[table].columns[try index(of: column, in: table)].type = type
    case .addTable(let table):
      if tables.contains(where: { $0.schema == table.schema && $0.name == table.name }) {
        throw ScenarioError(description: "there is a table \"\(table.name.text)\" already")
      }
      tables.append(table)
    case .removeTable(let name):
      tables.remove(at: try index(of: name))
    }
  }

  func table(_ schema: SourceName, _ name: SourceName) -> Table? {
    tables.first { $0.schema == schema && $0.name == name }
  }

  private func index(of table: SourceName) throws(ScenarioError) -> Int {
    guard let index = tables.firstIndex(where: { $0.name == table }) else {
      throw ScenarioError(description: "the source has no table \"\(table.text)\"")
    }
    return index
  }

  private func index(of column: SourceName, in table: Int) throws(ScenarioError) -> Int {
    guard let index = tables[table].columns.firstIndex(where: { $0.name == column }) else {
      throw ScenarioError(
        description: "table \"\(tables[table].name.text)\" has no column \"\(column.text)\"")
    }
    return index
  }
}
