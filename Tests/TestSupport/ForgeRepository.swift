package import DriftCore
import Foundation

/// The git repository behind a fake forge: a bare one, served over smart HTTP, and a clone that pushes there.
package final class ForgeRepository: Sendable {
  private let folder: TemporaryFolder
  private let server: GitHTTPServer
  private let bare: GitProgram
  private let clone: GitProgram

  package init() throws {
    folder = try TemporaryFolder("forge-repository")
    let root = folder.path("root")
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    let program = GitProgram(in: root)
    try program("init", "-q", "--bare", "--initial-branch=main", "contracts.git")
    bare = GitProgram(in: root + "/contracts.git")
    try bare("config", "http.receivepack", "true")
    server = try GitHTTPServer(root: root)
    try program("init", "-q", "--initial-branch=main", "clone")
    clone = GitProgram(in: root + "/clone")
    try clone("remote", "add", "origin", server.url + "/contracts.git")
    try clone("commit", "-q", "--allow-empty", "-m", "The first contract")
    try clone("push", "-q", "origin", "main")
  }

  deinit { server.stop() }

  /// Puts the draft onto its branch, over the network; returns the commit.
  package func push(_ draft: PullRequestDraft) throws -> CommitID {
    let commit = try clone("commit-tree", "-p", "main", "-m", "\(draft.title)\n\n\(draft.head)", "main^{tree}")
    try clone("push", "-q", "--force", "origin", "\(commit):refs/heads/\(draft.branch)")
    return CommitID(commit)
  }

  /// Where a branch is; nil where there is none.
  package func tip(of branch: String) -> String? {
    try? bare("rev-parse", "--verify", "-q", "refs/heads/\(branch)")
  }
}
