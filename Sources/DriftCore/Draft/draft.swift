/// Drafts everything for one table. Same input, same bytes.
///
/// - Throws: `EditRefusal` where a file is too unusual to be edited, a dialect's refusal where a name cannot be quoted.
package func draft(
  _ changes: [ClassifiedChange], answers: [String: Opinion.Answer], in context: DraftContext
) throws -> TableDraft {
  let instructions = instruct(changes, answers: answers, in: context)
  var edits: [FileEdit] = []
  let contractBytes = try editedContract(instructions, in: context)
  edits.append(FileEdit(path: context.files.folder.contract, bytes: contractBytes))
  var mapping = context.files.mapping
  if let before = mapping, !instructions.mappingEdits.isEmpty {
    let bytes = try edit(
      mapping: context.files.mappingBytes, path: context.files.folder.mapping,
      with: instructions.mappingEdits)
    edits.append(FileEdit(path: context.files.folder.mapping, bytes: bytes))
    mapping = before.applying(instructions.mappingEdits)
  }
  var draft = TableDraft(of: changes, mapping: mapping, in: context)
  draft.notes = instructions.notes
  draft.rewritten = rewritten(edits, in: context.files)
  try writeStatements(of: instructions, mapping: mapping, in: context, to: &draft)
  addSteps(of: instructions, in: context, to: &draft)
  edits += files(of: draft, context: context)
  if let mapping, mapping.target.kind != .none {
    let load = try context.dialect.loadSQL(
      mapping, landed: context.typesToLoad, systemColumns: context.landed.systemColumns)
    edits.append(FileEdit(path: context.files.folder.load, bytes: Array(load.utf8)))
    draft.rendersLoad = !load.utf8.elementsEqual(context.files.loadBytes)
  }
  draft.edits = edits.sorted { $0.path < $1.path }
  return draft
}

extension TableDraft {
  /// What is known before anything is drafted.
  init(of changes: [ClassifiedChange], mapping: Mapping?, in context: DraftContext) {
    self.init(
      table: context.landed.name, target: mapping?.target, rowEstimate: context.landed.rowEstimate,
      changes: changes, refused: context.refused, firstSeen: context.firstSeen, notes: [:],
      change: DriftCore.change(for: changes, in: context),
      superseded: context.superseded, statements: [], down: [], stepTexts: [], edits: [], rewritten: [])
  }
}

extension DraftContext {
  /// What `load.sql` reads: a column whose other type people said no to is read as it was.
  fileprivate var typesToLoad: [ColumnName: ColumnType] {
    var types = landedTypes(of: landed)
    if files.mapping?.target.kind == .view { return types }
    for promise in refused.leftOut.compactMap(\.change.promiseBefore) {
      if let spelled = promise.physicalType { types[promise.name] = dialect.parseType(spelled) }
    }
    return types
  }
}

/// The types that a dialect may need to read landed columns.
func landedTypes(of table: ObservedTable) -> [ColumnName: ColumnType] {
  Dictionary(
    table.columns.compactMap { column in column.type.map { (column.name, $0) } },
    uniquingKeysWith: { first, _ in first })
}

private func editedContract(_ instructions: Instructions, in context: DraftContext) throws
  -> [UInt8]
{
  guard let before = context.files.contract else {
    let fresh = contract(promising: context.landed, connection: context.connection)
    return Array(renderContract(fresh, server: context.server).utf8)
  }
  if instructions.contractEdits.isEmpty { return context.files.contractBytes }
  let part = versionPart(of: instructions.contractEdits, worst: instructions.worst)
  let edits = instructions.contractEdits + [.setVersion(bumped(before.version, by: part))]
  return try edit(
    contract: context.files.contractBytes, path: context.files.folder.contract, with: edits)
}

