import TestSupport

/// A git host and a forge over a world's repository, both over HTTP, and what Mooring shows to them.
struct Host {
  static let forge = "{kind: github, api: \"${FORGE_URL}\", repository: acme/contracts, token: \"${FORGE_TOKEN}\"}"

  let git: GitHTTPServer
  let forge: FakeGitHub
  var gitToken = "git-canary-5b0e"
  var forgeToken = "forge-canary-91d2"

  /// Serves `contracts.git` of the folder.
  init(serving folder: String) throws {
    git = try GitHTTPServer(root: folder, token: gitToken)
    forge = try FakeGitHub()
    let (program, token) = (GitProgram(in: "\(folder)/contracts.git"), forgeToken)
    forge.change { state in
      state.token = token
      state.tip = { try? program("rev-parse", "--verify", "-q", "refs/heads/\($0)") }
    }
  }

  var repository: String { "\(git.url)/contracts.git" }

  var environment: [String: String] {
    ["MOORING_GIT_TOKEN": gitToken, "FORGE_URL": forge.url, "FORGE_TOKEN": forgeToken]
  }

  func forgetRequests() {
    git.forgetRequests()
    forge.change { $0.requests = [] }
  }
}
