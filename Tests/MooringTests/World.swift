import Foundation
import JSON
import PostgreSQL
import TestSupport
import Transport

/// Everything that Mooring meets, real but for Fivetran: a PostgreSQL database, a bare repository with a person's clone,
/// and the simulator, loading that database. The programs are run as a user runs them.
final class World {
  let folder: String
  /// Nil: Mooring meets the bare repository as a folder, and proposals are files.
  var host: Host?
  /// Beside what every run has, or in its place; nil takes a variable away.
  var environment: [String: String?] = [:]
  let database: PostgresConnection
  private let warehouse: String
  private let simulator: ChildProcess
  private let simulatorURL: String
  /// Fivetran's API, as the simulator has it.
  var fivetran: String { simulatorURL }

  /// - Parameters:
  ///   - scenario: a folder of fixtures/scenarios.
  ///   - others: connections besides salesforce, as lines of `mooring.yaml`.
  ///   - destination: the warehouse that Mooring speaks to, as `mooring.yaml` has it; the simulator always loads PostgreSQL.
  ///   - isHosted: whether the contracts are on a git host and proposals on a forge.
  init(
    scenario: String, others: String = "", destination: String = postgresDestination, isHosted: Bool = false
  ) async throws {
    folder = NSTemporaryDirectory() + "mooring-world-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    warehouse = try await PostgresServer.freshDatabase()
    database = try await PostgresConnection.connect(to: PostgresAddress(warehouse))
    (simulator, simulatorURL) = try startProgram(
      "fivetran-simulator",
      [
        "--listen", "127.0.0.1:0", "--scenario", "\(packageRoot)/fixtures/scenarios/\(scenario)",
        "--warehouse", warehouse, "--key", "key", "--secret", canary,
      ])
    try git("init", "-q", "--bare", "--initial-branch=main", "\(folder)/contracts.git")
    try git("init", "-q", "--initial-branch=main", "\(folder)/checkout")
    try git("-C", "\(folder)/checkout", "remote", "add", "origin", "\(folder)/contracts.git")
    if isHosted { host = try Host(serving: folder) }
    let forge = isHosted ? Host.forge : "{kind: local, folder: proposals}"
    try write(projectFile(forge: forge, destination: destination) + others, to: "contracts/mooring.yaml")
  }

  deinit {
    host?.git.stop()
    simulator.terminate()
    simulator.waitUntilExit()
    try? FileManager.default.removeItem(atPath: folder)
  }

  // MARK: What people do

  /// Contracts of everything, and for salesforce.account a target: a table that is filled, or a view.
  func adopt(onto target: String = "table") async throws {
    try mooring("init")
    try mooring("init", "salesforce", "--target", target, "--tables", "salesforce.account")
    _ = try await database.query("CREATE SCHEMA analytics")
    let table = try read("contracts/salesforce/salesforce.account/target.sql")
    _ = try await database.query(table.trimmingCharacters(in: .whitespacesAndNewlines.union([";"])))
    if target == "table" { try await load() }
    try commit("contracts as they are")
  }

