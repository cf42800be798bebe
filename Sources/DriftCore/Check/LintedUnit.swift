/// What was found in one unit, and what the checks across units need to know of it.
package struct LintedUnit: Hashable, Sendable {
  /// What a contract says that others may contradict.
  package struct Promise: Hashable, Sendable {
    /// Of the contract.
    package var path: String
    package var table: TableName
    /// Where the contract says what Fivetran does with new tables and columns.
    package var handling: Handling?

    package init(path: String, table: TableName, handling: Handling? = nil) {
      self.path = path
      self.table = table
      self.handling = handling
    }
  }

  /// What a file says that Fivetran does with new tables and columns, and where.
  package struct Handling: Hashable, Sendable {
    package var value: ChangeHandling
    package var line: Int?
    package var column: Int?

    package init(value: ChangeHandling, line: Int? = nil, column: Int? = nil) {
      self.value = value
      self.line = line
      self.column = column
    }
  }

  /// Of the unit.
  package var path: String
  /// At most `mostFindingsOfAFile` a file, in no order.
  package var findings: [Diagnostic]
  package var promise: Promise?
  /// Of a `connection.yaml`.
  package var handling: ChangeHandling?

  package init(path: String, findings: [Diagnostic], promise: Promise? = nil, handling: ChangeHandling? = nil) {
    self.path = path
    self.findings = findings
    self.promise = promise
    self.handling = handling
  }
}

/// What is wrong with units taken together; in no order.
package func lint(across units: [LintedUnit]) -> [Diagnostic] {
  units.flatMap(\.findings) + secondContracts(units) + contradictedHandlings(units)
}

/// Two contracts of one table in one connection.
private func secondContracts(_ units: [LintedUnit]) -> [Diagnostic] {
  var tables: [String: String] = [:]
  var findings: [Diagnostic] = []
  for unit in units {
    guard let promise = unit.promise else { continue }
    let key = "\(parentFolder(of: unit.path)) \(promise.table)"
    guard let other = tables.updateValue(promise.path, forKey: key) else { continue }
    findings += [(promise.path, other), (other, promise.path)].map { path, other in
      Diagnostic(
        path: path, message: "\"\(promise.table)\" has a second contract", hint: "the other is \(other); delete one")
    }
  }
  return findings
}

/// A contract that says otherwise than its connection what Fivetran does with new tables and columns.
private func contradictedHandlings(_ units: [LintedUnit]) -> [Diagnostic] {
  var promised: [String: ChangeHandling] = [:]
  for unit in units {
    if let handling = unit.handling { promised[parentFolder(of: unit.path)] = handling }
  }
  return units.compactMap { unit in
    let connection = parentFolder(of: unit.path)
    guard let promise = unit.promise, let own = promise.handling, let other = promised[connection], own.value != other
    else { return nil }
    return Diagnostic(
      path: promise.path, line: own.line, column: own.column, severity: .warning,
      message: "schemaChangeHandling is \(own.value.rawValue), connection.yaml promises \(other.rawValue)",
      hint: "\(connection)/connection.yaml counts, for all of its tables: write the same, or leave it out here")
  }
}

/// How many findings of one file are told.
let mostFindingsOfAFile = 100

/// Errors first, then from the top: as many of each file as a person can use, and how many more there are.
func capped(_ findings: [Diagnostic]) -> [Diagnostic] {
  if findings.count <= mostFindingsOfAFile { return findings }
  return Dictionary(grouping: findings, by: \.path).flatMap { path, findings in
    if findings.count <= mostFindingsOfAFile { return findings }
    let ranked = findings.sorted { left, right in
      left.severity == right.severity ? left < right : left.severity == .error
    }
    let rest = ranked[mostFindingsOfAFile...]
    let errors = rest.count { $0.severity == .error }
    let more = Diagnostic(
      path: path, severity: errors > 0 ? .error : .warning,
      message: "\(counted(rest.count, "more finding"))\(errors > 0 ? ", \(counted(errors, "error")) among them" : "")",
      hint: "mend those that are shown; then the next are")
    return ranked[..<mostFindingsOfAFile] + [more]
  }
}
