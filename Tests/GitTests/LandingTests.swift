import DriftCore
import Git
import TestSupport
import Testing

/// A change that people bring to the protected branch in every way that git knows.
struct LandingTests {
  private let folder = "contracts/crm/crm.account/changes/0001-add-tier"

  /// A repository whose branch `mooring/a` adds the folder, with main moved on since.
  private func origin() throws -> Origin {
    let origin = try Origin()
    try origin.git("checkout", "-q", "-b", "mooring/a")
    try write("up.sql", "ALTER\n", in: origin)
    try commit("the change", in: origin)
    try origin.git("checkout", "-q", "main")
    try origin.folder.write("b\n", to: "work/other")
    try commit("main moves on", in: origin)
    return origin
  }

  private func write(_ name: String, _ text: String, in origin: Origin) throws {
    try origin.folder.write(text, to: "work/\(folder)/\(name)")
  }

  private func commit(_ message: String, in origin: Origin) throws {
    try origin.git("add", "-A")
    try origin.git("commit", "-q", "-m", message)
  }

  private func landing(in origin: Origin, of path: String? = nil) async throws -> Landing? {
    let repository = origin.repository()
    let path = path ?? folder
    return try await repository.landings(of: [path], at: try await repository.fetch())[path]
  }

  /// The landing is the commit that the protected branch got, and its parent is what main was.
  @Test(arguments: [
    ["merge -q --no-ff -m merged mooring/a"], ["merge -q --squash mooring/a", "commit -q -m squashed"],
    ["cherry-pick mooring/a"], ["rebase -q main mooring/a", "checkout -q main", "merge -q --ff-only mooring/a"],
    ["checkout -q mooring/a -- contracts", "commit -q -m by-hand"],
  ])
  func theLandingIsFoundHoweverItWasMerged(commands: [String]) async throws {
    let origin = try origin()
    let before = try origin.tip(of: "main")
    for command in commands {
      let (status, _, errors) = try origin.git.run(command.split(separator: " ").map(String.init))
      try #require(status == 0, "\(errors)")
    }
    let merged = try origin.tip(of: "main")
    #expect(try await landing(in: origin) == Landing(commit: merged, parent: before))
    try origin.folder.write("c\n", to: "work/other")
    try commit("later", in: origin)
    #expect(try await landing(in: origin) == Landing(commit: merged, parent: before), "later commits change nothing")
  }

  /// A branch with two commits, rebased: the folder is whole with the second.
  @Test func aRebaseLandsWithTheCommitThatCompletesTheFolder() async throws {
    let origin = try origin()
    try origin.git("checkout", "-q", "mooring/a")
    try write("up.sql", "ALTER more\n", in: origin)
    try commit("amended by the reviewer", in: origin)
    try origin.git("rebase", "-q", "main", "mooring/a")
    try origin.git("checkout", "-q", "main")
    try origin.git("merge", "-q", "--ff-only", "mooring/a")
    #expect(try await landing(in: origin)?.commit == (try origin.tip(of: "main")))
  }

  @Test func aMergeThatChangesTheFolderIsItsLanding() async throws {
    let origin = try origin()
    let head = try origin.tip(of: "mooring/a")
    try origin.git("merge", "-q", "--no-ff", "--no-commit", "mooring/a")
    try write("up.sql", "DROP\n", in: origin)
    try commit("an evil merge", in: origin)
    let landing = try #require(try await landing(in: origin))
    #expect(landing.commit == (try origin.tip(of: "main")))
    let repository = origin.repository()
    _ = try await repository.fetch()
    #expect(try await repository.isSame(folder, in: head, as: landing.commit) == false)
    #expect(try await repository.isSame("\(folder)/none", in: head, as: landing.commit) == true)
    #expect(try await repository.isSame(folder, in: CommitID(String(repeating: "1", count: 40)), as: head) == nil)
  }

  @Test func whatWasRevertedAndLandedAgainLandedAgain() async throws {
    let origin = try origin()
    try origin.git("merge", "-q", "--no-ff", "-m", "merged", "mooring/a")
    try origin.git("revert", "-m", "1", "--no-edit", "HEAD")
    #expect(try await landing(in: origin) == nil)
    try origin.git("revert", "--no-edit", "HEAD")
    #expect(try await landing(in: origin)?.commit == (try origin.tip(of: "main")))
  }

  @Test func aFileMadeExecutableIsNotAsItWas() async throws {
    let origin = try origin()
    try origin.git("merge", "-q", "--no-ff", "-m", "merged", "mooring/a")
    try origin.git("update-index", "--chmod=+x", "\(folder)/up.sql")
    try origin.git("commit", "-q", "-m", "mode")
    #expect(try await landing(in: origin)?.commit == (try origin.tip(of: "main")))
  }

  @Test func whatCameWithTheFirstCommitHasNoParent() async throws {
    let origin = try Origin()
    let first = try origin.tip(of: "main")
    #expect(try await landing(in: origin, of: "contracts/mooring.yaml") == Landing(commit: first, parent: nil))
    #expect(try await landing(in: origin, of: "contracts/mooring.yaml/below") == nil)
  }
}
