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
  var rest: [[String]: [(column: ObservedColumn, words: ColumnWords)]] = [:]
  for column in added where column.type?.isNumber ?? false {
    let words = ColumnWords(column.name.text)
    rest[words.formsWithoutUnits, default: []].append((column, words))
  }
  if rest.isEmpty { return [] }
  return removed.sorted { $0.name < $1.name }.compactMap { column in
    let before = ColumnWords(column.name.text)
    let key = before.formsWithoutUnits
    guard !key.isEmpty, let type = column.physicalType.map(dialect.parseType), type.isNumber,
      let index = rest[key]?.firstIndex(where: { $0.words.forms != before.forms }),
      let after = rest[key]?[index], let unit = after.words.unit ?? before.unit
    else { return nil }
    rest[key]?.remove(at: index)
    return UnitPair(from: column, to: after.column, unit: unit)
  }
}

extension ColumnWords {
  fileprivate var formsWithoutUnits: [String] { forms.filter { !units.contains($0) } }
  /// As spelled.
  fileprivate var unit: String? { zip(words, forms).first { units.contains($0.1) }?.0 }
}

extension ColumnType {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .decimal, .float: true
    case .boolean, .date, .time, .timestamp, .text, .character, .uuid, .json, .xml, .binary, .vector, .array, .map,
      .structure, .unrecognized:
      false
    }
  }
}
