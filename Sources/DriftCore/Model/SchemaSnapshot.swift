/// Whether a thing is there. Not having looked, or half an answer, is `unknown`, never `absent`.
package enum Presence: String, Hashable, Sendable {
  case present, absent, unknown
}

/// What a connection lands at one moment: Fivetran's settings joined with the types of the destination.
package struct SchemaSnapshot: Hashable, Sendable {
  package var connection: ConnectionName
  /// Empty when the snapshot is complete; else why it is not, in words for a person. An incomplete one proves no removal.
  package var gaps: [String]
  package var changeHandling: ChangeHandling?
  /// Those in scope that the settings list, sorted by name.
  package var schemas: [ObservedSchema]
  /// Sorted by name.
  package var tables: [ObservedTable]

  package init(
    connection: ConnectionName, gaps: [String] = [], changeHandling: ChangeHandling? = nil,
    schemas: [ObservedSchema] = [], tables: [ObservedTable]
  ) {
    self.connection = connection
    self.gaps = gaps
    self.changeHandling = changeHandling
    self.schemas = schemas
    self.tables = tables
  }

  package var isComplete: Bool { gaps.isEmpty }
}

/// One schema of a connection, as the destination spells it.
package struct ObservedSchema: Hashable, Sendable {
  package var name: String
  package var isEnabled: Bool
  /// `absent` where the source says of every table of it that it is gone.
  package var inSource: Presence

  package init(name: String, isEnabled: Bool, inSource: Presence = .unknown) {
    self.name = name
    self.isEnabled = isEnabled
    self.inSource = inSource
  }
}

/// What Fivetran does with new tables and columns (`schema_change_handling`).
package enum ChangeHandling: String, Hashable, Sendable, CaseIterable {
  case allowAll = "ALLOW_ALL"
  case allowColumns = "ALLOW_COLUMNS"
  case blockAll = "BLOCK_ALL"
}

/// Rows of a landed table after a source deletes or changes them (`sync_mode`).
package enum SyncMode: String, Hashable, Sendable, CaseIterable {
  case softDelete = "SOFT_DELETE"
  case history = "HISTORY"
  case live = "LIVE"
}

/// One landed table, or one that would land if it were enabled.
package struct ObservedTable: Hashable, Sendable {
  package var name: TableName
  package var source: SourceTable
  package var isEnabled: Bool
  package var syncMode: SyncMode?
  package var inSource: Presence
  package var landed: Presence
  /// Nil where no catalogue was read: then nothing is known of keys either.
  package var isView: Bool?
  /// Sorted by name; system columns are left out.
  package var columns: [ObservedColumn]
  /// Fivetran refuses per-column settings for some tables.
  package var supportsColumnSettings: Bool
  /// Unique keys that the destination declares, each sorted by name.
  package var uniqueKeys: [[ColumnName]]
  /// In key order; nil where the destination does not tell the order.
  package var primaryKey: [ColumnName]?
  /// The loader's own columns that the destination has, such as `_fivetran_deleted`.
  package var systemColumns: [ColumnName]
  /// The destination's estimate; nil where it gives none.
  package var rowEstimate: Int64?

  package init(
    name: TableName, source: SourceTable, isEnabled: Bool = true, syncMode: SyncMode? = nil,
    inSource: Presence = .unknown, landed: Presence = .unknown, isView: Bool? = nil,
    columns: [ObservedColumn], supportsColumnSettings: Bool = true,
    uniqueKeys: [[ColumnName]] = [], primaryKey: [ColumnName]? = nil, systemColumns: [ColumnName] = [],
    rowEstimate: Int64? = nil
  ) {
    self.name = name
    self.source = source
    self.isEnabled = isEnabled
    self.syncMode = syncMode
    self.inSource = inSource
    self.landed = landed
    self.isView = isView
    self.columns = columns
    self.supportsColumnSettings = supportsColumnSettings
    self.uniqueKeys = uniqueKeys
    self.primaryKey = primaryKey
    self.systemColumns = systemColumns
    self.rowEstimate = rowEstimate
  }
}

/// One column, with what is known of it; nil is "not known", which is never the same as "changed".
package struct ObservedColumn: Hashable, Sendable {
  package var name: ColumnName
  /// The source's spelling: the key in Fivetran's schema config.
  package var sourceName: String?
  package var type: ColumnType?
  /// The destination's spelling of the type.
  package var physicalType: String?
  package var isNullable: Bool?
  package var isPrimaryKey: Bool?
  package var isEnabled: Bool?
  package var isHashed: Bool?
  package var inSource: Presence
  package var landed: Presence
  /// Where the source's own catalogue is read. Fivetran gives none, and the destination's order is not the source's.
  package var sourceOrdinal: Int?

  package init(
    name: ColumnName, sourceName: String? = nil, type: ColumnType? = nil,
    physicalType: String? = nil, isNullable: Bool? = nil, isPrimaryKey: Bool? = nil,
    isEnabled: Bool? = nil, isHashed: Bool? = nil, inSource: Presence = .unknown,
    landed: Presence = .unknown, sourceOrdinal: Int? = nil
  ) {
    self.name = name
    self.sourceName = sourceName
    self.type = type
    self.physicalType = physicalType
    self.isNullable = isNullable
    self.isPrimaryKey = isPrimaryKey
    self.isEnabled = isEnabled
    self.isHashed = isHashed
    self.inSource = inSource
    self.landed = landed
    self.sourceOrdinal = sourceOrdinal
  }
}

/// Columns that the loader makes for itself: never drift, never touched.
///
/// Source: Fivetran documentation, "System columns and tables".
package func isSystemColumn(_ name: String) -> Bool {
  // By bytes: a poll asks this of every column of a destination.
  let name = name.utf8
  return name.prefix(10).elementsEqual("_fivetran_".utf8, by: isSameLetter)
    || name.suffix(12).elementsEqual("_fivetran_id".utf8, by: isSameLetter)
}

/// Whether a byte is the one given, or its capital letter.
private func isSameLetter(_ byte: UInt8, _ lower: UInt8) -> Bool {
  byte == lower || (byte | 0x20 == lower && (0x41...0x5A).contains(byte))
}

/// Tables that Fivetran adds to a connection for itself.
package func isSystemTable(_ name: String) -> Bool { systemTables.contains(name.lowercased()) }

private let systemTables: Set<String> = [
  "fivetran_api_call", "fivetran_audit", "fivetran_audit_warning",
  "fivetran_dependent_picklist_relation", "fivetran_formula", "fivetran_formula_failure_reason",
  "fivetran_formula_model", "fivetran_picklist_field", "fivetran_picklist_field_value",
  "fivetran_query",
]
