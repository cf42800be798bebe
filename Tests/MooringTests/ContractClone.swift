import Foundation
import TestSupport

/// A person's clone of a small contract repository. Nothing outside it can be reached: no warehouse, no Fivetran.
final class ContractClone {
  let folder: TemporaryFolder
  let git: GitProgram
  let account = "contracts/salesforce/salesforce.account"
  let lead = "contracts/salesforce/salesforce.lead"

  init() throws {
    folder = try TemporaryFolder("clone")
    git = GitProgram(in: folder.path)
    try FileManager.default.copyItem(
      atPath: "\(packageRoot)/fixtures/check/contracts", toPath: folder.path("contracts"))
    try git("init", "-q", "--initial-branch=main")
    try commit("contracts as they are")
    try git("checkout", "-q", "-b", "mine")
  }

  func commit(_ message: String) throws {
    try git("add", "-A")
    try git("commit", "-q", "-m", message)
  }

  func read(_ path: String) throws -> String { try String(contentsOfFile: folder.path(path), encoding: .utf8) }

  /// Replaces text that must be there.
  func edit(_ path: String, _ old: String, _ new: String) throws {
    let text = try read(path)
    guard text.contains(old) else { throw WorldError("\(path) has no \(old)") }
    try folder.write(text.replacingOccurrences(of: old, with: new), to: path)
  }

  func append(_ line: String, to path: String) throws { try folder.write(try read(path) + line + "\n", to: path) }

  func names(under path: String) throws -> [String] {
    try folder.names().filter { $0.hasPrefix(path + "/") && !$0.hasPrefix(".git") }
  }

  /// Runs `mooring`, however it ends.
  func mooring(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
    try run("\(programs)/mooring", arguments, ["PATH": "/nonexistent"])
  }

  func run(
    _ program: String, _ arguments: [String], _ environment: [String: String]
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = ChildProcess()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ["LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"].merging(environment) { $1 }
    process.standardInput = .nothing
    let output = folder.path(".git/output")
    process.standardOutput = .file(output)
    process.standardError = .file(output + ".errors")
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try String(contentsOfFile: output, encoding: .utf8),
      try String(contentsOfFile: output + ".errors", encoding: .utf8)
    )
  }
}
