/// What Mooring proposes for one table: edited files, instructions, steps, and what to tell the reviewer of each change.
package struct TableDraft: Hashable, Sendable {
  package var table: TableName
  /// Nil where the table has no mapping.
  package var target: Target?
  /// Rows of the landed table; nil where nobody counted them.
  package var rowEstimate: Int64?
  package var changes: [ClassifiedChange]
  /// What people said no to.
  package var refused: RefusedParts
  /// By a change's fingerprint: the end of the sync after which it was first seen; none where that is not known.
  package var firstSeen: [String: Timestamp]
  /// By a change's fingerprint: what the proposal does about it, in words.
  package var notes: [String: [String]]
  package var change: Change
  package var superseded: Superseded?
  /// Views that go on reading the old view, where a new one takes its name.
  package var dependants: [TableName] = []
  /// In order of `change.actions`.
  package var statements: [String]
  package var down: [String]
  /// In order of `change.steps`: what it does and what it locks or costs.
  package var stepTexts: [String]
  /// Sorted by path.
  package var edits: [FileEdit]
  /// Of the files that were there before, those that a person keeps.
  package var rewritten: [RewrittenFile]
  /// Whether `load.sql` is another one.
  package var rendersLoad = false

  package var owner: String? { target?.owner }

  package var colour: Colour { changes.map(\.colour).max() ?? .green }
  package var findings: [String] { changes.map(\.fingerprint).sorted() }
}

/// A file's text before and after.
package struct RewrittenFile: Hashable, Sendable {
  package var name: String
  package var before: [UInt8]
  package var after: [UInt8]
}

/// The files of a table on the protected branch, parsed.
package struct TableFiles: Hashable, Sendable {
  package var folder: TableFolder
  package var contract: Contract?
  package var contractBytes: [UInt8]
  package var mapping: Mapping?
  package var mappingBytes: [UInt8]
  /// `load.sql`; empty where there is none.
  package var loadBytes: [UInt8]

  package init(
    folder: TableFolder, contract: Contract? = nil, contractBytes: [UInt8] = [],
    mapping: Mapping? = nil, mappingBytes: [UInt8] = [],
    loadBytes: [UInt8] = []
  ) {
    self.folder = folder
    self.contract = contract
    self.contractBytes = contractBytes
    self.mapping = mapping
    self.mappingBytes = mappingBytes
    self.loadBytes = loadBytes
  }
}

/// What drafting needs to know besides the changes.
package struct DraftContext: Sendable {
  package var connection: ConnectionName
  package var service: String
  package var settingsOwner: ConnectionPolicy.SettingsOwner
  package var files: TableFiles
  package var landed: ObservedTable
  /// The target as it is now; nil where it is not there.
  package var target: CatalogueTable?
  /// 1 + the highest of the base tree and the ledger.
  package var number: Int
  /// The stale change that this one replaces.
  package var superseded: Superseded?
  /// Where a new contract's table lives; see `ContractServer`.
  package var server: ContractServer
  package var dialect: Dialect
  /// See `TableDraft`.
  package var firstSeen: [String: Timestamp]
  package var refused: RefusedParts

  package init(
    connection: ConnectionName, service: String, settingsOwner: ConnectionPolicy.SettingsOwner,
    files: TableFiles, landed: ObservedTable, target: CatalogueTable?, number: Int,
    superseded: Superseded? = nil, server: ContractServer, dialect: Dialect,
    firstSeen: [String: Timestamp] = [:], refused: RefusedParts = RefusedParts()
  ) {
    self.connection = connection
    self.service = service
    self.settingsOwner = settingsOwner
    self.files = files
    self.landed = landed
    self.target = target
    self.number = number
    self.superseded = superseded
    self.server = server
    self.dialect = dialect
    self.firstSeen = firstSeen
    self.refused = refused
  }
}

/// What people said no to in a table of which something else is proposed.
package struct RefusedParts: Hashable, Sendable {
  package var leftOut: [ClassifiedChange] = []
  /// By the fingerprint of a change that is here all the same: why.
  package var needed: [String: String] = [:]

  package init() {}
}

/// A change that was merged and never ran, because what it relied on had moved.
package struct Superseded: Hashable, Sendable {
  package var number: Int
  /// What had moved, in the ledger's words.
  package var reason: String

  package init(number: Int, reason: String) {
    self.number = number
    self.reason = reason
  }
}

extension Superseded {
  /// The table's last finished change, where that one went stale; nil where a later one did what was needed.
  package init?(table: TableName, of connection: ConnectionName, in ledger: [LedgerEntry]) {
    let finished = ledger.filter {
      $0.step.connection == connection && $0.step.table == table && $0.step.step == 0 && $0.state != .intended
    }
    guard let last = finished.max(by: { $0.step.change < $1.step.change }), last.state == .stale else { return nil }
    self.init(number: last.step.change, reason: last.detail)
  }
}
