/// Turns judged changes into edits, actions and settings; the order of the changes is the order of the instructions.
func instruct(
  _ changes: [ClassifiedChange], answers: [String: Opinion.Answer], in context: DraftContext
) -> Instructions {
  var instructions = Instructions()
  for change in changes {
    instructions.worst = max(instructions.worst, change.verdict.readers)
    instructions.add(change, answer: answers[change.fingerprint], in: context)
  }
  instructions.writeKey(in: context)
  return instructions
}

extension Instructions {
  fileprivate mutating func add(
    _ change: ClassifiedChange, answer: Opinion.Answer?, in context: DraftContext
  ) {
    switch change.change {
    case .connectionChanged, .contractEdited, .changeWithdrawn:
      note(change, "reported only")
    case .tableAdded:
      note(change, "writes a contract that promises what has landed")
    case .tableRemoved:
      contractEdits.append(.deprecateTable)
      note(change, "marks the contract deprecated; the landed table is left alone")
    case .tableRenameSuspected(let from, let to, _):
      note(change, "drafted as two tables: \(from) stays as it is and no longer changes, \(to) is a table of its own")
      note(change, "as one table: point the mapping and the readers of \(from) at \(to); old rows stay in \(from)")
    case .tableDisabled, .tableEnabled, .tableKindChanged, .syncModeChanged, .primaryKeyChanged:
      follow(change, in: context)
    case .columnAdded(let column):
      promise(column, for: change, in: context)
      map(column, for: change, answer: answer, in: context)
    case .columnLanded(let column):
      if let type = column.physicalType {
        contractEdits.append(
          .setType(
            column.name, physicalType: type, logicalType: column.type.flatMap(logicalType)))
      }
      contractEdits.append(.setSourceColumn(column.name, column.sourceName ?? column.name.text))
      map(column, for: change, answer: answer, in: context)
    case .columnBlocked(let column):
      unblock(column, for: change, in: context)
    case .columnRemoved(let column):
      contractEdits.append(.setDeprecated(column.name))
      note(change, "marks the column deprecated in the contract; nothing is dropped")
      let named = context.files.contract?.references.filter { $0.column == column.name } ?? []
      if !named.isEmpty {
        let words = named.map { "\($0.kind.rawValue) \"\($0.name)\"" }.joined(separator: ", ")
        note(
          change, "stays named by the contract's \(words): that is still right, and what it says is of old rows only")
      }
      followLanded(column, for: change, in: context)
    case .columnRenamed(let from, let to, _):
      rename(from, to: to, for: change, answer: answer, in: context)
    case .renameSuspected(let from, let to, _):
      suspect(from, to: to, for: change, in: context)
    case .unitSuspected(let from, let to, _):
      note(
        change,
        "drafted as two columns: \(from.name) keeps its old values, \(to.name) is a column of its own; a mapping that reads both mixes them"
      )
    case .columnReadded(let promise, let column):
      contractEdits.append(.setPromised(promise.name))
      if let source = column.sourceName, source != promise.sourceColumn {
        contractEdits.append(.setSourceColumn(promise.name, source))
      }
      guard let from = promise.physicalType.map(context.dialect.parseType), from != column.type else { break }
      retype(promise, from: from, to: column, for: change, in: context)
    case .columnDisabled(let column):
      contractEdits.append(.setEnabled(column.name, false))
    case .columnEnabled(let column):
      contractEdits.append(.setEnabled(column.name, true))
    case .columnHashed(let column):
      contractEdits.append(.setHashed(column.name, true))
    case .columnUnhashed(let column):
      contractEdits.append(.setHashed(column.name, false))
      note(change, "merging this promises clear text; to keep the hash, set it back in Fivetran")
    case .typeChanged(let promise, let from, let to):
      retype(promise, from: from, to: to, for: change, in: context)
    case .nullabilityRelaxed(let column):
      contractEdits.append(.setRequired(column.name, false))
    case .nullabilityTightened(let column):
      contractEdits.append(.setRequired(column.name, true))
    case .uniqueAdded(let column):
      contractEdits.append(.setUnique(column.name, true))
    case .uniqueDropped(let column):
      contractEdits.append(.setUnique(column.name, false))
    case .referenceOrphaned(let reference, let heir):
      note(
        change,
        "the \(reference.kind.rawValue) \"\(reference.name)\" is left as it is: let it name \(heir) on this branch")
    case .targetMissing, .targetTypeDiffers:
      note(change, "reported only: a person says which of the two is right")
    case .mappingEdited(let target, _):
      render(target, for: change)
    case .targetColumnMissing(let column):
      restore(column, for: change, in: context)
    case .targetTypeNarrower(let column, _):
      let isRetyped = actions.contains { if case .setType(column.target, _) = $0 { true } else { false } }
      if !isRetyped {
        actions.append(.setType(column.target, context.dialect.parseType(column.type)))
      }
    }
  }

  mutating func promise(_ column: ObservedColumn, for change: ClassifiedChange, in context: DraftContext) {
    var promised = context.promise(of: column)
    if change.verdict.rule == sensitiveRule {
      promised.classification = "restricted"
      promised.isHashed = true
    }
    contractEdits.append(.addColumn(promised))
  }
}
