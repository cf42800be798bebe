/// What a proposal adds under `changes/`: instructions and steps that a person reviews and apply carries out.
package struct Change: Hashable, Sendable {
  /// Unique within a table and never used twice.
  package var number: Int
  /// `add-tier`: for people; the number is the identity.
  package var slug: String
  package var connection: ConnectionName
  package var table: TableName
  package var target: TableName?
  package var findings: [Finding]
  /// By ordinal, from 1: the n-th action is the n-th statement of up.sql.
  package var actions: [AlterAction]
  /// By ordinal, from 1.
  package var steps: [Step]
  package var footprint: Footprint
  /// What a person must put their name to before the change may run.
  package var acknowledgements: [Acknowledgement]
  package var supersedes: Int?
  /// The applied change that this one takes back.
  package var undoes: Int?
  /// Why there is no way back, where there is none.
  package var irreversible: String?

  package init(
    number: Int, slug: String, connection: ConnectionName, table: TableName,
    target: TableName? = nil, findings: [Finding] = [], actions: [AlterAction] = [],
    steps: [Step] = [], footprint: Footprint = Footprint(), acknowledgements: [Acknowledgement] = [],
    supersedes: Int? = nil, undoes: Int? = nil, irreversible: String? = nil
  ) {
    self.number = number
    self.slug = slug
    self.connection = connection
    self.table = table
    self.target = target
    self.findings = findings
    self.actions = actions
    self.steps = steps
    self.footprint = footprint
    self.acknowledgements = acknowledgements
    self.supersedes = supersedes
    self.undoes = undoes
    self.irreversible = irreversible
  }

  /// The folder's name, `0001-add-tier`.
  package var folder: String {
    "\(numbered(number))-\(slug)"
  }
}

/// A change's number as folders and people write it: `0007`.
package func numbered(_ change: Int) -> String {
  String(repeating: "0", count: max(0, 4 - String(change).count)) + "\(change)"
}

/// A change in the schema that the proposal answers, as the change file keeps it.
package struct Finding: Hashable, Sendable {
  package var fingerprint: String
  package var rule: String
  package var colour: Colour
  package var column: String?
  /// Who judged: `rules`, or the model's name as well.
  package var judgedBy: String
  package var text: String

  package init(
    fingerprint: String, rule: String, colour: Colour, column: String?, judgedBy: String,
    text: String
  ) {
    self.fingerprint = fingerprint
    self.rule = rule
    self.colour = colour
    self.column = column
    self.judgedBy = judgedBy
    self.text = text
  }
}

/// A red finding and the person who answers for it; `by` is empty until they do.
package struct Acknowledgement: Hashable, Sendable {
  package var fingerprint: String
  package var text: String
  package var by: String

  package init(fingerprint: String, text: String, by: String = "") {
    self.fingerprint = fingerprint
    self.text = text
    self.by = by
  }
}

/// One thing that apply does.
package struct Step: Hashable, Sendable {
  package var ordinal: Int
  package var work: Work

  package init(ordinal: Int, work: Work) {
    self.ordinal = ordinal
    self.work = work
  }

  package enum Work: Hashable, Sendable {
    /// The statement of up.sql with this ordinal.
    case ddl(statement: Int)
    /// As `ddl`, repeated along the key until no row is left.
    case backfill(statement: Int, batch: Int)
    case fivetran(SettingsPatch)
    /// Asks Fivetran for a sync; with tables, for a re-sync of those.
    case sync(resync: [SourceTable])
    case wait(Wait)
    case verify(Verification)
  }

  package enum Wait: String, Hashable, Sendable, CaseIterable {
    /// No sync is running.
    case idle
    /// A sync that began after the last `fivetran` or `sync` step has succeeded.
    case synced
  }

  package enum Verification: Hashable, Sendable {
    case targetColumn(ColumnName, ColumnType)
    case targetView
    case landedColumn(ColumnName)
    case setting(SettingsPatch)
  }

  /// `ddl`, `backfill`, `fivetran`, `resync`, `wait`, `verify`: the words of the change file and the ledger.
  package var kind: String {
    switch work {
    case .ddl: "ddl"
    case .backfill: "backfill"
    case .fivetran: "fivetran"
    case .sync(let tables): tables.isEmpty ? "sync" : "resync"
    case .wait: "wait"
    case .verify: "verify"
    }
  }
}

/// One setting of one column or table of a connection. Names are the source's.
package struct SettingsPatch: Hashable, Sendable {
  package var table: SourceTable
  /// Nil for the table itself.
  package var column: String?
  package var enabled: Bool?
  package var hashed: Bool?

  package init(
    table: SourceTable, column: String?, enabled: Bool? = nil, hashed: Bool? = nil
  ) {
    self.table = table
    self.column = column
    self.enabled = enabled
    self.hashed = hashed
  }
}

/// What a change relies on. Where one of these differs when it is applied, the change is stale and nothing runs.
package struct Footprint: Hashable, Sendable {
  /// Columns of the target that its statements touch: the type that the statement was made for, nil for "not there".
  package var target: [ColumnName: ColumnType?]
  /// Landed columns that its statements read.
  package var landed: [ColumnName: ColumnType]

  package init(target: [ColumnName: ColumnType?] = [:], landed: [ColumnName: ColumnType] = [:]) {
    self.target = target
    self.landed = landed
  }
}
