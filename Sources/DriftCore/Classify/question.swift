import Cryptography
import JSON

/// Returns what to ask the model about one table's changes, each with its fixed choices; nil where nothing changed.
package func question(
  about changes: [ClassifiedChange], connection: ConnectionName, service: String,
  table: TableName, mapping: Mapping?, dialect: Dialect, model: String
) -> Question? {
  if changes.isEmpty { return nil }
  let items = changes.enumerated().map { index, change in
    item("c\(index + 1)", about: change, mapping: mapping, dialect: dialect)
  }
  var question = Question(
    fingerprint: "", connection: connection, service: service, table: table, items: items)
  question.fingerprint = sha256Hex(canonical(question, model: model).canonicalText)
  return question
}

private func item(
  _ id: String, about change: ClassifiedChange, mapping: Mapping?, dialect: Dialect
) -> Question.Item {
  var item = Question.Item(
    id: id, finding: change.fingerprint, rule: change.verdict.rule,
    fact: fact(of: change.change), readers: change.verdict.readers)
  switch change.change {
  case .columnAdded(let column), .columnLanded(let column):
    guard let mapping, mapping.target.kind != .none, let type = column.type else { break }
    let taken = Set(mapping.columns.map(\.target))
    item.targetNames = targetNames(for: column.name).filter { !taken.contains($0) }
    // What becomes a hash has no type of its own any more.
    let types = change.verdict.rule == sensitiveRule ? [type] : targetTypes(for: type)
    item.types = types.compactMap(dialect.typeName)
    var conversions: [Conversion] = []
    for target in types {
      conversions += DriftCore.conversions(from: type, to: target).filter { !conversions.contains($0) }
    }
    item.conversions = conversions.map(\.yaml)
  case .columnRenamed(let from, _, _), .renameSuspected(let from, _, _):
    item.renameCandidates = [from.name]
  default:
    break
  }
  return item
}

/// The landed name, and without a custom-field suffix where it has one.
func targetNames(for name: ColumnName) -> [ColumnName] {
  guard name.text.hasSuffix("_c"), name.text.utf8.count > 3 else { return [name] }
  return [name, ColumnName(String(name.text.dropLast(2)))]
}

/// One line for the model and for machines; people read the verdict's message.
func fact(of change: SchemaChange) -> String {
  switch change {
  case .connectionChanged(let change): fact(of: change)
  case .tableAdded(let table): "table added: \(table.name), \(table.columns.count) columns"
  case .tableRemoved: "table removed at the source"
  case .tableRenameSuspected(let from, let to, _): "table removed: \(from); table added: \(to)"
  case .tableDisabled: "table switched off"
  case .tableEnabled: "table switched on"
  case .syncModeChanged(_, let from, let to): "sync mode \(from.rawValue) -> \(to.rawValue)"
  case .tableKindChanged(_, let isView): "the table is a \(isView ? "view" : "table") now"
  case .uniqueAdded(let column): "unique now: \(column.name)"
  case .uniqueDropped(let column): "no longer unique: \(column.name)"
  case .primaryKeyChanged(let from, let to):
    "primary key (\(from.map(\.text).joined(separator: ", "))) -> (\(to.map(\.text).joined(separator: ", ")))"
  case .columnAdded(let column): "column added: \(column.name) \(column.physicalType ?? "")"
  case .columnBlocked(let column): "column at the source, kept out by settings: \(column.name)"
  case .columnLanded(let column): "promised column landed: \(column.name) \(column.physicalType ?? "")"
  case .columnRemoved(let column): "column removed: \(column.name) \(column.physicalType ?? "")"
  case .columnRenamed(let from, let to, _), .renameSuspected(let from, let to, _), .unitSuspected(let from, let to, _):
    "column removed: \(from.name) \(from.physicalType ?? ""); column added: \(to.name) \(to.physicalType ?? "")"
  case .columnReadded(let promise, let column):
    "column there again: \(column.name) \(promise.physicalType ?? "") -> \(column.physicalType ?? "")"
  case .columnDisabled(let column): "column switched off: \(column.name)"
  case .columnEnabled(let column): "column switched on: \(column.name)"
  case .columnHashed(let column): "column hashed: \(column.name)"
  case .columnUnhashed(let column): "column no longer hashed: \(column.name)"
  case .typeChanged(let promise, _, let to):
    "type changed: \(promise.name) \(promise.physicalType ?? "") -> \(to.physicalType ?? "")"
  case .nullabilityRelaxed(let column): "may be NULL now: \(column.name)"
  case .nullabilityTightened(let column): "NOT NULL now: \(column.name)"
  case .referenceOrphaned(let reference, _):
    "\(reference.kind.rawValue) \(reference.name) stays with the old name of a column: \(reference.column)"
  case .contractEdited(let edit): fact(of: edit)
  case .targetMissing(let target): "target missing: \(target.table)"
  case .targetColumnMissing(let column): "column missing in the target: \(column.target) \(column.type)"
  case .targetTypeNarrower(let column, let found), .targetTypeDiffers(let column, let found):
    "type in the target: \(column.target) \(found), in the mapping \(column.type)"
  case .mappingEdited(let target, _): "mapping edited: \(target.table)"
  case .changeWithdrawn(let change): "change \(change.number) is to be undone"
  }
}

private func fact(of change: ConnectionChange) -> String {
  switch change {
  case .schemaAdded(let name, _): "schema added: \(name)"
  case .schemaRemoved(let name): "schema removed at the source: \(name)"
  case .schemaDisabled(let name): "schema switched off: \(name)"
  case .schemaEnabled(let name): "schema switched on: \(name)"
  case .changeHandlingChanged(let from, let to): "change handling \(from.rawValue) -> \(to.rawValue)"
  }
}

private func fact(of edit: ContractEditFact) -> String {
  switch edit {
  case .server: "contract edited: servers"
  case .policy(let kinds): "contract edited: policy for \(kinds.joined(separator: ", "))"
  case .versionNotBumped: "contract edited: version not raised"
  case .metadata(let keys): "contract edited: \(keys.joined(separator: ", "))"
  case .classification(let column, _, _): "contract edited: classification of \(column.name)"
  case .tags(let column): "contract edited: tags of \(column.name)"
  case .description(let column): "contract edited: description of \(column.name)"
  }
}

/// The whole question as JSON: what its fingerprint covers.
private func canonical(_ question: Question, model: String) -> JSONValue {
  func names(_ list: [ColumnName]) -> JSONValue { .array(list.map { .string($0.text) }) }
  func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
  let items = question.items.map { item in
    JSONValue.array([
      .string(item.id), .string(item.rule), .string(item.fact), .string(item.readers.rawValue),
      names(item.renameCandidates), names(item.targetNames), texts(item.types),
      texts(item.conversions),
    ])
  }
  return .array([
    .string(model), .string(question.service), .string(question.connection.text),
    .string(question.table.schema), .string(question.table.name), .array(items),
  ])
}
