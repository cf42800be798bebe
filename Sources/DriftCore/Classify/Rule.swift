/// One judgement about one kind of change. The id is stable: people search for it, silence it and set policies by it.
package struct Rule: Sendable {
  package let id: String
  /// One sentence for `mooring explain` and the documentation.
  package let summary: String
  /// Nil where the rule does not speak of the change.
  package let judge: @Sendable (SchemaChange, RuleContext) -> Verdict?

  init(
    id: String, summary: String,
    judge: @escaping @Sendable (SchemaChange, RuleContext) -> Verdict?
  ) {
    self.id = id
    self.summary = summary
    self.judge = judge
  }

  /// The first rule that speaks decides; the more special one stands first.
  package static let all: [Rule] = [
    .tableAdded, .tableRemoved, .tableRenameSuspected, .tableDisabled, .tableEnabled, .syncModeChanged,
    .primaryKeyChanged, .columnBlocked, .sensitiveColumnAdded, .columnAdded, .columnLanded,
    .columnRemoved, .columnRenamed, .renameSuspected, .columnDisabled, .columnEnabled,
    .columnHashed, .columnUnhashed, .typeUnknown, .typeWidened, .typeToText, .typeNarrowed, .typeIncompatible,
    .nullabilityRelaxed, .nullabilityTightened, .targetMissing, .targetColumnMissing,
    .targetTypeNarrower, .targetTypeDiffers, .mappingEdited,
  ]
}

/// What a rule may look at besides the change itself.
package struct RuleContext: Sendable {
  package var table: TableName
  /// The connector's service, such as `salesforce`; some lose old values where others keep them.
  package var service: String
  package var dialect: Dialect

  package init(table: TableName, service: String, dialect: Dialect) {
    self.table = table
    self.service = service
    self.dialect = dialect
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