  /// The team's own job.
  func load() async throws {
    let script = try read("contracts/salesforce/salesforce.account/load.sql")
    let text = script.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("--") }.joined(separator: "\n")
    for statement in text.components(separatedBy: ";\n")
    where !statement.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
      _ = try await database.query(statement)
    }
  }

  func commit(_ message: String) throws {
    try git("-C", "\(folder)/checkout", "add", "-A", "contracts")
    try git("-C", "\(folder)/checkout", "commit", "-q", "-m", message)
    try git("-C", "\(folder)/checkout", "push", "-q", "origin", "main")
  }

  /// Merges a branch of ours with plain git, with a merge commit or squashed into one.
  func merge(_ branch: String, isSquashed: Bool = false) throws {
    try git("-C", "\(folder)/checkout", "fetch", "-q", "--prune", "origin")
    if isSquashed {
      try git("-C", "\(folder)/checkout", "merge", "-q", "--squash", "origin/\(branch)")
      try git("-C", "\(folder)/checkout", "commit", "-q", "-m", "squashed")
    } else {
      try git("-C", "\(folder)/checkout", "merge", "-q", "--no-ff", "-m", "merge", "origin/\(branch)")
    }
    try git("-C", "\(folder)/checkout", "push", "-q", "origin", "main")
  }

  /// A person writes their name behind everything on main that waits for one.
  func acknowledge() throws {
    for path in try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/checkout/contracts")
    where path.hasSuffix("/change.yaml") {
      try write(try read("contracts/\(path)").replacing("by: \"\"", with: "by: \"kim\""), to: "contracts/\(path)")
    }
    try commit("seen")
  }

  func advance() async throws { try await control("advance") }

  func control(_ path: String, _ body: String = "{}") async throws {
    let url = "\(simulatorURL)/simulator/\(path)"
    let response = try await LiveTransport().send(
      HTTPRequest(
        method: "POST", url: url, headers: [HTTPHeader("Content-Type", "application/json")],
        body: Array(body.utf8)))
    guard response.status == 200 else {
      throw WorldError("\(url): \(response.status) \(String(decoding: response.body, as: UTF8.self))")
    }
  }

  /// A person in Fivetran's own pages.
  func setPaused(_ isPaused: Bool) async throws {
    let credentials = Data("key:\(canary)".utf8).base64EncodedString()
    let response = try await LiveTransport().send(
      HTTPRequest(
        method: "PATCH", url: "\(simulatorURL)/v1/connections/iodize_impressive",
        headers: [
          HTTPHeader("Authorization", "Basic \(credentials)"), HTTPHeader("Accept", "application/json;version=2"),
          HTTPHeader("Content-Type", "application/json"),
        ], body: Array("{\"paused\":\(isPaused),\"run_setup_tests\":false}".utf8)))
    guard response.status == 200 else { throw WorldError(String(decoding: response.body, as: UTF8.self)) }
  }

  /// Whether Fivetran says that the connection is paused.
  func isPaused() async throws -> Bool? {
    let credentials = Data("key:\(canary)".utf8).base64EncodedString()
    let response = try await LiveTransport().send(
      HTTPRequest(
        url: "\(simulatorURL)/v1/connections/iodize_impressive",
        headers: [
          HTTPHeader("Authorization", "Basic \(credentials)"), HTTPHeader("Accept", "application/json;version=2"),
        ]))
    return try JSONValue.parse(response.body)["data"]?["paused"]?.bool
  }

  /// Every request that the simulator has had, as `PATCH /v1/...`.
  func requests() async throws -> [String] {
    let response = try await LiveTransport().send(HTTPRequest(url: "\(simulatorURL)/simulator/requests"))
    let answer = try JSONValue.parse(response.body)
    return (answer["data"]?["requests"]?.array ?? []).compactMap(\.string)
  }

  // MARK: Mooring

  struct Outcome {
    var status: Int32
    var wasKilled: Bool
    var output: String
    var errors: String
  }

  /// Runs `mooring` in the person's clone; throws where it ends other than with 0.
  @discardableResult
  func mooring(_ arguments: String...) throws -> String {
    let outcome = try run(arguments)
    guard outcome.status == 0 else {
      throw WorldError("mooring \(arguments.joined(separator: " ")): \(outcome.output)\(outcome.errors)")
    }
    return outcome.output
  }

  /// Runs `mooring` twice at the same time; returns both exit codes.
  func runTwice(_ arguments: [String]) throws -> [Int32] {
    let first = try prepared(arguments)
    let second = try prepared(arguments)
    try first.process.run()
    try second.process.run()
    first.process.waitUntilExit()
    second.process.waitUntilExit()
    return [first.process.terminationStatus, second.process.terminationStatus]
  }

  /// Runs `mooring`, however it ends.
  func run(_ arguments: [String], killAt: Int? = nil) throws -> Outcome {
    let (process, output) = try prepared(arguments, killAt: killAt)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      wasKilled: process.terminationReason == .uncaughtSignal,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: output + ".errors", encoding: .utf8))
  }

  /// - Parameter isInRepository: whether the command is told where the contracts are.
  func prepared(_ arguments: [String], killAt: Int? = nil, isInRepository: Bool = true) throws -> (
    process: ChildProcess, output: String
  ) {
    var environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "FIVETRAN_URL": simulatorURL, "FIVETRAN_API_KEY": "key", "FIVETRAN_API_SECRET": canary,
      "WAREHOUSE_URL": warehouse, "XDG_STATE_HOME": "\(folder)/state", "LC_ALL": "C.UTF-8",
      "SWIFT_BACKTRACE": "enable=no",
    ]
    environment.merge(host?.environment ?? [:]) { $1 }
    for (name, value) in self.environment { environment[name] = value }
    if let killAt { environment["MOORING_KILL_AT"] = String(killAt) }
    let process = ChildProcess()
    process.executableURL = URL(fileURLWithPath: "\(programs)/mooring")
    let readsWorkTree = ["check", "draft", "init", "lint"].contains(arguments.first)
    process.arguments =
      arguments
      + (readsWorkTree || !isInRepository ? [] : ["--repository", host?.repository ?? "\(folder)/contracts.git"])
    process.currentDirectoryURL = URL(fileURLWithPath: "\(folder)/checkout")
    process.environment = environment
    process.standardInput = .nothing
    let output = "\(folder)/output-\(UUID().uuidString)"
    process.standardOutput = .file(output)
    process.standardError = .file(output + ".errors")
    return (process, output)
  }

  func loseCache() throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where name.hasPrefix("state/") && name.contains("cache.sqlite") {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  // MARK: Files and git

  func read(_ path: String) throws -> String {
    try String(contentsOfFile: "\(folder)/checkout/\(path)", encoding: .utf8)
  }

  func write(_ text: String, to path: String) throws {
    let full = "\(folder)/checkout/\(path)"
    try FileManager.default.createDirectory(
      atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: full, atomically: true, encoding: .utf8)
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/checkout/\(path)")
  }

  @discardableResult
  func git(_ arguments: String...) throws -> String {
    let (status, output, errors) = try GitProgram(in: folder).run(arguments)
    guard status == 0 else {
      throw WorldError("git \(arguments.joined(separator: " ")): \(errors)")
    }
    return output
  }

  /// One value from the database.
  func value(_ sql: String) async throws -> String? {
    try await database.query(sql).rows.first?.first ?? nil
  }
}

