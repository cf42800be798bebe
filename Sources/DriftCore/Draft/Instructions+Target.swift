extension Instructions {
  /// A target column for a landed one: mapping line, statement, and old rows where that is safe.
  mutating func map(
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
    if let other = mapping.columns.first(where: { context.dialect.clashes($0.target, with: target) })?.target {
      note(
        change,
        other == target
          ? "not mapped: the target already has a column of that name from another source"
          : "not mapped: \(DraftRefusal.taken(target, by: other))")
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
  mutating func restore(
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

  /// Brings a view, or the load of a table, to what its mapping says already.
  mutating func render(_ target: Target, for change: ClassifiedChange) {
    switch target.kind {
    case .none: break
    case .view: if !actions.contains(.replaceView) { actions.append(.replaceView) }
    case .table:
      note(change, "load.sql is rendered anew; rows that are there keep their values until it has run")
    }
  }

  mutating func alter(
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
    } else if let other = target.columns.first(where: { context.dialect.clashes($0.name, with: column.target) })?.name {
      note(
        change, "nothing is drafted: \(DraftRefusal.taken(column.target, by: other))")
      return
    } else {
      actions.append(.addColumn(column.target, type))
    }
    if let reason = reasonNotToBackfill(mapping, target: target, landed: context.landed) {
      note(change, "old rows are not filled: \(reason)")
    } else {
      backfill.append(column.target)
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
