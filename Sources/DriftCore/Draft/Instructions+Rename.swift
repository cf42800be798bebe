extension Instructions {
  mutating func rename(
    _ from: ContractColumn, to: ObservedColumn, for change: ClassifiedChange,
    answer: Opinion.Answer?, in context: DraftContext
  ) {
    var promised = context.promise(of: to)
    promised.synonyms = [from.name.text]
    promised.classification = from.classification
    contractEdits.append(.addColumn(promised))
    if context.files.contract?.mentions.contains(from.name) ?? false {
      contractEdits.append(.redirect(from.name, to: to.name))
    }
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
  mutating func suspect(
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

  mutating func retype(
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

  /// A column that went may have landed with another type before: its old values are read with that one.
  mutating func followLanded(
    _ promise: ContractColumn, for change: ClassifiedChange, in context: DraftContext
  ) {
    guard let landed = context.landed.columns.first(where: { $0.name == promise.name }), let type = landed.type,
      let before = promise.physicalType.map(context.dialect.parseType), before != type
    else { return }
    retype(promise, from: before, to: landed, for: change, in: context)
  }

  /// The target follows where it can hold every value in place; else it keeps its type and the mapping converts.
  mutating func retype(
    _ column: MappingColumn, from: ColumnType, to type: ColumnType, for change: ClassifiedChange,
    mapping: Mapping, in context: DraftContext
  ) {
    let dialect = context.dialect
    let current = dialect.parseType(column.type)
    if current == type || (column.conversion != .none && column.conversion != .cast) { return }
    if column.conversion == .none, widens(type, to: current) { return }
    let isTable = mapping.target.kind == .table && context.target != nil
    var refusal: RetypeRefusal?
    if isTable, column.conversion == .none, widens(current, to: type), type.isText == from.isText,
      let name = dialect.typeName(type)
    {
      do {
        let work = try retyping(column, from: current, to: type, in: context)
        // A column that the target lacks is added with its new type.
        if context.target?.columns.contains(where: { $0.name == column.target }) ?? false {
          actions += work
          tellSwap(work, for: change)
        }
        mappingEdits.append(.setType(target: column.target, name, .none))
        return
      } catch { refusal = error }
    }
    // Every value can be written as JSON, and without its key a row would be left out with nothing to tell of it.
    let isWhole = current == .json && !type.isText || column.isKey
    let conversion: Conversion = widens(type, to: current) ? .none : isTable && !isWhole ? .tryCast : .cast
    if conversion != column.conversion {
      mappingEdits.append(.setType(target: column.target, column.type, conversion))
    }
    let fate =
      switch conversion {
      case .none: ": every value fits as it is"
      case .tryCast where change.verdict.rule == "type.incompatible":
        " and converts; no value of another kind fits it, so all become NULL"
      case .tryCast: " and converts; values that do not fit become NULL"
      case .cast where current == .json && !type.isText: " and converts; every value can be written so"
      default: " and converts; values that do not fit fail the \(isTable ? "load" : "query")"
      }
    note(change, "\(column.target) keeps \(column.type)\(fate)")
    if let refusal, refusal.isAboutColumn { note(change, "its type is not changed: \(refusal)") }
    if mapping.target.kind == .view, context.target != nil, !actions.contains(.replaceView) {
      actions.append(.replaceView)
    }
  }

  /// What gives a target's column its new type.
  private func retyping(
    _ column: MappingColumn, from: ColumnType, to type: ColumnType, in context: DraftContext
  ) throws(RetypeRefusal) -> [AlterAction] {
    try context.dialect.retype(
      RetypedColumn(column, in: context.target), from: from, to: type,
      taken: context.target?.columns.map(\.name) ?? [])
  }

  /// Says what is left behind, where the type changes in steps.
  private mutating func tellSwap(_ work: [AlterAction], for change: ClassifiedChange) {
    guard work.count > 1, case .renameColumn(let name, let old) = work[2] else { return }
    note(
      change,
      "the type of \(name) cannot be changed in place: a new column is filled and takes its name, and the old one stays as \(old); pause what loads the target meanwhile"
    )
  }
}
