/// Drafts the way back of an applied change as a change like any other: its reviewed down.sql, contract and mapping without
/// what its landing wrote, and everything that it relies on as it is now.
///
/// - Parameters:
///   - changes: the finding that it is to be undone.
///   - later: changes of the table that are in force and came after it.
/// - Throws: `UndoRefusal` with the reason where it cannot be undone, `EditRefusal`, a dialect's refusal.
package func draft(
  undoing merged: MergedChange, as changes: [ClassifiedChange], later: [Change], in context: DraftContext
) throws -> TableDraft {
  let way = try merged.wayBack(context.dialect)
  if let other = merged.builder(among: later) {
    throw UndoRefusal(
      "change \(other.folder) was applied after \(merged.change.folder) and is about the same",
      hint: "undo \(numbered(other.number)) first")
  }
  var files = context.files
  files.contractBytes = try merged.contractTurnedBack(in: files)
  files.mappingBytes = try merged.mappingTurnedBack(in: files)
  files.mapping = parseMapping(files.mappingBytes, path: files.folder.mapping).0
  var draft = TableDraft(of: changes, mapping: files.mapping, in: context)
  draft.change.undoes = merged.change.number
  var instructions = Instructions()
  instructions.actions = way.actions
  instructions.patches = way.patches
  guard way.actions.isEmpty || files.mapping != nil else {
    throw UndoRefusal(
      "\(files.folder.mapping) is not on the protected branch any more", hint: "put the table's files back first")
  }
  try writeStatements(of: instructions, mapping: files.mapping, in: context, to: &draft)
  let refusals = context.dialect.verify(
    statements: way.statements, against: draft.change, mapping: files.mapping, landed: landedTypes(of: context.landed),
    systemColumns: context.landed.systemColumns)
  if let refusal = refusals.first {
    throw UndoRefusal(
      "the down.sql of \(merged.change.folder) does not say what takes it back now: \(refusal)",
      hint: "write the way back by hand, with a change drafted by: mooring draft")
  }
  draft.statements = way.statements
  addSteps(of: instructions, in: context, to: &draft)
  var edits = [FileEdit(path: files.folder.contract, bytes: files.contractBytes)]
  if !files.mappingBytes.isEmpty { edits.append(FileEdit(path: files.folder.mapping, bytes: files.mappingBytes)) }
  draft.rewritten = rewritten(edits, in: context.files)
  for change in changes {
    let names = draft.rewritten.map(\.name).joined(separator: " and ")
    draft.notes[change.fingerprint] = [
      "runs the down.sql that was reviewed with \(merged.change.folder)",
      names.isEmpty ? "contract and mapping are as they were before it" : "takes what it wrote out of \(names)",
      "its findings then count as refused: they are not proposed again until they change",
    ]
  }
  edits += DriftCore.files(of: draft, context: context)
  if let mapping = files.mapping, mapping.target.kind != .none {
    let load = try context.dialect.loadSQL(
      mapping, landed: landedTypes(of: context.landed), systemColumns: context.landed.systemColumns)
    edits.append(FileEdit(path: files.folder.load, bytes: Array(load.utf8)))
  }
  draft.edits = edits.sorted { $0.path < $1.path }
  return draft
}
