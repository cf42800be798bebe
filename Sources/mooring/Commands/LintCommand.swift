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
    let files = try contractFiles(in: folder)
    let findings = lint(files).sorted()
    if json {
      print(JSONValue.array(findings.map(\.json)).prettyText)
    } else {
      for finding in findings { print(finding) }
      let errors = findings.count { $0.severity == .error }
      print(
        findings.isEmpty
          ? "\(counted(files.count, "file")) checked, no findings"
          : "\(counted(files.count, "file")) checked, \(counted(errors, "error")), \(counted(findings.count - errors, "warning"))"
      )
    }
    if !findings.isEmpty { throw ExitCode(2) }
  }
}

/// The files of a contracts folder that Mooring reads, by path.
private func contractFiles(in folder: String) throws -> [String: [UInt8]] {
  guard let walk = try? FileManager.default.subpathsOfDirectory(atPath: folder) else {
    throw UsageError("\(folder): there is no such folder", hint: "write one with: mooring init")
  }
  var files: [String: [UInt8]] = [:]
  for path in walk {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard names.contains(name) else { continue }
    let full = "\(folder)/\(path)"
    guard let data = FileManager.default.contents(atPath: full) else {
      throw UsageError("\(full): cannot be read")
    }
    files[full] = Array(data)
  }
  return files
}

private let names: Set<String> = [
  "mooring.yaml", "connection.yaml", "contract.odcs.yaml", "mapping.yaml", "change.yaml", "up.sql",
]

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