func change(for changes: [ClassifiedChange], in context: DraftContext) -> Change {
  Change(
    number: context.number, slug: changeSlug(changes), connection: context.connection,
    table: context.landed.name, target: context.files.mapping?.target.table,
    findings: changes.map { change in
      Finding(
        fingerprint: change.fingerprint, rule: change.verdict.rule, colour: change.colour,
        column: change.change.column?.text, judgedBy: judges(of: change),
        text: change.verdict.message)
    },
    acknowledgements: changes.filter { $0.colour == .red }.map { change in
      let name = change.change.column.map { "\($0): " } ?? ""
      return Acknowledgement(
        fingerprint: change.fingerprint, text: name + change.verdict.message)
    }, supersedes: context.superseded?.number)
}

/// `rules`, and the model's name where it had a word in it.
private func judges(of change: ClassifiedChange) -> String {
  for reason in change.reasons {
    if case .model(let name) = reason.author { return "rules and \(name)" }
  }
  return "rules"
}

/// `add-tier`, or `3-changes`: for people; at most 40 characters of `[a-z0-9-]`.
private func changeSlug(_ changes: [ClassifiedChange]) -> String {
  guard changes.count == 1, let change = changes.first else { return "\(changes.count)-changes" }
  let verb: String =
    switch change.change {
    case .tableAdded, .columnAdded, .columnLanded, .targetColumnMissing: "add"
    case .columnBlocked, .tableEnabled: "enable"
    case .tableDisabled: "disable"
    case .columnReadded: "readd"
    case .tableRemoved, .columnRemoved: "deprecate"
    case .columnRenamed: "rename-to"
    case .mappingEdited: "render"
    case .changeWithdrawn: "undo"
    case .typeChanged, .targetTypeNarrower: "retype"
    case .connectionChanged, .tableRenameSuspected, .syncModeChanged, .tableKindChanged, .primaryKeyChanged,
      .uniqueAdded, .uniqueDropped, .renameSuspected, .unitSuspected, .referenceOrphaned, .contractEdited,
      .columnDisabled, .columnEnabled, .columnHashed, .columnUnhashed, .nullabilityRelaxed, .nullabilityTightened,
      .targetMissing, .targetTypeDiffers:
      "note"
    }
  if case .changeWithdrawn(let undone) = change.change { return "\(verb)-\(numbered(undone.number))" }
  let name = (change.change.column?.text ?? "table").lowercased().unicodeScalars.map { scalar in
    let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
    return isPlain ? Character(scalar) : "-"
  }
  return "\(verb)-" + String(name.prefix(30))
}

func writeStatements(
  of instructions: Instructions, mapping: Mapping?, in context: DraftContext,
  to draft: inout TableDraft
) throws {
  guard let mapping else { return }
  var actions = instructions.actions
  if !instructions.backfill.isEmpty { actions.append(.backfill(instructions.backfill)) }
  actions = try context.keepingView(actions, mapping: mapping)
  draft.change.actions = actions
  if draft.change.keptView != nil { draft.dependants = context.target?.view?.dependants ?? [] }
  let landed = landedTypes(of: context.landed)
  for action in actions {
    draft.statements.append(
      try context.dialect.statement(
        for: action, mapping: mapping, landed: landed,
        systemColumns: context.landed.systemColumns))
    if let down = try wayBack(from: action, of: draft.change, mapping: mapping, in: context) {
      draft.down.insert(down, at: 0)
    } else if action.kind == .backfill || action.kind == .grant {
      // Taking the column away again takes its values with it, and the view its grants.
    } else {
      draft.change.irreversible = reasonForNoWayBack(from: action, mapping: mapping, in: context)
    }
  }
  draft.change.footprint = footprint(of: actions, mapping: mapping, landed: landed, in: context)
}

/// A view goes back to what the mapping said before, unless the old one was kept; everything else has a statement of its
/// own or none.
private func wayBack(
  from action: AlterAction, of change: Change, mapping: Mapping, in context: DraftContext
) throws -> String? {
  if case .replaceView = action {
    return change.keptView == nil
      ? viewBefore(mapping, in: context) : try context.dialect.alter(mapping.target.table, .dropView)
  }
  return try context.dialect.down(
    for: action, mapping: mapping, typeBefore: typeBefore(action, in: context))
}

