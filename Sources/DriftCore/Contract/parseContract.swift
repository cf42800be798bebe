/// Reads an ODCS file of version 3.0.x, 3.1.0 or 3.2.0 that holds one table.
///
/// The value holds the part that Mooring knows; the rest is held against the standard's version that the file names. Nil
/// where any error was found. Reading physical types is the dialect's business.
package func parseContract(_ bytes: [UInt8], path: String) -> (Contract?, [Diagnostic]) {
  let reading = readContract(bytes, path: path)
  return (reading.value, reading.problems)
}

/// A contract as far as it can be read, for whoever tells all that is wrong with it at once.
struct ContractReading {
  /// Nil where any error was found.
  var value: Contract?
  /// What could be read in spite of errors; names that are not written are empty.
  var partial: Contract?
  /// What it says that Fivetran does with new tables and columns.
  var handling: LintedUnit.Handling?
  var problems: [Diagnostic]
}

func readContract(_ bytes: [UInt8], path: String) -> ContractReading {
  let (root, diagnostics) = readYAML(bytes, path: path)
  guard let root else { return ContractReading(problems: diagnostics) }
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  let partial = decoder.contract(root)
  let handling = decoder.handling(root)
  return ContractReading(
    value: decoder.hasErrors ? nil : partial, partial: partial, handling: handling, problems: decoder.diagnostics)
}

extension YAMLDecoder {
  mutating func contract(_ root: YAMLNode) -> Contract? {
    let standard = root.value("apiVersion")?.text.flatMap(ODCSVersion.init)
    if standard == nil, let node = root.value("apiVersion") {
      error(
        node, "apiVersion \(node.shown) is not read",
        hint: "one of: \(ODCSVersion.allCases.reversed().map(\.text).joined(separator: ", "))")
    }
    check(root, .contract, standard ?? .latest)
    guard root.entries != nil else { return nil }
    let policy = policies(customProperties(of: root)[.driftPolicy], of: "\"driftPolicy\"")
    for server in root.value("servers")?.items ?? [] { _ = customProperties(of: server) }
    guard let list = root.value("schema") else {
      error(root, "the contract lacks \"schema\"", hint: "add \"schema:\" with the table")
      return nil
    }
    guard let tables = list.items else { return nil }
    if tables.count != 1 {
      error(
        tables.count > 1 ? tables[1] : list, "\(tables.count) tables in one contract", hint: "keep one table a file")
    }
    guard let first = tables.first, var contract = table(first, in: root) else { return nil }
    contract.standard = standard ?? .latest
    contract.id = root.value("id")?.text ?? ""
    contract.version = root.value("version")?.text ?? ""
    contract.status = root.value("status")?.text ?? "active"
    contract.policy = policy
    return contract
  }

  fileprivate mutating func handling(_ root: YAMLNode) -> LintedUnit.Handling? {
    guard let node = CustomProperties(of: root)[.schemaChangeHandling],
      let text = text(node, "\"schemaChangeHandling\""),
      let value: ChangeHandling = choice(text, at: node, key: "schemaChangeHandling")
    else { return nil }
    return LintedUnit.Handling(value: value, line: node.line, column: node.column)
  }
}
