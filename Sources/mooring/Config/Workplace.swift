import ArgumentParser
import Cryptography
import DriftCore
import FoundationEssentials
import Git
import Glibc

/// Options that every command on a repository has.
struct RepositoryOptions: ParsableArguments {
  @Option(help: "The contract repository: a path to it.")
  var repository = "."

  @Option(help: "Folder of the contracts in the repository.")
  var contracts = "contracts"

  @Option(help: "The protected branch.")
  var branch = "main"

  @Option(
    help: ArgumentHelp(
      "Folder for the clone and the cache; losing it costs time only.",
      discussion: "Default: mooring/<repository> in XDG_STATE_HOME or ~/.local/state."))
  var state: String?
}

/// The repository of a command, read from its protected branch.
struct Workplace: Sendable {
  let repository: GitRepository
  let root: String
  let state: String
  let tree: RepositoryTree
  let project: Project

  /// Fetches and reads `mooring.yaml` from the protected branch, never from a work tree.
  init(_ options: RepositoryOptions) async throws {
    let remote = absolutePath(options.repository)
    state = options.state.map(absolutePath) ?? defaultState(for: remote)
    root = options.contracts
    try makePrivateFolder(state)
    repository = GitRepository(
      remote: remote, clone: state + "/clone.git", branch: options.branch)
    tree = try await repository.tree(of: try await repository.fetch())
    let path = "\(root)/mooring.yaml"
    guard let blob = tree.files[path], let bytes = try await repository.blobs([blob])[blob] else {
      throw UsageError(
        "\(path) is not on branch \"\(options.branch)\" of \(remote)",
        hint: "write one with: mooring init; then commit it")
    }
    let (project, problems) = parseProject(bytes, path: path)
    guard let project else { throw Problems(diagnostics: problems) }
    self.project = project
  }
}

/// The path as seen from the working folder.
func absolutePath(_ path: String) -> String {
  path.hasPrefix("/")
    ? path : FileManager.default.currentDirectoryPath + (path == "." ? "" : "/" + path)
}

private func defaultState(for remote: String) -> String {
  let environment = ProcessInfo.processInfo.environment
  let base =
    environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    ?? (environment["HOME"] ?? "/tmp") + "/.local/state"
  let name = remote.split(separator: "/").last.map(String.init) ?? "repository"
  return "\(base)/mooring/\(name.prefix(40))-\(sha256Hex(remote).prefix(8))"
}

/// Makes a folder that only its owner can look into.
func makePrivateFolder(_ path: String) throws {
  do {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  } catch {
    throw UsageError(
      "making the folder \(path): \(String(cString: strerror(errno)))",
      hint: "name another with --state")
  }
}

extension Workplace {
  /// Refuses names that `mooring.yaml` does not have.
  func check(_ connections: [String]) throws {
    for name in connections where project.connections[ConnectionName(name)] == nil {
      let known = project.connections.keys.sorted().map(\.text).joined(separator: ", ")
      throw UsageError("there is no connection \"\(name)\" in mooring.yaml", hint: "there are: \(known)")
    }
  }
}
