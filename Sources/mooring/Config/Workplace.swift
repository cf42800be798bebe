import ArgumentParser
import Cryptography
import DriftCore
import FoundationEssentials
import Git
import Glibc

/// Options that every command on a repository has.
struct RepositoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The contract repository: a path to it, or its address on a git host.",
      discussion: "https://host/path with a token in MOORING_GIT_TOKEN, or ssh://user@host/path with --ssh-key."))
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

  @OptionGroup(title: "Git host options")
  var git: GitOptions

  /// With an absolute path, where it is one.
  func address() throws -> RemoteAddress {
    let address = try RemoteAddress(repository)
    if case .folder(let path) = address { return .folder(absolutePath(path)) }
    return address
  }
}

/// What a git host is shown, and whose hand our commits bear. Secrets are in the environment, never here.
struct GitOptions: ParsableArguments {
  @Option(help: "User name that goes with the token; oauth2 on GitLab.")
  var gitUser = "x-access-token"

  @Option(help: "Private key for ssh; its passphrase in MOORING_SSH_PASSPHRASE.")
  var sshKey: String?

  @Option(help: "Hosts that the key may be shown to. Default: ~/.ssh/known_hosts.")
  var knownHosts: String?

  @Option(help: "File of certificates to trust for https instead of the system's.")
  var gitAuthorities: String?

  @Option(help: "Ed25519 key of ssh-keygen's, without passphrase, to sign commits with.")
  var signWith: String?

  @Option(
    help: ArgumentHelp(
      "File of the keys that may sign what lands, in the form of ssh-keygen's allowed_signers.",
      discussion: "With it, every merged change must have landed with a commit that one of them signed."))
  var allowedSigners: String?

  func access(_ secrets: Secrets) throws -> RemoteAccess {
    let home = secrets.environment["HOME"] ?? "/"
    let hosts = knownHosts.map(absolutePath) ?? "\(home)/.ssh/known_hosts"
    let passphrase = try secrets.optional("MOORING_SSH_PASSPHRASE")
    return RemoteAccess(
      user: gitUser, token: try secrets.optional("MOORING_GIT_TOKEN"),
      key: sshKey.map { SSHKey(path: absolutePath($0), passphrase: passphrase, knownHosts: hosts) },
      certificates: gitAuthorities.map(absolutePath), proxy: try proxy(secrets))
  }

  private func proxy(_ secrets: Secrets) throws -> ProxyAddress? {
    guard let text = try secrets.optional("MOORING_GIT_PROXY") else { return nil }
    guard let proxy = ProxyAddress(text) else {
      throw UsageError(
        "MOORING_GIT_PROXY is no address of a proxy",
        hint: "write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with %40 for an @ in the password")
    }
    return proxy
  }

  func signingKey() throws -> SigningKey? {
    try signWith.map { try SigningKey(path: absolutePath($0)) }
  }

  func signers() throws -> AllowedSigners? {
    try allowedSigners.map { try AllowedSigners(path: absolutePath($0)) }
  }
}

/// The repository of a command, read from its protected branch.
struct Workplace: Sendable {
  let repository: GitRepository
  let root: String
  let state: String
  /// Of the protected branch, as it was just fetched.
  let tree: RepositoryTree
  private let branch: String
  let project: Project
  /// A file of allowed signers asks for signatures whatever the repository says, so that no merge can turn them off.
  let approvalFloor: ApprovalDemand

  /// Fetches and reads `mooring.yaml` from the protected branch, never from a work tree.
  init(_ options: RepositoryOptions) async throws {
    let remote = try options.address()
    state = options.state.map(absolutePath) ?? defaultState(for: remote.text)
    root = options.contracts
    branch = options.branch
    try makePrivateFolder(state)
    repository = GitRepository(
      remote: remote, clone: state + "/clone.git", branch: options.branch,
      access: try options.git.access(Secrets()), signingKey: try options.git.signingKey(),
      allowedSigners: try options.git.signers())
    approvalFloor = ApprovalDemand(signature: options.git.allowedSigners != nil)
    tree = try await repository.tree(of: try await repository.fetch())
    let path = "\(root)/mooring.yaml"
    guard let blob = tree.files[path], let bytes = try await repository.blobs([blob])[blob] else {
      throw UsageError(
        "\(path) is not on branch \"\(options.branch)\" of \(remote.text)",
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
      throw UsageError(
        "there is no connection \"\(visible(name))\" in mooring.yaml", hint: project.suggestion(for: name))
    }
  }

  /// The files of now, with the contracts as a commit, a tag or a branch has them.
  func tree(withContractsOf name: String) async throws -> RepositoryTree {
    // The clone keeps no branches of its own: what is said of the protected one is said of its tip.
    var spelled = name
    for head in [branch, "origin/\(branch)", "HEAD"]
    where name == head || name.hasPrefix(head + "~") || name.hasPrefix(head + "^") {
      spelled = tree.commit.text + name.dropFirst(head.count)
    }
    guard let commit = try await repository.commit(named: spelled) else {
      throw UsageError(
        "there is no commit \"\(name)\" in the clone of the contract repository",
        hint: "name one by its id, or relative to the protected branch, as in main~5")
    }
    func isContract(_ path: String) -> Bool { path.hasPrefix("\(root)/") && path.hasSuffix("/contract.odcs.yaml") }
    var tree = tree
    let before = try await repository.tree(of: commit).files.filter { isContract($0.key) }
    tree.files = tree.files.filter { !isContract($0.key) }.merging(before) { _, old in old }
    return tree
  }
}

extension Project {
  /// The connection that was probably meant, or those that there are.
  func suggestion(for name: String) -> String? {
    DriftCore.suggestion(for: name, among: connections.keys.sorted().map { visible($0.text) }, list: "there are")
  }
}
