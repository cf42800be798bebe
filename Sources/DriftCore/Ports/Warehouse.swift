/// A destination: its catalogue, the statements of merged changes, and the ledger that it keeps of them.
///
/// Every line of the ledger has a record in the audit log. What is written under a lease is refused with `LeaseLost` where
/// somebody else has taken it since.
package protocol Warehouse: Sendable {
  /// Streams the catalogue of the named schemas in one query, ordered by table name.
  func catalogue(
    of schemas: [String], each: @Sendable (CatalogueTable) throws -> Void
  ) async throws
  /// One table or view, read now; nil where there is none.
  func table(_ name: TableName) async throws -> CatalogueTable?
  /// Those of several that are there, read now, in one query where the engine has one.
  func tables(_ names: [TableName]) async throws -> [TableName: CatalogueTable]
  /// Runs one merged statement and writes its ledger line and its record in the same transaction where the engine has them;
  /// elsewhere that it is intended is on record before. A step that the ledger already has as done is not run again.
  func execute(_ statement: MergedStatement) async throws -> StatementOutcome
  /// Whether two rows have one key; what the keys are is not read. Asked where the engine takes declared keys on trust.
  func hasSharedKeys(_ key: TableKey) async throws -> Bool
  /// Writes the line of a step that took effect and whose process ended before it was written; false where there is nothing
  /// to write. Only engines that cannot write both in one transaction have such steps.
  func settle(_ entry: LedgerEntry, audit: AuditRecord) async throws -> Bool
  /// Whether a statement's line is written with it and its record only after: a process that ends in between leaves a line
  /// that the audit log knows nothing of.
  var linesRunAhead: Bool { get }
  /// Every line, oldest first; empty where there is no ledger yet. Reading creates nothing.
  func ledger() async throws -> [LedgerEntry]
  /// The same; where it is kept in order, only what came after `known` is read, which is how it was read before.
  func ledger(after known: [LedgerEntry]) async throws -> [LedgerEntry]
  /// Adds one line and its record, unless the same line is there. Creates schema `mooring` and its tables at first use.
  func record(_ entry: LedgerEntry, audit: AuditRecord, under lease: Lease?) async throws
}

extension Warehouse {
  /// With a transaction around statement and line there is nothing to settle.
  package func settle(_ entry: LedgerEntry, audit: AuditRecord) async throws -> Bool { false }

  package var linesRunAhead: Bool { false }

  package func tables(_ names: [TableName]) async throws -> [TableName: CatalogueTable] {
    var found: [TableName: CatalogueTable] = [:]
    for name in names { found[name] = try await table(name) }
    return found
  }

  package func ledger(after known: [LedgerEntry]) async throws -> [LedgerEntry] { try await ledger() }

  package func settle(_ entry: LedgerEntry) async throws -> Bool {
    try await settle(entry, audit: AuditRecord(of: entry))
  }

  package func record(_ entry: LedgerEntry) async throws {
    try await record(entry, audit: AuditRecord(of: entry), under: nil)
  }
}

/// A table or view as the destination's catalogue has it.
package struct CatalogueTable: Hashable, Sendable {
  package var name: TableName
  package var isView: Bool
  /// In the destination's order, system columns included.
  package var columns: [CatalogueColumn]
  /// Columns of the primary key and of every other unique key that covers all rows, each in key order.
  package var uniqueKeys: [[ColumnName]]
  package var rowEstimate: Int64?
  package var byteSize: Int64?
  /// Nil unless this view was asked for by its name.
  package var view: ViewFacts?

  package init(
    name: TableName, isView: Bool = false, columns: [CatalogueColumn],
    uniqueKeys: [[ColumnName]] = [], rowEstimate: Int64? = nil, byteSize: Int64? = nil, view: ViewFacts? = nil
  ) {
    self.name = name
    self.isView = isView
    self.columns = columns
    self.uniqueKeys = uniqueKeys
    self.rowEstimate = rowEstimate
    self.byteSize = byteSize
    self.view = view
  }
}

/// What a view that replaces another one would lose. Only of warehouses that do not take every view in the old one's place.
package struct ViewFacts: Hashable, Sendable {
  /// What others than the owner may do, grouped.
  package var grants: [Grant]
  /// Whether somebody may do something with single columns.
  package var hasColumnGrants: Bool
  /// Views that read it and go with it where it is renamed, ordered by name.
  package var dependants: [TableName]

  package init(grants: [Grant] = [], hasColumnGrants: Bool = false, dependants: [TableName] = []) {
    self.grants = grants
    self.hasColumnGrants = hasColumnGrants
    self.dependants = dependants
  }
}

package struct CatalogueColumn: Hashable, Sendable {
  package var name: ColumnName
  /// As the destination spells it, such as `numeric(18,2)`.
  package var physicalType: String
  package var isNullable: Bool
  package var isPrimaryKey: Bool

  package init(
    name: ColumnName, physicalType: String, isNullable: Bool = true, isPrimaryKey: Bool = false
  ) {
    self.name = name
    self.physicalType = physicalType
    self.isNullable = isNullable
    self.isPrimaryKey = isPrimaryKey
  }
}

/// A statement of a merged change, with the line and the record that are written if it takes effect.
package struct MergedStatement: Hashable, Sendable {
  /// The bytes of the merged file; never put together from parts.
  package var text: String
  /// Bound as `$1`, `$2`, ...; nil is NULL.
  package var parameters: [String?]
  package var entry: LedgerEntry
  package var audit: AuditRecord
  /// Nil: whoever comes first.
  package var lease: Lease?
  /// What it must have made of its target; nil: nothing is looked at. Where statement and line are one transaction, a
  /// result that is not there takes both back.
  package var result: StatementResult?

  package init(
    text: String, parameters: [String?] = [], entry: LedgerEntry, audit: AuditRecord? = nil, lease: Lease? = nil,
    result: StatementResult? = nil
  ) {
    self.text = text
    self.parameters = parameters
    self.entry = entry
    self.audit = audit ?? AuditRecord(of: entry)
    self.lease = lease
    self.result = result
  }
}

package enum StatementOutcome: Hashable, Sendable {
  /// Took effect now; `row` is the first row of the result, where there is one.
  case done(row: [String?]?)
  /// The ledger already had the step; nothing ran.
  case alreadyDone
}
