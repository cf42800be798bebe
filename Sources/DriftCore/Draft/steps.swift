/// Rows of one batch of a backfill.
private let backfillBatch = 10_000

/// Writes the steps in the order that loses nothing: additive DDL, verify, settings when no sync runs, verify, sync,
/// wait, old rows last.
func addSteps(of instructions: Instructions, in context: DraftContext, to draft: inout TableDraft) {
  var steps: [Step.Work] = []
  var texts: [String] = []
  func add(_ work: Step.Work, _ text: String) {
    steps.append(work)
    texts.append(text)
  }
  let rows = context.landed.rowEstimate
  for (index, action) in draft.change.actions.enumerated() {
    if case .backfill = action { continue }
    let cost = context.dialect.cost(
      of: action, typeBefore: typeBefore(action, in: context), rows: rows)
    add(.ddl(statement: index + 1), "\(action.words): \(cost)")
    if let verification = action.verification {
      add(.verify(verification), "check that \(action.outcome)")
    }
  }
  for patch in instructions.patches {
    let name = patch.column.map { "\(patch.table).\($0)" } ?? "\(patch.table)"
    add(.wait(.idle), "wait until no sync runs, because a new setting would cancel it")
    add(.fivetran(patch), "set \(patch.words) on \(name) in Fivetran")
    add(.verify(.setting(patch)), "check that Fivetran kept the setting")
  }
  if !instructions.awaited.isEmpty {
    add(.sync(resync: []), "ask Fivetran for a sync")
    add(.wait(.synced), "wait until that sync has succeeded")
    for column in instructions.awaited {
      add(.verify(.landedColumn(column)), "check that \(column) has landed")
    }
  }
  for (index, action) in draft.change.actions.enumerated() {
    guard case .backfill = action else { continue }
    let size = rows.map { ", about \($0) rows" } ?? ""
    let portion = context.dialect.fillsInBatches ? "in batches of \(backfillBatch)" : "at once"
    add(
      .backfill(statement: index + 1, batch: backfillBatch),
      "\(action.words) \(portion)\(size): \(context.dialect.cost(of: action, rows: rows))"
    )
  }
  draft.change.steps = steps.enumerated().map { Step(ordinal: $0.offset + 1, work: $0.element) }
  draft.stepTexts = texts
}

/// The target column's type before a change of type; nil for everything else.
func typeBefore(_ action: AlterAction, in context: DraftContext) -> ColumnType? {
  guard case .setType(let name, _) = action else { return nil }
  return context.target?.columns.first { $0.name == name }
    .map { context.dialect.parseType($0.physicalType) }
}

extension AlterAction {
  /// For people: `add column tier text`.
  package var words: String {
    switch self {
    case .addColumn(let name, _): "add column \(name)"
    case .setType(let name, _): "change the type of \(name)"
    case .renameColumn(let from, let to): "rename column \(from) to \(to)"
    case .dropColumn(let name): "drop column \(name)"
    case .dropNotNull(let name): "allow NULL in \(name)"
    case .setNotNull(let name): "refuse NULL in \(name)"
    case .replaceView: "replace the view"
    case .dropView: "drop the view"
    case .backfill(let names):
      "fill \(names.map(\.text).joined(separator: ", ")) in old rows"
    }
  }

  fileprivate var outcome: String {
    switch self {
    case .addColumn(let name, _): "\(name) is there"
    case .setType(let name, _): "\(name) has its new type"
    case .replaceView: "the view is there"
    case .renameColumn(_, let to): "\(to) is there"
    case .dropColumn, .dropNotNull, .setNotNull, .dropView, .backfill: "it took effect"
    }
  }

  fileprivate var verification: Step.Verification? {
    switch self {
    case .addColumn(let name, let type), .setType(let name, let type): .targetColumn(name, type)
    case .replaceView: .targetView
    case .renameColumn, .dropColumn, .dropNotNull, .setNotNull, .dropView, .backfill: nil
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
