/// One kind of change and what it means. The id is stable: people search for it, silence it and set policies by it.
package struct Rule: Sendable {
  package let id: String
  /// Nil for a rule that weighs by degrees: its verdict says.
  package let effects: RuleEffects?
  /// One sentence.
  package let summary: String
  /// Whom it hurts, and how.
  package let why: String
  /// What a person does about it.
  package let advice: String
  /// Nil where the rule does not speak of the change.
  package let judge: @Sendable (SchemaChange, RuleContext) -> Verdict?
  /// What it finds in two types; nil for a rule about anything else.
  var types: (@Sendable (ColumnType, ColumnType) -> [TypeFinding])?

  /// - Parameter message: for the person who reads the pull request; nil where the rule does not speak of the change.
  init(
    id: String, _ readers: ReaderEffect, writes: WriteEffect, back: Reversibility, policy: Policy,
    summary: String, why: String, advice: String,
    message: @escaping @Sendable (SchemaChange, RuleContext) -> String?
  ) {
    self.id = id
    effects = RuleEffects(readers: readers, writes: writes, reversible: back, policy: policy)
    self.summary = summary
    self.why = why
    self.advice = advice
    judge = { change, context in
      message(change, context).map { verdict(id, readers, writes: writes, back: back, policy: policy, $0) }
    }
  }

  /// A rule that weighs by degrees.
  ///
  /// - Parameter effects: where its own are fixed, and only what it finds further inside varies.
  init(
    id: String, _ effects: RuleEffects? = nil, summary: String,
    why: String, advice: String,
    judge: @escaping @Sendable (SchemaChange, RuleContext) -> Verdict?
  ) {
    self.id = id
    self.effects = effects
    self.summary = summary
    self.why = why
    self.advice = advice
    self.judge = judge
  }

  /// The first rule that speaks decides: of two that speak of the same change the more special one stands first. What drifts
  /// most often stands ahead of the rest, because every change walks down the list until somebody speaks.
  package static let all: [Rule] =
    [
      .columnBlocked, .sensitiveColumnAdded, .requiredColumnAdded, .unknownTypeAdded, .lookAlikeAdded, .columnAdded,
      .unknownTypeLanded,
      .columnLanded, .columnRemoved,
      .columnRenamedCaseOnly, .columnRenamed, .renameSuspected, .unitSuspected, .columnReadded, .columnDisabled,
      .columnEnabled, .columnHashed, .columnUnhashed,
      .nullabilityRelaxed, .nullabilityTightened, .primaryKeyAdded, .primaryKeyDropped, .primaryKeyOrderChanged,
      .primaryKeyChanged, .uniqueAdded, .uniqueDropped, .referenceOrphaned,
      .targetMissing, .targetColumnMissing, .targetTypeNarrower, .targetTypeDiffers, .mappingEdited,
      .changeWithdrawn,
      .tableAdded, .tableRemoved, .tableRenamedCaseOnly, .tableMoved, .tableRenameSuspected, .tableDisabled,
      .tableEnabled, .tableKindChanged, .syncModeFromHistory, .syncModeToHistory, .syncModeToLive,
      .syncModeToSoftDelete, .schemaAdded, .schemaRemoved, .schemaDisabled, .schemaEnabled, .changeHandlingChanged,
      .contractServerChanged, .contractPolicyChanged, .contractVersionNotBumped, .contractMetadata,
      .classificationLowered, .classificationRaised, .tagsChanged, .descriptionChanged,
    ] + types + [.unknownChange]

  /// What the rules that are not about types say, in their order; those are asked through `typeVerdict`.
  static let judges = all.filter { $0.types == nil }.map(\.judge)

  /// The rule that a verdict was given by; one that weighs by degrees gives its verdicts finer names than its own.
  package static func named(_ id: String) -> Rule? {
    all.first { $0.id == id } ?? all.first { id.hasPrefix($0.id + ".") }
  }
}

/// What a kind of change does, and what happens where nobody set a policy.
package struct RuleEffects: Hashable, Sendable {
  package var readers: ReaderEffect
  package var writes: WriteEffect
  package var reversible: Reversibility
  package var policy: Policy
}

/// What a rule may look at besides the change itself.
package struct RuleContext: Sendable {
  package var table: TableName
  /// The connector's service, such as `salesforce`; some lose old values where others keep them.
  package var service: String
  package var dialect: Dialect
  /// By the name of a column that came, another of the table that it can be taken for.
  package var lookAlikes: [ColumnName: ColumnName]

  package init(
    table: TableName, service: String, dialect: Dialect, lookAlikes: [ColumnName: ColumnName] = [:]
  ) {
    self.table = table
    self.service = service
    self.dialect = dialect
    self.lookAlikes = lookAlikes
  }
}

/// A verdict in the name of `rule`.
func verdict(
  _ rule: String, _ readers: ReaderEffect, writes: WriteEffect, back: Reversibility,
  policy: Policy, _ message: String
) -> Verdict {
  Verdict(
    rule: rule, readers: readers, writes: writes, reversible: back, policy: policy,
    message: message)
}
