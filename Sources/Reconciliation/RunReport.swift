package import DriftCore

/// What one run saw and did, for people and programs.
package struct RunReport: Sendable {
  /// Nothing was looked at and nothing done because of it.
  package var alarm: RewrittenBase?
  package var connections: [ConnectionReport] = []
  package var applied: [AppliedChange] = []
  /// What keeps merged changes from being applied, here or in the next run.
  package var brakes: [Brake] = []
  /// Connections that Mooring paused because of red findings, or would pause, or let go on.
  package var pauses: [PauseReport] = []
  /// Things that went wrong beside the point: a notification that did not arrive, a model that did not answer.
  package var warnings: [String] = []
  package var usage = Usage()

  package init() {}

  /// Whether some connection or change could not be told, or some branch not be pushed.
  package var isIncomplete: Bool {
    alarm != nil || connections.contains { if case .failed = $0.outcome { true } else { false } }
      || applied.contains { if case .failed = $0.outcome { true } else { false } }
      || connections.contains { $0.actions.contains { $0.kind == .refused } }
      || pauses.contains { $0.state == .failed }
  }

  package var hasFindings: Bool { connections.contains { !$0.tables.isEmpty || !$0.changes.isEmpty } }
}

/// What a run cost.
package struct Usage: Hashable, Sendable {
  package var tables = 0
  package var catalogueQueries = 0
  /// Of the Fivetran calls, those that read columns live from a source.
  package var columnCalls = 0
  package var modelTokens = 0

  package init() {}
}

package struct ConnectionReport: Sendable {
  package enum Outcome: Hashable, Sendable {
    /// Nothing synced and nothing edited since the last look, so nothing was read.
    case unchanged
    case looked
    /// Nothing is proposed until a person lifts it.
    case held(String)
    case failed(String)
  }

  package var name: ConnectionName
  package var outcome: Outcome
  /// Of the connection as a whole, and what becomes of them.
  package var changes: [ClassifiedChange] = []
  package var standing = Standing.drifted
  /// Tables that it lands or that have a contract, in no order; empty where it was not looked at.
  package var known: [TableName] = []
  /// Tables with drift, sorted by name; one of which people refused a part twice, that part last.
  package var tables: [TableReport] = []
  package var actions: [PerformedAction] = []
  /// What could not be concluded, and why.
  package var gaps: [String] = []

  package init(name: ConnectionName, outcome: Outcome) {
    self.name = name
    self.outcome = outcome
  }

  mutating func add(_ subject: DriftSubject, _ changes: [ClassifiedChange], _ standing: Standing) {
    switch subject {
    case .connection: (self.changes, self.standing) = (changes, standing)
    case .table(let table): tables.append(TableReport(table: table, changes: changes, standing: standing))
    }
  }

  /// What people said no to of a table of which the rest is told on its own.
  mutating func add(refused changes: [ClassifiedChange], of subject: DriftSubject) {
    if subject.table != nil, !changes.isEmpty { add(subject, changes, .refused) }
  }

  mutating func sortTables() {
    tables.sort { ($0.table, $0.standing == .refused ? 1 : 0) < ($1.table, $1.standing == .refused ? 1 : 0) }
  }

  /// Everything that drifted, by what it is about.
  var drift: [DriftSubject: [ClassifiedChange]] {
    var drift = Dictionary(tables.map { (DriftSubject.table($0.table), $0.changes) }, uniquingKeysWith: +)
    if !changes.isEmpty { drift[.connection] = changes }
    return drift
  }

  /// Of which it is not known what would be proposed, so that what is open stays as it is.
  var unclear: Set<DriftSubject> {
    let tables = tables.filter { $0.standing.isUnclear || $0.changes.isEmpty }.map { DriftSubject.table($0.table) }
    return Set(standing.isUnclear ? tables + [.connection] : tables)
  }
}

/// What becomes of drift.
package enum Standing: Hashable, Sendable {
  /// To be proposed, or proposed by this run.
  case drifted
  /// An open pull request says so already.
  case open(branch: String)
  /// A person said no to all of it.
  case refused
  /// A merged change of the table has not been applied yet; the table is looked at again after it.
  case applying
  /// Shown, not proposed: the connection or the policy says so.
  case reported
  /// The files cannot be read or edited; the text says where.
  case unreadable(String)

  fileprivate var isUnclear: Bool {
    switch self {
    case .applying, .unreadable: true
    case .drifted, .open, .refused, .reported: false
    }
  }
}

package struct TableReport: Sendable {
  package var table: TableName
  package var changes: [ClassifiedChange]
  package var standing: Standing

  package init(table: TableName, changes: [ClassifiedChange], standing: Standing) {
    self.table = table
    self.changes = changes
    self.standing = standing
  }
}

/// What became of an action.
package struct PerformedAction: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case opened, updated, closed, postponed, left
    /// Somebody else was faster: the next run looks again.
    case lost
    /// The git host does not take the branch.
    case refused
    case automated, wouldOpen, wouldUpdate, wouldClose
  }

  package var kind: Kind
  package var branch: String
  /// `1 removed, 1 renamed`, or why.
  package var text: String
  package var location: String?
  /// What was or would be proposed.
  package var proposal: Proposal?

  package init(
    kind: Kind, branch: String, text: String, location: String? = nil, proposal: Proposal? = nil
  ) {
    self.kind = kind
    self.branch = branch
    self.text = text
    self.location = location
    self.proposal = proposal
  }
}

/// How far one merged change has come.
package struct AppliedChange: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    case applied
    case waiting(String)
    case held(String)
    /// Merged, and nobody who may has said yes.
    case unapproved(String, wayOut: String)
    case stale(String)
    /// People took it off the protected branch; told once.
    case withdrawn(String)
    case failed(String)
    case adopted
    /// Only planned: the steps that would run.
    case planned
  }

  package var connection: ConnectionName
  package var table: TableName
  /// `0001-add-tier`.
  package var change: String
  package var outcome: Outcome
  /// Steps that took effect in this run, in words.
  package var steps: [String]
  /// In a dry run: what is still to come.
  package var plan: [PlannedStep] = []
  /// Fingerprints of the findings that merging it answered.
  package var answers: [String]

  package init(
    connection: ConnectionName, table: TableName, change: String, outcome: Outcome,
    steps: [String] = [], answers: [String] = []
  ) {
    self.connection = connection
    self.table = table
    self.change = change
    self.outcome = outcome
    self.steps = steps
    self.answers = answers
  }
}
