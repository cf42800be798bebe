/// One observed difference: between what a contract promises and what a snapshot shows, between what a mapping says and
/// what its target is, or between two states of a contract. A fact.
package enum SchemaChange: Hashable, Sendable {
  /// Of the whole connection: what `connection.yaml` promises.
  case connectionChanged(ConnectionChange)
  case tableAdded(ObservedTable)
  /// The source says that the table is gone. The landed table stays and no longer changes.
  case tableRemoved(TableName)
  /// A table that went and a table that came, both listed as such, that may be one. A person picks.
  case tableRenameSuspected(from: TableName, to: TableName, evidence: RenameEvidence)
  case tableDisabled(TableName)
  case tableEnabled(TableName)
  case syncModeChanged(TableName, from: SyncMode, to: SyncMode)
  /// What lands is a view where a table was promised, or the other way round.
  case tableKindChanged(TableName, isView: Bool)
  /// In key order where it is known. The same columns in another order are a change of their own kind.
  case primaryKeyChanged(from: [ColumnName], to: [ColumnName])
  /// The destination declares the column unique, which the contract does not promise; or the other way round.
  case uniqueAdded(ContractColumn)
  case uniqueDropped(ContractColumn)
  /// New in source and destination.
  case columnAdded(ObservedColumn)
  /// New in the source, kept out of the destination by Fivetran's settings.
  case columnBlocked(ObservedColumn)
  /// A column that was promised before it was there has landed.
  case columnLanded(ObservedColumn)
  /// The source says that the column is gone. The landed column stays and fills with NULL.
  case columnRemoved(ContractColumn)
  case columnRenamed(from: ContractColumn, to: ObservedColumn, evidence: RenameEvidence)
  /// A removal and an addition, both listed as such, that may be one column. A person picks.
  case renameSuspected(from: ContractColumn, to: ObservedColumn, evidence: RenameEvidence)
  /// A removal and an addition, both listed as such, whose names differ in a unit: never one column.
  case unitSuspected(from: ContractColumn, to: ObservedColumn, unit: String)
  /// A column that the contract has marked deprecated is at the source again, with another type or from another column.
  case columnReadded(ContractColumn, ObservedColumn)
  case columnDisabled(ContractColumn)
  case columnEnabled(ContractColumn)
  case columnHashed(ContractColumn)
  case columnUnhashed(ContractColumn)
  case typeChanged(ContractColumn, from: ColumnType, to: ObservedColumn)
  case nullabilityRelaxed(ContractColumn)
  case nullabilityTightened(ContractColumn)
  /// A rule or a relation of the contract stays with the old name of a column that was renamed.
  case referenceOrphaned(ContractReference, renamedTo: ColumnName)
  /// Between two states of a contract, with nothing different in the warehouse.
  case contractEdited(ContractEditFact)
  case targetMissing(Target)
  case targetColumnMissing(MappingColumn)
  /// The target's type, in its own spelling, can be widened in place to the mapping's.
  case targetTypeNarrower(MappingColumn, found: String)
  case targetTypeDiffers(MappingColumn, found: String)
  /// The mapping says something else than what its view or `load.sql` was last rendered from.
  case mappingEdited(Target, digest: String)
  /// People want the effects of an applied change undone: they asked for it, or took its folder off the branch.
  case changeWithdrawn(WithdrawnChange)
}

/// An applied change that people want undone.
package struct WithdrawnChange: Hashable, Sendable {
  package var number: Int
  /// As the ledger has it.
  package var digest: String
  /// `0001-add-tier`; empty where nobody has looked.
  package var name: String
  /// What the way back does, in words.
  package var effects: [String]

  package init(number: Int, digest: String, name: String = "", effects: [String] = []) {
    self.number = number
    self.digest = digest
    self.name = name
    self.effects = effects
  }
}

/// One difference between what `connection.yaml` promises and what Fivetran's settings show. Schemas are named as the
/// destination spells them.
package enum ConnectionChange: Hashable, Sendable {
  /// In Fivetran's list and not in `connection.yaml`; where it is switched off nothing of it lands.
  case schemaAdded(String, isEnabled: Bool)
  /// The source says of every table of a promised schema that it is gone.
  case schemaRemoved(String)
  case schemaDisabled(String)
  case schemaEnabled(String)
  case changeHandlingChanged(from: ChangeHandling, to: ChangeHandling)

  /// Nil where it is about the connection as a whole.
  package var schema: String? {
    switch self {
    case .schemaAdded(let name, _), .schemaRemoved(let name), .schemaDisabled(let name), .schemaEnabled(let name):
      name
    case .changeHandlingChanged: nil
    }
  }
}