private func reasonForNoWayBack(from action: AlterAction, mapping: Mapping, in context: DraftContext) -> String {
  guard case .replaceView = action, let before = context.files.mapping, before != mapping else {
    return "no statement undoes this step: \(action.words)"
  }
  return "\(context.dialect.title) does not take the view as it was before in the place of this one"
}

/// The statement that makes the view as the mapping said before; nil where the warehouse does not take that one in its place.
private func viewBefore(_ mapping: Mapping, in context: DraftContext) -> String? {
  guard let before = context.files.mapping, before != mapping, before.feedsSameTarget(as: mapping),
    context.dialect.viewCanBeReplaced(old: mapping.shape(context.dialect), new: before.shape(context.dialect))
  else { return nil }
  return try? context.dialect.statement(
    for: .replaceView, mapping: before, landed: landedTypes(of: context.landed),
    systemColumns: context.landed.systemColumns)
}

private func footprint(
  of actions: [AlterAction], mapping: Mapping, landed: [ColumnName: ColumnType],
  in context: DraftContext
) -> Footprint {
  var footprint = Footprint()
  let current = Dictionary(
    (context.target?.columns ?? []).map { ($0.name, context.dialect.parseType($0.physicalType)) },
    uniquingKeysWith: { first, _ in first })
  func read(_ column: MappingColumn) {
    for source in column.sources { footprint.landed[source] = landed[source] }
  }
  /// What is there before the first action on it: a later one relies on an earlier one.
  func rely(on name: ColumnName, _ type: ColumnType?) {
    if footprint.target.index(forKey: name) == nil { footprint.target[name] = .some(type) }
  }
  for action in actions {
    switch action {
    case .addColumn(let name, _):
      rely(on: name, nil)
    case .setType(let name, _), .dropColumn(let name), .dropNotNull(let name),
      .setNotNull(let name), .commentColumn(let name, _):
      rely(on: name, current[name])
    case .copyColumn(let from, _, let to, _):
      rely(on: from, current[from])
      rely(on: to, current[to])
    case .renameColumn(let from, let to):
      rely(on: from, current[from])
      rely(on: to, nil)
    case .addPrimaryKey(let names): names.forEach { rely(on: $0, current[$0]) }
    case .renameTable where mapping.target.kind == .view:
      for (name, type) in current { rely(on: name, type) }
    case .commentTable, .dropPrimaryKey, .renameTable, .grant: break
    case .replaceView, .dropView:
      mapping.columns.forEach(read)
    case .backfill(let names):
      for column in mapping.columns where column.isKey || names.contains(column.target) {
        read(column)
      }
    }
  }
  return footprint
}

func files(of draft: TableDraft, context: DraftContext) -> [FileEdit] {
  let folder = context.files.folder
  func file(_ name: String, _ text: String) -> FileEdit {
    FileEdit(path: folder.file(name, of: draft.change), bytes: Array(text.utf8))
  }
  var edits = [file("change.yaml", renderChange(draft.change))]
  if !draft.statements.isEmpty { edits.append(file("up.sql", script(draft.statements))) }
  if !draft.down.isEmpty { edits.append(file("down.sql", script(draft.down))) }
  return edits
}

func rewritten(_ edits: [FileEdit], in files: TableFiles) -> [RewrittenFile] {
  let known = [
    (name: "contract.odcs.yaml", path: files.folder.contract, before: files.contractBytes),
    (name: "mapping.yaml", path: files.folder.mapping, before: files.mappingBytes),
  ]
  return known.compactMap { file in
    guard !file.before.isEmpty, let after = edits.first(where: { $0.path == file.path })?.bytes, after != file.before
    else { return nil }
    return RewrittenFile(name: file.name, before: file.before, after: after)
  }
}

/// Statements only, each ended by `;`.
func script(_ statements: [String]) -> String {
  statements.map { $0 + ";\n" }.joined(separator: "\n")
}
