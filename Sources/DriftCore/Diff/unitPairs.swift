/// A removed and an added column whose names differ in nothing but a unit.
struct UnitPair: Hashable {
  var from: ContractColumn
  var to: ObservedColumn
  /// The word that one has and the other lacks.
  var unit: String
}

/// Pairs numbers whose names differ in a unit (`amount`, `amount_cents`), one to one, by the removed one's name.
///
/// They are never one column: the numbers are of another size. To say so is what keeps a person from joining them.
func unitPairs(removed: [ContractColumn], added: [ObservedColumn], dialect: Dialect) -> [UnitPair] {
  var rest = added.filter { $0.type?.isNumber ?? false }
  if rest.isEmpty { return [] }
  return removed.sorted { $0.name < $1.name }.compactMap { column in
    guard let type = column.physicalType.map(dialect.parseType), type.isNumber,
      let index = rest.firstIndex(where: { otherUnit(column.name, $0.name) != nil }),
      let unit = otherUnit(column.name, rest[index].name)
    else { return nil }
    return UnitPair(from: column, to: rest.remove(at: index), unit: unit)
  }
}

/// The unit that two names differ in; nil where they differ in more or in nothing.
private func otherUnit(_ from: ColumnName, _ to: ColumnName) -> String? {
  let (before, after) = (ColumnWords(from.text), ColumnWords(to.text))
  guard before.forms != after.forms, before.forms.contains(where: { !units.contains($0) }),
    before.forms.filter({ !units.contains($0) }) == after.forms.filter({ !units.contains($0) })
  else { return nil }
  return after.unit ?? before.unit
}

extension ColumnWords {
  /// As spelled.
  fileprivate var unit: String? { zip(words, forms).first { units.contains($0.1) }?.0 }
}

extension ColumnType {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .decimal, .float: true
    case .boolean, .date, .time, .timestamp, .text, .uuid, .json, .xml, .binary, .vector, .array, .map, .structure,
      .unrecognized:
      false
    }
  }
}