struct WorldError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// A secret that must never be seen anywhere.
let canary = "canary-7f3a9c"

/// Where the programs of this build lie: beside the tests.
let programs = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  .path

let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

let postgresDestination = #"{kind: postgres, group: projected_sickle, url: "${WAREHOUSE_URL}"}"#

private func projectFile(forge: String, destination: String) -> String {
  """
  version: 1
  fivetran:
    api: ${FIVETRAN_URL}
    key: ${FIVETRAN_API_KEY}
    secret: ${FIVETRAN_API_SECRET}
  forge: \(forge)
  destinations:
    warehouse: \(destination)
  defaults:
    destination: warehouse
    mode: propose
    new_tables: propose
    settings_owner: mooring
  connections:
    salesforce:
      id: iodize_impressive
  """ + "\n"
}

/// Starts a program and waits for the line with its address.
private func startProgram(_ name: String, _ arguments: [String]) throws -> (ChildProcess, String) {
  let process = ChildProcess()
  process.executableURL = URL(fileURLWithPath: "\(programs)/\(name)")
  process.arguments = arguments
  process.standardInput = .nothing
  let pipe = Pipe()
  process.standardOutput = .pipe(pipe)
  process.standardError = .handle(.standardError)
  try process.run()
  var text = ""
  while !text.contains("\n") {
    let data = pipe.fileHandleForReading.availableData
    if data.isEmpty { throw WorldError("\(name) ended before it listened: \(text)") }
    text += String(decoding: data, as: UTF8.self)
  }
  guard let range = text.range(of: "http://") else { throw WorldError("\(name) said: \(text)") }
  return (process, text[range.lowerBound...].trimmingCharacters(in: .whitespacesAndNewlines))
}
