/// What to do about a table's changes, before anything is written out.
struct Instructions {
  var contractEdits: [ContractEdit] = []
  var mappingEdits: [MappingEdit] = []
  /// Without backfills, which follow everything else.
  var actions: [AlterAction] = []
  var backfill: [ColumnName] = []
  var patches: [SettingsPatch] = []
  /// Landed columns that only a sync after the patches brings.
  var awaited: [ColumnName] = []
  /// By fingerprint, in words for the reviewer.
  var notes: [String: [String]] = [:]
  /// Decides the contract's next version.
  var worst: ReaderEffect = .safe

  mutating func note(_ change: ClassifiedChange, _ text: String) {
    notes[change.fingerprint, default: []].append(text)
  }
}

/// Turns judged changes into edits, actions and settings; the order of the changes is the order of the instructions.
func instruct(
  _ changes: [ClassifiedChange], answers: [String: Opinion.Answer], in context: DraftContext
) -> Instructions {
  var instructions = Instructions()
  for change in changes {
    instructions.worst = max(instructions.worst, change.verdict.readers)
    instructions.add(change, answer: answers[change.fingerprint], in: context)
  }
  return instructions
}

extension Instructions {
  fileprivate mutating func add(
    _ change: ClassifiedChange, answer: Opinion.Answer?, in context: DraftContext
  ) {
    switch change.change {
    case .tableAdded:
      note(change, "writes a contract that promises what has landed")
    case .tableRemoved:
      contractEdits.append(.deprecateTable)
      note(change, "marks the contract deprecated; the landed table is left alone")
    case .tableRenameSuspected(let from, let to, _):
      note(change, "drafted as two tables: \(from) stays as it is and no longer changes, \(to) is a table of its own")
      note(change, "as one table: point the mapping and the readers of \(from) at \(to); old rows stay in \(from)")
    case .tableDisabled, .tableEnabled, .syncModeChanged, .primaryKeyChanged:
      note(change, "reported only: edit the contract, or set it back in Fivetran")
    case .columnAdded(let column):
      promise(column, for: change)
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
    case .columnRenamed(let from, let to, _):
      rename(from, to: to, for: change, answer: answer, in: context)
    case .renameSuspected(let from, let to, _):
      suspect(from, to: to, for: change, in: context)
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
    case .targetMissing, .targetTypeDiffers:
      note(change, "reported only: a person says which of the two is right")
    case .targetColumnMissing(let column):
      restore(column, for: change, in: context)
    case .targetTypeNarrower(let column, _):
      let isRetyped = actions.contains { if case .setType(column.target, _) = $0 { true } else { false } }
      if !isRetyped {
        actions.append(.setType(column.target, context.dialect.parseType(column.type)))
      }
    }
  }

  private mutating func promise(_ column: ObservedColumn, for change: ClassifiedChange) {
    var promised = DriftCore.promise(of: column)
    if change.verdict.rule == sensitiveRule {
      promised.classification = "restricted"
      promised.isHashed = true
    }
    contractEdits.append(.addColumn(promised))
  }

  /// A target column for a landed one: mapping line, statement, and old rows where that is safe.
  private mutating func map(
    _ column: ObservedColumn, for change: ClassifiedChange, answer: Opinion.Answer?,
    in context: DraftContext
  ) {
    if change.verdict.rule == sensitiveRule {
      hash(column, for: change, in: context)
    }
    guard let mapping = context.files.mapping, mapping.target.kind != .none else { return }
    if mapping.columns.contains(where: { $0.sources.contains(column.name) }) { return }
    guard let landed = column.type, context.dialect.typeName(landed) != nil else {
      note(change, "not mapped: its type is not one that Mooring knows")
      return
    }
    let target = answer?.targetName ?? column.name
    guard context.dialect.canAdd(target) else {
      note(change, "not mapped: choose a plain target name in mapping.yaml")
      return
    }
    if mapping.columns.contains(where: { $0.target == target }) {
      note(change, "not mapped: the target already has a column of that name from another source")
      return
    }
    let isHashed = change.verdict.rule == sensitiveRule
    let (type, conversion) = mapped(landed, by: isHashed ? nil : answer, dialect: context.dialect)
    let added = MappingColumn(
      sources: [column.name], target: target, type: context.dialect.typeName(type) ?? "",
      conversion: conversion)
    mappingEdits.append(.addColumn(added))
    if type != landed, !widens(landed, to: type) {
      note(
        change,
        "mapped to \(added.type) with \(conversion.yaml): values that do not fit become NULL")
    }
    alter(with: added, type: type, for: change, mapping: mapping, in: context)
  }

