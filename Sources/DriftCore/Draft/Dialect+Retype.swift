/// A column of a table that should have another type.
package struct RetypedColumn: Hashable, Sendable {
  package var name: ColumnName
  /// Whether rows are told apart by it.
  package var isKey: Bool
  /// Whether the table declares it as a key, or as a part of one.
  package var isDeclaredKey: Bool
  package var isRequired: Bool

  /// - Parameter isDeclaredKey: what `isKey` says, where it is not known better.
  package init(_ name: ColumnName, isKey: Bool, isDeclaredKey: Bool? = nil, isRequired: Bool) {
    self.name = name
    self.isKey = isKey
    self.isDeclaredKey = isDeclaredKey ?? isKey
    self.isRequired = isRequired
  }

  /// A column of a mapping's target.
  init(_ column: MappingColumn, in target: CatalogueTable?) {
    let isDeclared = target?.uniqueKeys.contains { $0.contains(column.target) } ?? false
    let found = target?.columns.first { $0.name == column.target }
    self.init(
      column.target, isKey: column.isKey || isDeclared, isDeclaredKey: isDeclared,
      isRequired: found.map { !$0.isNullable } ?? false)
  }
}

/// Why a column is not given another type without a person.
package enum RetypeRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case losesValues
  case unknownType(String)
  /// Of a decimal.
  case unknownDigits
  case key(ColumnName)
  case required(ColumnName)
  /// The warehouse, by its title, changes no type under a key.
  case declaredKey(ColumnName, String)
  /// The warehouse, by its title, changes no type under a NOT NULL, and gives none back.
  case requiredInPlace(ColumnName, String)
  case noPlainName(ColumnName)
  /// The name that was asked for first.
  case noFreeName(ColumnName)

  package var description: String {
    switch self {
    case .losesValues: "values could be lost: a person chooses between converting and a new column"
    case .unknownType(let type): "\(visible(type)) is not a type that Mooring writes"
    case .unknownDigits: "the digits of the decimal are not given: a person chooses them"
    case .key(let name):
      "\(visible(name.text)) is a key, and a new column under its name would be none: it is changed by hand"
    case .required(let name):
      "\(visible(name.text)) may not be NULL, and the old column would refuse every new row: it is changed by hand"
    case .declaredKey(let name, let title):
      "\(visible(name.text)) belongs to a key of the table, and \(title) changes no type under one: by hand, drop the key, change the type and declare the key again"
    case .requiredInPlace(let name, let title):
      "\(visible(name.text)) may not be NULL, and \(title) changes no such column's type: by hand, drop its NOT NULL first, which \(title) cannot set again"
    case .noPlainName(let name): "the steps need a plain name, and \(visible(name.text)) is none"
    case .noFreeName(let name):
      "the steps need a free name: \(visible(name.text)) and those after it are taken or too long"
    }
  }

  /// Whether the type itself could be changed, were it another column's.
  var isAboutColumn: Bool {
    switch self {
    case .key, .required, .declaredKey, .requiredInPlace, .noPlainName, .noFreeName: true
    case .losesValues, .unknownType, .unknownDigits: false
    }
  }
}

extension Dialect {
  /// The actions that give a column of a table another type without losing a value: none where the warehouse stores both
  /// alike, one where it changes the type in place, else a new column, a copy and two renames that leave the old column.
  ///
  /// - Parameter taken: every column of the table, as the warehouse has it.
  package func retype(
    _ column: RetypedColumn, from: ColumnType, to: ColumnType, taken: [ColumnName]
  ) throws(RetypeRefusal) -> [AlterAction] {
    switch change(from: from, to: to) {
    case .same: return []
    case .inPlace:
      if column.isDeclaredKey, !retypesKeys { throw .declaredKey(column.name, title) }
      if column.isRequired, !retypesRequired { throw .requiredInPlace(column.name, title) }
      return [.setType(column.name, to)]
    case .unknown: throw .unknownType(from.isUnrecognized ? from.text : to.text)
    case .needsPerson:
      let unknown = ColumnType.decimal(precision: nil, scale: nil)
      throw (from == unknown || to == unknown) && typeName(unknown) == nil ? .unknownDigits : .losesValues
    case .addCopySwap: break
    }
    if column.isKey { throw .key(column.name) }
    if column.isRequired { throw .required(column.name) }
    guard canAdd(column.name) else { throw .noPlainName(column.name) }
    let new = try freeName(column.name, "__new", taken: taken)
    let old = try freeName(column.name, "__old", taken: taken)
    return [
      .addColumn(new, to), .copyColumn(from: column.name, from, to: new, to), .renameColumn(from: column.name, to: old),
      .renameColumn(from: new, to: column.name),
    ]
  }

  /// `seats__old`, else `seats__old2` and so on.
  private func freeName(
    _ name: ColumnName, _ suffix: String, taken: [ColumnName]
  ) throws(RetypeRefusal) -> ColumnName {
    let base = name.text + (lexicon.folding == .upper ? suffix.uppercased() : suffix)
    let names = (1...9).map { ColumnName($0 == 1 ? base : "\(base)\($0)") }
    for name in names where canAdd(name) && !taken.contains(where: { isOneName($0, name) }) { return name }
    throw .noFreeName(names[0])
  }
}
