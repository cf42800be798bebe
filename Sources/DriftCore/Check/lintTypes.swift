/// What is wrong with the types of contracts whose destination is known. Each spelling is judged once.
package struct TypeLinter {
  private enum Finding: Hashable {
    case unknown(hint: String?)
    /// The name is one of the warehouse's and what stands in brackets is not, or it is no type at all.
    case unreadable
  }

  private struct Spelling: Hashable {
    var dialect: String
    var text: String
  }

  private var judged: [Spelling: Finding?] = [:]

  package init() {}

  /// - Parameter bytes: of the contract, where the places are looked up of what is told.
  mutating func lint(_ contract: Contract, _ bytes: [UInt8], path: String, dialect: Dialect) -> [Diagnostic] {
    var found: [(column: ColumnName, key: String, message: String, hint: String?)] = []
    for column in contract.columns {
      if let refusal = dialect.lengthRefusal(column.name) {
        let hint = "the warehouse has no such name, and may cut it without a word"
        found.append((column.name, "name", "\(refusal)", hint))
      }
      guard let spelled = column.physicalType else { continue }
      // So Mooring itself promises what has landed with a type that nobody knows: that is how it is.
      let isAsObserved = column.sourceColumn != nil && column.logicalType == nil
      switch finding(spelled, dialect) {
      case .unknown where isAsObserved, .unreadable where isAsObserved: continue
      case .unknown(let hint):
        found.append((column.name, "physicalType", "\(dialect.title) has no type \"\(visible(spelled))\"", hint))
      case .unreadable:
        found.append(
          (
            column.name, "physicalType", "\"\(visible(spelled))\" does not read as a type of \(dialect.title)",
            "check what stands in brackets"
          ))
      case nil:
        guard let logical = column.logicalType, logicalFamily(of: spelled) == nil,
          let fitting = fitting(dialect.parseType(spelled), contract.standard), !fitting.contains(logical)
        else { continue }
        found.append(
          (
            column.name, "logicalType",
            "logicalType \"\(visible(logical))\" contradicts physicalType \"\(visible(spelled))\"",
            "the physical type counts; write \"\(fitting[0])\""
          ))
      }
    }
    if found.isEmpty { return [] }
    let nodes = readYAML(bytes, path: path).root?["schema"]?.items?.first?["properties"]?.items ?? []
    return found.map { finding in
      let node = nodes.first { ColumnName(($0["physicalName"] ?? $0["name"])?.text ?? "") == finding.column }
      let place = node?[finding.key] ?? node
      return Diagnostic(
        path: path, line: place?.line, column: place?.column, severity: .warning, message: finding.message,
        hint: finding.hint, check: .contractTypes)
    }
  }

  private mutating func finding(_ spelled: String, _ dialect: Dialect) -> Finding? {
    let spelling = Spelling(dialect: dialect.id, text: spelled)
    if let known = judged[spelling] { return known }
    let finding = judge(spelled, dialect)
    judged[spelling] = .some(finding)
    return finding
  }

  private func judge(_ spelled: String, _ dialect: Dialect) -> Finding? {
    guard dialect.parseType(spelled).isUnrecognized else { return nil }
    guard let text = TypeText(spelled) else { return .unreadable }
    if dialect.isOther(text) { return nil }
    let names = dialect.types.flatMap(\.names)
    if names.contains(text.base) { return .unreadable }
    // Another warehouse's word for something that this one has too.
    for other in Dialect.all where other.id != dialect.id {
      if let own = dialect.typeName(other.parseType(spelled)) { return .unknown(hint: "did you mean \"\(own)\"?") }
    }
    return .unknown(hint: suggestion(for: text.base, among: names, list: "types"))
  }

  /// The logical types that go with one, best first; nil where every one does.
  private func fitting(_ type: ColumnType, _ standard: ODCSVersion) -> [String]? {
    let words: [String] =
      switch type {
      case .decimal(_, 0?), .integer: ["integer", "number"]
      case .decimal(_, nil): ["number", "integer"]
      case .decimal: ["number"]
      case .map: ["map", "object"]
      default: logicalType(of: type).map { [$0] } ?? []
      }
    let fitting = words.compactMap(standard.logicalType)
    return fitting.isEmpty ? nil : fitting
  }
}