  /// Brings a target to what its mapping says already.
  private mutating func restore(
    _ column: MappingColumn, for change: ClassifiedChange, in context: DraftContext
  ) {
    guard let before = context.files.mapping else { return }
    // What landed may have changed as well, and the mapping with it.
    let mapping = before.applying(mappingEdits)
    guard let column = mapping.columns.first(where: { $0.target == column.target }) else { return }
    let type = context.dialect.parseType(column.type)
    if context.dialect.canAdd(column.target), context.dialect.typeName(type) != nil {
      alter(with: column, type: type, for: change, mapping: mapping, in: context)
    } else {
      note(change, "nothing is drafted: its name or type is not one that Mooring writes")
    }
  }

  private mutating func alter(
    with column: MappingColumn, type: ColumnType, for change: ClassifiedChange, mapping: Mapping,
    in context: DraftContext
  ) {
    guard let target = context.target else {
      note(change, "\(mapping.target.table) is not there yet, so no statement is drafted for it")
      return
    }
    if mapping.target.kind == .view {
      if !actions.contains(.replaceView) { actions.append(.replaceView) }
      return
    }
    if let existing = target.columns.first(where: { $0.name == column.target }) {
      let isSame = context.dialect.parseType(existing.physicalType) == type
      note(
        change,
        isSame
          ? "the target has the column already"
          : "the target has a column of that name with type \(existing.physicalType): a person chooses"
      )
      if !isSame { return }
    } else {
      actions.append(.addColumn(column.target, type))
    }
    if let reason = reasonNotToBackfill(mapping, target: target, landed: context.landed) {
      note(change, "old rows are not filled: \(reason)")
    } else {
      backfill.append(column.target)
    }
  }

  private mutating func hash(
    _ column: ObservedColumn, for change: ClassifiedChange, in context: DraftContext
  ) {
    note(
      change,
      "clear text is in \(context.landed.name) since the last sync; only a re-sync of the table removes it"
    )
    guard context.settingsOwner == .mooring else {
      note(change, "settings belong to \(context.settingsOwner.rawValue): set \"hashed\" there")
      return
    }
    guard let source = column.sourceName else {
      note(change, "its source name is not known yet: set \"hashed\" in Fivetran")
      return
    }
    patches.append(
      SettingsPatch(table: context.landed.source, column: source, enabled: true, hashed: true))
    note(change, "switches on hashing in Fivetran; new rows carry the hash")
  }

  private mutating func unblock(
    _ column: ObservedColumn, for change: ClassifiedChange, in context: DraftContext
  ) {
    contractEdits.append(.addColumn(ContractColumn(name: column.name)))
    guard context.settingsOwner == .mooring, let source = column.sourceName else {
      note(
        change,
        "settings belong to \(context.settingsOwner.rawValue): enable the column there; once it lands, a second proposal maps it"
      )
      return
    }
    let isSensitive = sensitiveWord(in: column.name) != nil
    patches.append(
      SettingsPatch(
        table: context.landed.source, column: source, enabled: true,
        hashed: isSensitive ? true : nil))
    awaited.append(column.name)
    note(
      change,
      "enables it in Fivetran and waits for a sync; a second proposal maps it, with the type then observed. Rows synced before lack it until a re-sync"
    )
  }

  private mutating func rename(
    _ from: ContractColumn, to: ObservedColumn, for change: ClassifiedChange,
    answer: Opinion.Answer?, in context: DraftContext
  ) {
    var promised = DriftCore.promise(of: to)
    promised.synonyms = [from.name.text]
    promised.classification = from.classification
    contractEdits.append(.addColumn(promised))
    contractEdits.append(.setDeprecated(from.name))
    guard let mapping = context.files.mapping, mapping.target.kind != .none else { return }
    let readers = mapping.columns.filter { $0.sources.contains(from.name) }
    for column in readers {
      let sources = [to.name] + column.sources.filter { $0 != to.name }
      mappingEdits.append(.setSources(target: column.target, sources))
      note(
        change,
        "\(column.target) reads \(to.name) first and \(from.name) for old rows; its readers notice nothing"
      )
      if let type = to.type, !type.isUnrecognized {
        let before = from.physicalType.map(context.dialect.parseType) ?? type
        retype(column, from: before, to: type, for: change, mapping: mapping, in: context)
      }
    }
    if readers.isEmpty {
      map(to, for: change, answer: answer, in: context)
    } else if mapping.target.kind == .view, context.target != nil,
      !actions.contains(.replaceView)
    {
      actions.append(.replaceView)
    }
  }

