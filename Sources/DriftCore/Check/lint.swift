/// What is wrong with files of a contracts folder, by path, that can be told from them alone; in no order.
package func lint(_ files: [String: [UInt8]]) -> [Diagnostic] {
  let (units, findings) = lintUnits(among: files)
  var types = TypeLinter()
  return findings + lint(across: units.map { $0.linted(types: &types) })
}

extension LintUnit {
  /// What is wrong in these files.
  ///
  /// - Parameter types: what is known of types already; another unit's may be the same.
  package func linted(types: inout TypeLinter) -> LintedUnit {
    var unit = LintedUnit(path: path, findings: [])
    let paths = files.keys.sorted()
    var contract: Contract?
    for path in paths {
      let bytes = files[path] ?? []
      switch fileName(of: path) {
      case "connection.yaml":
        let (promise, problems) = parseConnectionPromise(bytes, path: path)
        unit.findings += problems
        unit.handling = promise?.changeHandling
      case "contract.odcs.yaml":
        let read = readContract(bytes, path: path)
        unit.findings += read.problems
        contract = read.value
        guard let partial = read.partial else { continue }
        if let dialect { unit.findings += types.lint(partial, bytes, path: path, dialect: dialect) }
        if !partial.table.name.isEmpty, !partial.table.schema.isEmpty {
          unit.promise = LintedUnit.Promise(path: path, table: partial.table, handling: read.handling)
        }
      case "change.yaml": unit.findings += lintChange(bytes, path: path)
      default: break
      }
    }
    for path in paths where fileName(of: path) == "mapping.yaml" { unit.findings += lintMapping(path, contract) }
    unit.findings = capped(unit.findings + doubledNumbers(paths))
    return unit
  }

  private func lintMapping(_ path: String, _ contract: Contract?) -> [Diagnostic] {
    let (mapping, problems) = parseMapping(files[path] ?? [], path: path)
    guard let mapping else { return problems }
    guard let contract else {
      // A contract that cannot be read says so itself.
      if files["\(self.path)/contract.odcs.yaml"] != nil { return problems }
      return problems + [
        Diagnostic(
          path: path, message: "there is no contract beside this mapping",
          hint: "a mapping reads the table that \(self.path)/contract.odcs.yaml promises")
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

  private func lintChange(_ bytes: [UInt8], path: String) -> [Diagnostic] {
    let (change, problems) = parseChange(bytes, path: path)
    guard let change, !change.actions.isEmpty else { return problems }
    let sql = parentFolder(of: path) + "/up.sql"
    guard let script = files[sql], let text = String(validating: script, as: UTF8.self) else {
      return problems + [
        Diagnostic(path: sql, message: "is missing", hint: "the change has statements to run")
      ]
    }
    do {
      let statements = try (dialect ?? .postgres).split(text)
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
}

/// Two changes of one table with one number: neither would be applied.
private func doubledNumbers(_ paths: [String]) -> [Diagnostic] {
  var seen: [String: String] = [:]
  var findings: [Diagnostic] = []
  for path in paths where fileName(of: path) == "change.yaml" {
    let folder = parentFolder(of: path)
    guard !parentFolder(of: parentFolder(of: folder)).isEmpty else { continue }
    let number = fileName(of: folder).prefix { $0 != "-" }
    let key = parentFolder(of: folder) + "/" + number
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
