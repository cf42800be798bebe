/// Names that came into a table and can be taken for another that it has: they differ in case alone, or in how Unicode
/// spells a letter. By the name that came, the one that it looks like.
///
/// - Parameter names: those that the table has and had, which may include the ones that came; read only where one came.
package func lookAlikes(
  of changes: [SchemaChange], among names: @autoclosure () throws -> [ColumnName]
) rethrows -> [ColumnName: ColumnName] {
  let came = changes.compactMap(\.arrival)
  if came.isEmpty { return [:] }
  let byLikeness = Dictionary(grouping: try names(), by: \.likeness)
  var found: [ColumnName: ColumnName] = [:]
  for arrival in came {
    let alike = (byLikeness[arrival.name.likeness] ?? []).filter { $0 != arrival.name && $0 != arrival.formerName }
    found[arrival.name] = alike.first { $0.text == arrival.name.text } ?? alike.min()
  }
  return found
}

extension ColumnName {
  /// What a warehouse that folds case, or a person who reads, may take for the same name. Swift compares texts by canonical
  /// equivalence, which is meant here.
  var likeness: String { text.lowercased() }

  /// How it differs from one that it looks like.
  func difference(from other: ColumnName) -> String {
    spellings(beside: other).map { "but for how its letters are spelled, \($0)" } ?? "but for its case"
  }

  /// Both letter by letter; nil where they can be told apart as they are.
  func spellings(beside other: ColumnName) -> String? {
    let isPlain = [self, other].allSatisfy { $0.text.unicodeScalars.allSatisfy(\.isASCII) }
    return isPlain ? nil : "\(spelledOut) and \(other.spelledOut)"
  }

  /// With every letter that is not of ASCII as `\u{E9}`.
  private var spelledOut: String {
    text.unicodeScalars.map { $0.isASCII ? String($0) : "\\u{\(String($0.value, radix: 16, uppercase: true))}" }
      .joined()
  }
}

extension SchemaChange {
  /// A name that the table did not have, and the one that its column had before.
  fileprivate var arrival: (name: ColumnName, formerName: ColumnName?)? {
    switch self {
    case .columnAdded(let column): (column.name, nil)
    case .columnRenamed(let from, let to, _): (to.name, from.name)
    default: nil
    }
  }
}