  /// Both readings, and what each does to the data. The one that mixes no values is the one drafted.
  private mutating func suspect(
    _ from: ContractColumn, to: ObservedColumn, for change: ClassifiedChange, in context: DraftContext
  ) {
    let readers =
      context.files.mapping?.columns.filter { $0.sources.contains(from.name) }.map(\.target) ?? []
    note(
      change,
      "drafted as two columns: \(from.name) keeps its old values and is NULL in new rows, \(to.name) is a column of its own"
    )
    if let reader = readers.first {
      note(
        change,
        "as one column: let \(reader) read [\(to.name), \(from.name)] in mapping.yaml; it then shows new values from \(to.name) and old ones from \(from.name), which is wrong if they are two things"
      )
    } else {
      note(
        change,
        "as one column: write \(to.name) as a synonym of \(from.name) in the contract; it is then proposed as a rename, and nothing in the warehouse changes"
      )
    }
  }

  private mutating func retype(
    _ promise: ContractColumn, from: ColumnType, to: ObservedColumn, for change: ClassifiedChange,
    in context: DraftContext
  ) {
    guard let physicalType = to.physicalType, let type = to.type, !type.isUnrecognized else {
      note(change, "nothing is drafted: a person chooses")
      return
    }
    contractEdits.append(
      .setType(promise.name, physicalType: physicalType, logicalType: logicalType(of: type)))
    guard let mapping = context.files.mapping, mapping.target.kind != .none else { return }
    for column in mapping.columns where column.sources.contains(promise.name) {
      retype(column, from: from, to: type, for: change, mapping: mapping, in: context)
    }
  }

  /// The target follows where it can hold every value in place; else it keeps its type and the mapping converts.
  private mutating func retype(
    _ column: MappingColumn, from: ColumnType, to type: ColumnType, for change: ClassifiedChange,
    mapping: Mapping, in context: DraftContext
  ) {
    let dialect = context.dialect
    let current = dialect.parseType(column.type)
    if current == type || (column.conversion != .none && column.conversion != .cast) { return }
    if column.conversion == .none, widens(type, to: current) { return }
    let isTable = mapping.target.kind == .table && context.target != nil
    if isTable, column.conversion == .none, widens(current, to: type), type.isText == from.isText,
      case .inPlace = dialect.change(from: current, to: type), let name = dialect.typeName(type)
    {
      // A column that the target lacks is added with its new type.
      if context.target?.columns.contains(where: { $0.name == column.target }) ?? false {
        actions.append(.setType(column.target, type))
      }
      mappingEdits.append(.setType(target: column.target, name, .none))
      return
    }
    let conversion: Conversion = widens(type, to: current) ? .none : isTable ? .tryCast : .cast
    if conversion != column.conversion {
      mappingEdits.append(.setType(target: column.target, column.type, conversion))
    }
    let fate =
      conversion == .tryCast
      ? "values that do not fit become NULL" : "values that do not fit fail the query"
    note(change, "\(column.target) keeps \(column.type) and converts; \(fate)")
    if mapping.target.kind == .view, context.target != nil, !actions.contains(.replaceView) {
      actions.append(.replaceView)
    }
  }
}

/// The target type and conversion of a landed column: the model's choice where it is among those that were offered, else
/// the landed type as it is.
private func mapped(
  _ landed: ColumnType, by answer: Opinion.Answer?, dialect: Dialect
) -> (ColumnType, Conversion) {
  let chosen = answer?.type.map(dialect.parseType)
  let type = targetTypes(for: landed).first { $0 == chosen && dialect.typeName($0) != nil } ?? landed
  let offered = conversions(from: landed, to: type)
  let conversion = offered.first { $0.yaml == answer?.conversion }
  return (type, conversion ?? offered[0])
}

/// Old rows are filled only along a key that is unique on both sides, or rows would be mixed up.
private func reasonNotToBackfill(
  _ mapping: Mapping, target: CatalogueTable, landed: ObservedTable
) -> String? {
  let keys = mapping.columns.filter(\.isKey)
  if keys.isEmpty { return "the mapping names no key" }
  if keys.contains(where: { $0.sources.count != 1 || $0.conversion != .none }) {
    return "the key is converted on its way"
  }
  let targetKey = keys.map(\.target).sorted()
  if !target.uniqueKeys.contains(where: { $0.sorted() == targetKey }) {
    return "(\(targetKey.map(\.text).joined(separator: ", "))) is not a unique key of \(target.name)"
  }
  let landedKey = keys.map { $0.sources[0] }.sorted()
  if !landed.uniqueKeys.contains(landedKey) {
    return "(\(landedKey.map(\.text).joined(separator: ", "))) is not a unique key of \(landed.name)"
  }
  return nil
}
