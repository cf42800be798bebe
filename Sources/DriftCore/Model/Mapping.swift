/// How a landed table feeds a target: landed column to target column, with the conversion.
package struct Mapping: Hashable, Sendable {
  package var connection: ConnectionName
  package var source: TableName
  package var target: Target
  package var rows: RowRules
  /// In the order of the file.
  package var columns: [MappingColumn]

  package init(
    connection: ConnectionName, source: TableName, target: Target, rows: RowRules = RowRules(),
    columns: [MappingColumn]
  ) {
    self.connection = connection
    self.source = source
    self.target = target
    self.rows = rows
    self.columns = columns
  }
}

/// A table or view that the team owns.
package struct Target: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Mooring maintains the view.
    case view
    /// Mooring alters the table; the team's own job runs `load.sql`.
    case table
    /// The landed table is all there is.
    case none
  }

  package var table: TableName
  package var kind: Kind
  /// Whose job runs `load.sql`.
  package var fedBy: String
  package var owner: String?

  package init(table: TableName, kind: Kind, fedBy: String = "external", owner: String? = nil) {
    self.table = table
    self.kind = kind
    self.fedBy = fedBy
    self.owner = owner
  }
}

/// Which landed rows reach the target.
package struct RowRules: Hashable, Sendable {
  package enum Deleted: String, Hashable, Sendable, CaseIterable {
    case exclude, include
  }

  package enum History: String, Hashable, Sendable, CaseIterable {
    /// Only the version of a row that is valid now.
    case current
    case all
  }

  package var deleted: Deleted
  package var history: History

  package init(deleted: Deleted = .exclude, history: History = .current) {
    self.deleted = deleted
    self.history = history
  }
}

/// One column of a target.
package struct MappingColumn: Hashable, Sendable {
  /// Tried in order: the first value that is not NULL. More than one after a rename.
  package var sources: [ColumnName]
  package var target: ColumnName
  /// The target's type, as its warehouse spells it.
  package var type: String
  package var conversion: Conversion
  package var isKey: Bool

  package init(
    sources: [ColumnName], target: ColumnName, type: String, conversion: Conversion = .none,
    isKey: Bool = false
  ) {
    self.sources = sources
    self.target = target
    self.type = type
    self.conversion = conversion
    self.isKey = isKey
  }
}

/// How a landed value becomes the target's. The list is closed: each dialect renders every case.
package enum Conversion: Hashable, Sendable {
  case none
  /// Fails where a value does not fit.
  case cast
  /// NULL where a value does not fit.
  case tryCast
  /// One top-level field of a JSON value, as text, then cast.
  case jsonField(String)
  case trim
  case lower
  case upper
  /// Whole or fractional seconds since 1970 to a point in time.
  case epochToTimestamp
  /// `true/t/yes/y/1/on` and `false/f/no/n/0/off` in any case; NULL for anything else.
  case booleanFromText
}
