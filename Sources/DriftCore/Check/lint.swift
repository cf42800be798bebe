/// What reading a contract gave.
package typealias ReadContract = (value: Contract?, problems: [Diagnostic])

/// What is wrong with files of a contracts folder, by path, that can be told from them alone; in no order.
///
/// - Parameter read: contracts by path that were parsed already, as they take most of the time.
package func lint(_ files: [String: [UInt8]], read: [String: ReadContract] = [:]) -> [Diagnostic] {
  let paths = files.keys.sorted()
  var findings: [Diagnostic] = []
  var contracts: [String: Contract] = [:]
  var tables: [String: String] = [:]
  var dialects: [String: Dialect] = [:]
  var types = TypeLinter()
  for path in paths where path.split(separator: "/").last == "mooring.yaml" {
    let (project, problems) = parseProject(files[path] ?? [], path: path)
    findings += problems
    if let project { dialects.merge(project.dialects(root: path)) { first, _ in first } }
  }
  for path in paths {
    guard let bytes = files[path] else { continue }
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    switch path.split(separator: "/").last {
    case "connection.yaml": findings += parseConnectionPromise(bytes, path: path).1
    case "contract.odcs.yaml":
      let (contract, problems) = read[path] ?? parseContract(bytes, path: path)
      findings += problems
      guard let contract else { continue }
      contracts[folder] = contract
      let connection = folder.split(separator: "/").dropLast().joined(separator: "/")
      if let dialect = dialects[connection] {
        findings += types.lint(contract, bytes, path: path, dialect: dialect)
      }
      let key = "\(connection) \(contract.table)"
      if let other = tables.updateValue(path, forKey: key) {
        findings += [(path, other), (other, path)].map { path, other in
          Diagnostic(
            path: path, message: "\"\(contract.table)\" has a second contract",
            hint: "the other is \(other); delete one")
        }
      }
    case "change.yaml":
      // <connection>/<table>/changes/<change>/change.yaml
      let connection = path.split(separator: "/").dropLast(4).joined(separator: "/")
      findings += lintChange(bytes, path: path, files: files, dialect: dialects[connection] ?? .postgres)
    default: break
    }
  }
  for path in paths where path.hasSuffix("/mapping.yaml") {
    findings += lintMapping(path, contracts: contracts, files: files)
  }
  return findings + doubledNumbers(paths)
}

private func lintMapping(
  _ path: String, contracts: [String: Contract], files: [String: [UInt8]]
) -> [Diagnostic] {
  let (mapping, problems) = parseMapping(files[path] ?? [], path: path)
  guard let mapping else { return problems }
  let folder = path.split(separator: "/").dropLast().joined(separator: "/")
  guard let contract = contracts[folder] else {
    // A contract that cannot be read says so itself.
    if files["\(folder)/contract.odcs.yaml"] != nil { return problems }
    return problems + [
      Diagnostic(
        path: path, message: "there is no contract beside this mapping",
        hint: "a mapping reads the table that \(folder)/contract.odcs.yaml promises")
    ]
  }
  let promised = Set(contract.columns.map(\.name))
  let missing = Set(mapping.columns.flatMap(\.sources)).subtracting(promised).sorted()
  return problems
    + missing.map {
      Diagnostic(
        path: path, message: "column \"\(visible($0.text))\" is not in the contract",
        hint: "promise it in contract.odcs.yaml first, or correct the name")
    }
}

extension Project {
  /// By the path of a connection's folder.
  fileprivate func dialects(root path: String) -> [String: Dialect] {
    let root = path.split(separator: "/").dropLast()
    var dialects: [String: Dialect] = [:]
    for (name, policy) in connections {
      let folder = (root + [slug(name.text)[...]]).joined(separator: "/")
      dialects[folder] = destinations[policy.destination].flatMap { Dialect.named($0.kind) }
    }
    return dialects
  }
}

private func lintChange(
  _ bytes: [UInt8], path: String, files: [String: [UInt8]], dialect: Dialect
) -> [Diagnostic] {
  let (change, problems) = parseChange(bytes, path: path)
  guard let change, !change.actions.isEmpty else { return problems }
  let sql = path.replacing("/change.yaml", with: "/up.sql")
  guard let script = files[sql], let text = String(validating: script, as: UTF8.self) else {
    return problems + [
      Diagnostic(path: sql, message: "is missing", hint: "the change has statements to run")
    ]
  }
  do {
    let statements = try dialect.split(text)
    if statements.count == change.actions.count { return problems }
    return problems + [
      Diagnostic(
        path: sql,
        message: "has \(statements.count) statements, change.yaml has \(change.actions.count) actions")
    ]
  } catch {
    return problems + [Diagnostic(path: sql, message: "\(error)")]
  }
}

/// Two changes of one table with one number: neither would be applied.
private func doubledNumbers(_ paths: [String]) -> [Diagnostic] {
  var seen: [String: String] = [:]
  var findings: [Diagnostic] = []
  for path in paths where path.hasSuffix("/change.yaml") {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count >= 4 else { continue }
    let number = parts[parts.count - 2].prefix { $0 != "-" }
    let key = parts.dropLast(2).joined(separator: "/") + "/" + number
    if let other = seen.updateValue(path, forKey: key) {
      findings += [(path, other), (other, path)].map { path, other in
        Diagnostic(
          path: path, message: "number \(number) is taken by \(other)",
          hint: "both are held until one is renumbered")
      }
    }
  }
  return findings
}
