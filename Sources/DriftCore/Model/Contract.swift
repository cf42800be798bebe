/// What one landed table promises: the part of an ODCS file that Mooring reads and writes.
package struct Contract: Hashable, Sendable {
  /// Stable identity, written once.
  package var id: String
  /// The version of the standard that the file is written in. An edit never changes it.
  package var standard: ODCSVersion
  /// SemVer of this contract.
  package var version: String
  package var status: String
  package var table: TableName
  package var isView: Bool
  package var source: SourceTable?
  package var syncMode: SyncMode?
  package var isEnabled: Bool?
  package var isDeprecated: Bool
  package var description: String?
  /// In the order of the file.
  package var columns: [ContractColumn]
  /// Severity by kind of change, from the contract's own `driftPolicy`.
  package var policy: [String: Policy]
  /// Rules, service levels and relations that name a column; sorted by column.
  package var references: [ContractReference]
  /// The columns that relationships, arguments of quality rules and service levels name, as often as they do: what an edit
  /// of a name carries along.
  package var mentions: [ColumnName]

  package init(
    id: String, version: String, status: String = "active", table: TableName, isView: Bool = false,
    source: SourceTable? = nil, syncMode: SyncMode? = nil, isEnabled: Bool? = nil,
    isDeprecated: Bool = false, description: String? = nil, columns: [ContractColumn],
    policy: [String: Policy] = [:], references: [ContractReference] = [], mentions: [ColumnName] = [],
    standard: ODCSVersion = .latest
  ) {
    self.id = id
    self.standard = standard
    self.version = version
    self.status = status
    self.table = table
    self.isView = isView
    self.source = source
    self.syncMode = syncMode
    self.isEnabled = isEnabled
    self.isDeprecated = isDeprecated
    self.description = description
    self.columns = columns
    self.policy = policy
    self.references = references
    self.mentions = mentions
  }

  /// The columns that identify a row, in key order; those without a position last, by name.
  package var primaryKey: [ColumnName] {
    columns.filter(\.isPrimaryKey).sorted {
      ($0.primaryKeyPosition ?? .max, $0.name) < ($1.primaryKeyPosition ?? .max, $1.name)
    }.map(\.name)
  }
}

/// One promised column.
package struct ContractColumn: Hashable, Sendable {
  /// Stable identity through renames.
  package var id: String?
  /// As the destination spells it (`physicalName` where the file has one, else `name`).
  package var name: ColumnName
  package var physicalType: String?
  package var logicalType: String?
  package var isRequired: Bool
  package var isUnique: Bool
  package var isPrimaryKey: Bool
  package var primaryKeyPosition: Int?
  package var isDeprecated: Bool
  /// Set once Mooring has observed the column. A column without it is promised, not landed.
  package var sourceColumn: String?
  package var isEnabled: Bool?
  package var isHashed: Bool?
  package var classification: String?
  /// Much hangs on it: what happens to it weighs one step more.
  package var isCritical: Bool
  package var description: String?
  package var tags: [String]
  package var synonyms: [String]
  /// Severity by kind of change, from the column's own `driftPolicy`.
  package var policy: [String: Policy]

  package init(
    id: String? = nil, name: ColumnName, physicalType: String? = nil, logicalType: String? = nil,
    isRequired: Bool = false, isUnique: Bool = false, isPrimaryKey: Bool = false, primaryKeyPosition: Int? = nil,
    isDeprecated: Bool = false, sourceColumn: String? = nil, isEnabled: Bool? = nil,
    isHashed: Bool? = nil, classification: String? = nil, isCritical: Bool = false, description: String? = nil,
    tags: [String] = [], synonyms: [String] = [], policy: [String: Policy] = [:]
  ) {
    self.id = id
    self.name = name
    self.physicalType = physicalType
    self.logicalType = logicalType
    self.isRequired = isRequired
    self.isUnique = isUnique
    self.isPrimaryKey = isPrimaryKey
    self.primaryKeyPosition = primaryKeyPosition
    self.isDeprecated = isDeprecated
    self.sourceColumn = sourceColumn
    self.isEnabled = isEnabled
    self.isHashed = isHashed
    self.classification = classification
    self.isCritical = isCritical
    self.description = description
    self.tags = tags
    self.synonyms = synonyms
    self.policy = policy
  }
}

/// What to do about a kind of change: the colour that a reviewer sees follows from it.
package enum Policy: String, Hashable, Sendable, CaseIterable {
  case auto, review, block, ignore
}