/// What an edit of a contract says besides what lands.
package enum ContractEditFact: Hashable, Sendable {
  /// Its servers, as written before and after.
  case server(from: String, to: String)
  /// Kinds whose policy is another one now, `column: kind` where it is a column's.
  case policy([String])
  case versionNotBumped(String, expected: String)
  /// Owner, support, tags, price, texts: the keys at the root that differ.
  case metadata([String])
  case classification(ContractColumn, from: String?, to: String?)
  case tags(ContractColumn)
  case description(ContractColumn)

  package var column: ColumnName? {
    switch self {
    case .server, .policy, .versionNotBumped, .metadata: nil
    case .classification(let column, _, _), .tags(let column), .description(let column): column.name
    }
  }
}

/// Why a removal and an addition are taken for one column.
package struct RenameEvidence: Hashable, Sendable {
  /// 0 to 1.
  package var confidence: Double
  /// In words for the reviewer, strongest first.
  package var reasons: [String]
  /// The next best reading, where there is one.
  package var runnerUp: ColumnName?
  /// A declared or source-keyed rename needs no guess.
  package var isCertain: Bool

  package init(
    confidence: Double, reasons: [String], runnerUp: ColumnName? = nil, isCertain: Bool = false
  ) {
    self.confidence = confidence
    self.reasons = reasons
    self.runnerUp = runnerUp
    self.isCertain = isCertain
  }
}

/// How bad a change is for those who read the table.
package enum ReaderEffect: String, Hashable, Sendable, CaseIterable, Comparable {
  case safe, risky, breaking

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  private var rank: Int { Self.allCases.firstIndex(of: self)! }
}

/// Whether new rows still load.
package enum WriteEffect: String, Hashable, Sendable, CaseIterable, Comparable {
  case ok, conditional, fails

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  private var rank: Int { Self.allCases.firstIndex(of: self)! }
}

/// The way back, the hardest last.
package enum Reversibility: String, Hashable, Sendable, CaseIterable, Comparable {
  /// By metadata alone.
  case yes
  /// Only with a re-sync or a backup.
  case data
  /// Nothing was taken away here, and what the source has no more, no re-sync brings: only the source gives it again.
  case source
  case no

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  private var rank: Int { Self.allCases.firstIndex(of: self)! }
}

/// What a reviewer must do: green may merge, yellow wants a look, red wants an acknowledgement.
package enum Colour: String, Hashable, Sendable, CaseIterable, Comparable {
  case green, yellow, red

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  private var rank: Int { Self.allCases.firstIndex(of: self)! }
}

/// A change with what it means and why.
package struct ClassifiedChange: Hashable, Sendable {
  package var change: SchemaChange
  package var verdict: Verdict
  package var colour: Colour
  /// First the rule's, then the model's.
  package var reasons: [Reason]
  package var connection: ConnectionName
  package var table: TableName

  package init(
    change: SchemaChange, verdict: Verdict, colour: Colour, reasons: [Reason], connection: ConnectionName,
    table: TableName
  ) {
    self.change = change
    self.verdict = verdict
    self.colour = colour
    self.reasons = reasons
    self.connection = connection
    self.table = table
  }

  /// Identifies this finding: connection, table and the change itself, never its wording.
  package var fingerprint: String { DriftCore.fingerprint(of: change, connection: connection, table: table) }
}

/// What a rule says of a change.
package struct Verdict: Hashable, Sendable {
  package var rule: String
  package var readers: ReaderEffect
  package var writes: WriteEffect
  package var reversible: Reversibility
  /// What happens where nobody set a policy.
  package var policy: Policy
  /// For the person who reads the pull request.
  package var message: String

  package init(
    rule: String, readers: ReaderEffect, writes: WriteEffect, reversible: Reversibility,
    policy: Policy, message: String
  ) {
    self.rule = rule
    self.readers = readers
    self.writes = writes
    self.reversible = reversible
    self.policy = policy
    self.message = message
  }
}

package struct Reason: Hashable, Sendable {
  package enum Author: Hashable, Sendable {
    case rule(String)
    case model(String)
    case policy(String)
  }

  package var author: Author
  package var text: String

  package init(author: Author, text: String) {
    self.author = author
    self.text = text
  }
}
