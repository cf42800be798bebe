import ArgumentParser
import DriftCore
import FoundationEssentials
import JSON

struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Check the contracts, mappings and changes in a folder; exit 2 on findings.",
    discussion: "Reads the work tree as it stands; no network.")

  @Argument(help: "Folder of the contracts.")
  var folder = "contracts"
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let files = try ContractFiles(folder: folder)
    let findings = lint(files).sorted()
    if json {
      print(JSONValue.array(findings.map(\.json)).prettyText)
    } else {
      for finding in findings { print(finding) }
      let errors = findings.count { $0.severity == .error }
      print(
        findings.isEmpty
          ? "\(counted(files.paths.count, "file")) checked, no findings"
          : "\(counted(files.paths.count, "file")) checked, \(counted(errors, "error")), \(counted(findings.count - errors, "warning"))"
      )
    }
    if !findings.isEmpty { throw ExitCode(2) }
  }
}

/// The files of a contracts folder that Mooring reads, by path.
struct ContractFiles {
  /// Sorted.
  var paths: [String]
  var bytes: [String: [UInt8]]

  init(folder: String) throws {
    guard let walk = try? FileManager.default.subpathsOfDirectory(atPath: folder) else {
      throw UsageError("\(folder): there is no such folder", hint: "write one with: mooring init")
    }
    var bytes: [String: [UInt8]] = [:]
    for path in walk {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      guard names.contains(name) else { continue }
      let full = "\(folder)/\(path)"
      guard let data = FileManager.default.contents(atPath: full) else {
        throw UsageError("\(full): cannot be read")
      }
      bytes[full] = Array(data)
    }
    self.bytes = bytes
    paths = bytes.keys.sorted()
  }

  init(_ state: ContractState) {
    bytes = state.files
    paths = bytes.keys.sorted()
  }
}

private let names: Set<String> = [
  "mooring.yaml", "connection.yaml", "contract.odcs.yaml", "mapping.yaml", "change.yaml", "up.sql",
]

/// Every finding about the files, in no order.
func lint(_ files: ContractFiles) -> [Diagnostic] {
  var findings: [Diagnostic] = []
  var contracts: [String: Contract] = [:]
  var tables: [String: String] = [:]
  for path in files.paths {
    guard let bytes = files.bytes[path] else { continue }
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    switch path.split(separator: "/").last {
    case "mooring.yaml": findings += parseProject(bytes, path: path).1
    case "connection.yaml": findings += parseConnectionPromise(bytes, path: path).1
    case "contract.odcs.yaml":
      let (contract, problems) = parseContract(bytes, path: path)
      findings += problems
      guard let contract else { continue }
      contracts[folder] = contract
      let connection = folder.split(separator: "/").dropLast().joined(separator: "/")
      let key = "\(connection) \(contract.table)"
      if let other = tables.updateValue(path, forKey: key) {
        findings.append(
          Diagnostic(
            path: path, message: "\"\(contract.table)\" has a second contract",
            hint: "the other is \(other); delete one"))
      }
    case "change.yaml": findings += lintChange(bytes, path: path, files: files)
    default: break
    }
  }
  for path in files.paths where path.hasSuffix("/mapping.yaml") {
    findings += lintMapping(path, contracts: contracts, files: files)
  }
  return findings + doubledNumbers(files)
}

private func lintMapping(
  _ path: String, contracts: [String: Contract], files: ContractFiles
) -> [Diagnostic] {
  let (mapping, problems) = parseMapping(files.bytes[path] ?? [], path: path)
  guard let mapping else { return problems }
  let folder = path.split(separator: "/").dropLast().joined(separator: "/")
  guard let contract = contracts[folder] else {
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

private func lintChange(_ bytes: [UInt8], path: String, files: ContractFiles) -> [Diagnostic] {
  let (change, problems) = parseChange(bytes, path: path)
  guard let change, !change.actions.isEmpty else { return problems }
  let sql = path.replacing("/change.yaml", with: "/up.sql")
  guard let script = files.bytes[sql], let text = String(validating: script, as: UTF8.self) else {
    return problems + [
      Diagnostic(path: sql, message: "is missing", hint: "the change has statements to run")
    ]
  }
  do {
    let statements = try Dialect.postgres.split(text)
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
private func doubledNumbers(_ files: ContractFiles) -> [Diagnostic] {
  var seen: [String: String] = [:]
  var findings: [Diagnostic] = []
  for path in files.paths where path.hasSuffix("/change.yaml") {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count >= 4 else { continue }
    let number = parts[parts.count - 2].prefix { $0 != "-" }
    let key = parts.dropLast(2).joined(separator: "/") + "/" + number
    if let other = seen.updateValue(path, forKey: key) {
      findings.append(
        Diagnostic(
          path: path, message: "number \(number) is taken by \(other)",
          hint: "both are held until one is renumbered"))
    }
  }
  return findings
}

extension Diagnostic {
  var json: JSONValue {
    object([
      ("path", .string(path)), ("line", line.map { .number(String($0)) } ?? .null),
      ("column", column.map { .number(String($0)) } ?? .null),
      ("severity", .string(severity.rawValue)), ("message", .string(message)),
      ("hint", hint.map { .string($0) } ?? .null),
    ])
  }
}
