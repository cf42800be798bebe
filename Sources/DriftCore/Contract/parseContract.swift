/// Reads an ODCS file of version 3.0.x, 3.1.0 or 3.2.0 that holds one table.
///
/// The value holds the part that Mooring knows; the rest is held against the standard's version that the file names. Nil
/// where any error was found. Reading physical types is the dialect's business.
package func parseContract(_ bytes: [UInt8], path: String) -> (Contract?, [Diagnostic]) {
  let (root, diagnostics) = readYAML(bytes, path: path)
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  guard let root else { return (nil, decoder.diagnostics) }
  let contract = decoder.contract(root)
  return (decoder.hasErrors ? nil : contract, decoder.diagnostics)
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
    guard tables.count == 1 else {
      error(
        tables.count > 1 ? tables[1] : list, "\(tables.count) tables in one contract", hint: "keep one table a file")
      return nil
    }
    guard var contract = table(tables[0], in: root) else { return nil }
    contract.standard = standard ?? .latest
    contract.id = root.value("id")?.text ?? ""
    contract.version = root.value("version")?.text ?? ""
    contract.status = root.value("status")?.text ?? "active"
    contract.policy = policy
    return contract
  }
}
