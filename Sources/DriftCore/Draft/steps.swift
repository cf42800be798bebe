/// Rows of one batch of a backfill.
private let backfillBatch = 10_000

/// Writes the steps in the order that loses nothing: additive DDL, verify, settings when no sync runs, verify, sync,
/// wait, old rows last.
func addSteps(of instructions: Instructions, in context: DraftContext, to draft: inout TableDraft) {
  var steps: [Step.Work] = []
  for (index, action) in draft.change.actions.enumerated() {
    if case .backfill = action { continue }
    steps.append(.ddl(statement: index + 1))
    // With what it may be read by, behind the grants.
    if action == .replaceView, draft.change.keptView != nil { continue }
    if let verification = action.verification ?? draft.change.swapVerification(index) {
      steps.append(.verify(verification))
    }
  }
  if draft.change.keptView != nil { steps.append(.verify(.targetView)) }
  for patch in instructions.patches {
    steps += [.wait(.idle), .fivetran(patch), .verify(.setting(patch))]
  }
  steps += instructions.watched.map { .verify(.setting($0)) }
  if !instructions.awaited.isEmpty {
    steps += [.sync(resync: []), .wait(.synced)]
    steps += instructions.awaited.map { .verify(.landedColumn($0)) }
  }
  for (index, action) in draft.change.actions.enumerated() {
    guard case .backfill = action else { continue }
    steps.append(.backfill(statement: index + 1, batch: backfillBatch))
  }
  draft.change.steps = steps.enumerated().map { Step(ordinal: $0.offset + 1, work: $0.element) }
  if draft.change.irreversible == nil { draft.change.irreversible = draft.change.lasting }
  draft.stepTexts = stepTexts(
    of: draft.change, dialect: context.dialect, rows: context.landed.rowEstimate)
}

/// The target column's type before a change of type; nil for everything else.
func typeBefore(_ action: AlterAction, in context: DraftContext) -> ColumnType? {
  guard case .setType(let name, _) = action else { return nil }
  return context.target?.columns.first { $0.name == name }
    .map { context.dialect.parseType($0.physicalType) }
}

extension Change {
  /// After the name of an old column was given to the new one: that it has the type that was added.
  fileprivate func swapVerification(_ index: Int) -> Step.Verification? {
    guard case .renameColumn(let from, let to) = actions[index] else { return nil }
    for case .addColumn(from, let type) in actions[..<index] { return .targetColumn(to, type) }
    return nil
  }
}

extension AlterAction {
  /// For people: `add column tier text`.
  package var words: String {
    switch self {
    case .addColumn(let name, _): "add column \(name)"
    case .setType(let name, _): "change the type of \(name)"
    case .copyColumn(let from, _, let to, _): "copy \(from) into \(to)"
    case .renameColumn(let from, let to): "rename column \(from) to \(to)"
    case .dropColumn(let name): "drop column \(name)"
    case .dropNotNull(let name): "allow NULL in \(name)"
    case .setNotNull(let name): "refuse NULL in \(name)"
    case .commentColumn(let name, _): "describe \(name)"
    case .commentTable: "describe the table"
    case .addPrimaryKey(let names): "make \(names.map(\.text).joined(separator: ", ")) the key"
    case .dropPrimaryKey: "take the key away"
    case .renameTable(let name): "rename the table to \(visible(name))"
    case .replaceView: "replace the view"
    case .dropView: "drop the view"
    case .grant(let grant):
      "let \(grant.grantee) \(grant.privileges.map(\.rawValue).joined(separator: ", "))"
        + (grant.isGrantable ? ", and let others" : "")
    case .backfill(let names):
      "fill \(names.map(\.text).joined(separator: ", ")) in old rows"
    }
  }

  fileprivate var verification: Step.Verification? {
    switch self {
    case .addColumn(let name, let type), .setType(let name, let type): .targetColumn(name, type)
    case .replaceView: .targetView
    case .copyColumn, .renameColumn, .dropColumn, .dropNotNull, .setNotNull, .commentColumn, .commentTable,
      .addPrimaryKey, .dropPrimaryKey, .renameTable, .dropView, .grant, .backfill:
      nil
    }
  }
}

extension SettingsPatch {
  /// `enabled: true, hashed: true`.
  package var words: String {
    [enabled.map { "enabled: \($0)" }, hashed.map { "hashed: \($0)" }]
      .compactMap { $0 }.joined(separator: ", ")
  }
}
