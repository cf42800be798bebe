/// Drafts the change folder, and `load.sql`, for what a person edited: contract and mapping stay as they wrote them.
///
/// - Parameter changes: what the edit means. Where there are none, `load.sql` alone is drafted.
/// - Throws: a dialect's refusal where a name or a type cannot be written.
package func draft(edited changes: [ClassifiedChange], in context: DraftContext) throws -> TableDraft {
  let mapping = context.files.mapping
  var draft = TableDraft(of: changes, mapping: mapping, in: context)
  if !changes.isEmpty {
    let instructions = instruct(changes.filter(\.change.isAboutTarget), answers: [:], in: context)
    draft.notes = instructions.notes
    try writeStatements(of: instructions, mapping: mapping, in: context, to: &draft)
    addSteps(of: instructions, in: context, to: &draft)
    draft.edits = files(of: draft, context: context)
  }
  if let mapping, mapping.target.kind != .none {
    let load = try context.dialect.loadSQL(
      mapping, landed: landedTypes(of: context.landed), systemColumns: context.landed.systemColumns)
    draft.edits.append(FileEdit(path: context.files.folder.load, bytes: Array(load.utf8)))
  }
  draft.edits.sort { $0.path < $1.path }
  return draft
}

extension SchemaChange {
  /// Whether it is the target that differs from its mapping, and not a contract from what lands.
  var isAboutTarget: Bool {
    switch self {
    case .targetMissing, .targetColumnMissing, .targetTypeNarrower, .targetTypeDiffers, .mappingEdited,
      .changeWithdrawn:
      true
    case .connectionChanged, .tableAdded, .tableRemoved, .tableRenameSuspected, .tableDisabled, .tableEnabled,
      .syncModeChanged, .tableKindChanged, .primaryKeyChanged, .uniqueAdded, .uniqueDropped, .unitSuspected,
      .columnReadded, .referenceOrphaned, .contractEdited, .columnAdded, .columnBlocked, .columnLanded, .columnRemoved,
      .columnRenamed,
      .renameSuspected, .columnDisabled, .columnEnabled, .columnHashed, .columnUnhashed, .typeChanged,
      .nullabilityRelaxed, .nullabilityTightened:
      false
    }
  }
}
