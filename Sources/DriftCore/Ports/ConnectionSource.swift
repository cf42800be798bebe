/// Fivetran, or what stands in for it.
package protocol ConnectionSource: Sendable {
  /// Every connection of the account, from one paged list.
  func connections() async throws -> [ConnectionStatus]
  /// The schema config of one connection. It hides columns that nobody has touched.
  func settings(of connection: ConnectionID) async throws -> ConnectionSettings
  /// Every source column of a table, read live from the source; rate-limited apart.
  func columns(of table: SourceTable, in connection: ConnectionID) async throws -> [ColumnSetting]
  /// Changes one setting. Cancels a running sync.
  func patch(_ patch: SettingsPatch, on connection: ConnectionID) async throws
  /// Starts a sync; with tables, a historical re-sync of those.
  func sync(_ connection: ConnectionID, resync tables: [SourceTable]) async throws
}

/// Types from Fivetran's metadata endpoint, which is deprecated and absent from many accounts.
package protocol TypeSource: Sendable {
  /// Types of one connection's landed columns; nil where the account has no such endpoint or the connection is
  /// above its cap of 10,000 entities.
  func landedTypes(of connection: ConnectionID) async throws -> [TableName: [ColumnName: String]]?
}

/// One line of the account's list of connections.
package struct ConnectionStatus: Hashable, Sendable {
  package var id: ConnectionID
  /// Destination schema, or its prefix.
  package var schema: String
  package var service: String
  package var groupID: String
  package var isPaused: Bool
  /// `connected`, `incomplete`, `broken`.
  package var setupState: String
  /// `scheduled`, `syncing`, `paused`, `rescheduled`.
  package var syncState: String
  package var isHistoricalSync: Bool
  /// `ready`, `blocked_on_capture`; nil where Fivetran does not say.
  package var schemaStatus: String?
  package var succeededAt: Timestamp?
  package var failedAt: Timestamp?

  package init(
    id: ConnectionID, schema: String, service: String, groupID: String, isPaused: Bool = false,
    setupState: String = "connected", syncState: String = "scheduled",
    isHistoricalSync: Bool = false, schemaStatus: String? = nil, succeededAt: Timestamp? = nil,
    failedAt: Timestamp? = nil
  ) {
    self.id = id
    self.schema = schema
    self.service = service
    self.groupID = groupID
    self.isPaused = isPaused
    self.setupState = setupState
    self.syncState = syncState
    self.isHistoricalSync = isHistoricalSync
    self.schemaStatus = schemaStatus
    self.succeededAt = succeededAt
    self.failedAt = failedAt
  }
}

extension ConnectionStatus {
  /// Why nothing that is read of the connection can be relied on, and the way out; nil where it can.
  ///
  /// Source: Fivetran REST API documentation, "Connections", `status`.
  package var quarantine: String? {
    if setupState != "connected" {
      return
        "its set-up is \(setupState) in Fivetran: what is read of it proves nothing. Repair it there; the next run goes on"
    }
    if let schemaStatus, schemaStatus.hasPrefix("blocked") {
      return
        "Fivetran has not captured its schema yet (\(schemaStatus)). Release it there; the run after its first sync goes on"
    }
    return nil
  }
}

/// Fivetran's schema config of one connection, as read.
package struct ConnectionSettings: Hashable, Sendable {
  package var changeHandling: ChangeHandling
  /// Sorted by destination name. A schema that is off may come without tables.
  package var schemas: [SchemaSetting]
  /// Sorted by destination name.
  package var tables: [TableSetting]

  package init(changeHandling: ChangeHandling, schemas: [SchemaSetting] = [], tables: [TableSetting]) {
    self.changeHandling = changeHandling
    self.schemas = schemas
    self.tables = tables
  }
}

package struct SchemaSetting: Hashable, Sendable {
  /// As the destination spells it.
  package var name: String
  package var isEnabled: Bool

  package init(name: String, isEnabled: Bool) {
    self.name = name
    self.isEnabled = isEnabled
  }
}

package struct TableSetting: Hashable, Sendable {
  package var source: SourceTable
  package var name: TableName
  /// Schema and table are both enabled.
  package var isEnabled: Bool
  package var syncMode: SyncMode?
  /// Fivetran says that the source no longer has it.
  package var isDeleted: Bool
  package var supportsColumnSettings: Bool
  /// Only those that somebody or something has touched.
  package var columns: [ColumnSetting]

  package init(
    source: SourceTable, name: TableName, isEnabled: Bool, syncMode: SyncMode? = nil,
    isDeleted: Bool = false, supportsColumnSettings: Bool = true, columns: [ColumnSetting] = []
  ) {
    self.source = source
    self.name = name
    self.isEnabled = isEnabled
    self.syncMode = syncMode
    self.isDeleted = isDeleted
    self.supportsColumnSettings = supportsColumnSettings
    self.columns = columns
  }
}

package struct ColumnSetting: Hashable, Sendable {
  /// The source's spelling.
  package var source: String
  package var name: ColumnName
  package var isEnabled: Bool
  package var isHashed: Bool
  package var isPrimaryKey: Bool?
  /// Fivetran says that the source no longer has it.
  package var isDeleted: Bool
  /// `enabled` may be changed.
  package var canPatch: Bool

  package init(
    source: String, name: ColumnName, isEnabled: Bool = true, isHashed: Bool = false,
    isPrimaryKey: Bool? = nil, isDeleted: Bool = false, canPatch: Bool = true
  ) {
    self.source = source
    self.name = name
    self.isEnabled = isEnabled
    self.isHashed = isHashed
    self.isPrimaryKey = isPrimaryKey
    self.isDeleted = isDeleted
    self.canPatch = canPatch
  }
}
