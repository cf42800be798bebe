import DriftCore
import Git
import TestSupport
import Testing

struct LeftoverTests {
  private func proposes(_ origin: Origin) async throws {
    let repository = origin.repository()
    let id = try await repository.commit(
      CommitDraft(
        base: try await repository.fetch(), message: "x", edits: [edit("new", "1\n")])
    ).id
    #expect(
      try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: id)])
        == [.updated])
    _ = try await repository.fetch()
    #expect(try await repository.branches().map(\.tip) == [id])
    try GitProgram(in: origin.folder.path("clone"))("fsck", "--strict")
    #expect(try origin.locks() == [])
  }

  @Test func whatAKilledHolderOfTheLockLeftIsSwept() async throws {
    let origin = try Origin()
    _ = try await origin.repository().fetch()
    // The process that is named in the lock file died while it worked.
    try origin.folder.write("4194305\n", to: "clone/mooring.lock")
    for name in [
      "refs/remotes/origin/main.lock", "refs/remotes/origin/mooring/a.lock", "packed-refs.lock",
      "config.lock", "objects/pack/tmp_pack_x", "objects/pack/pack_git2_x",
    ] {
      try origin.folder.write("half", to: "clone/\(name)")
    }
    try origin.git("commit", "-q", "--allow-empty", "-m", "second")
    try await proposes(origin)
    #expect(try origin.folder.names().allSatisfy { !$0.contains("tmp_") && !$0.contains("git2_x") })
  }

  @Test(arguments: ["nothing", "folder", "head", "alternates", "half a config"])
  func aHalfMadeCloneIsFinished(state: String) async throws {
    let origin = try Origin()
    let steps = ["nothing", "folder", "head", "alternates", "half a config"]
    let reached = try #require(steps.firstIndex(of: state))
    if reached >= 1 { try origin.folder.write("1\n", to: "clone/mooring.lock") }
    if reached >= 2 { try origin.folder.write("ref: re", to: "clone/HEAD.tmp") }
    if reached >= 3 { try origin.folder.write("/no", to: "clone/objects/info/alternates.tmp") }
    if reached >= 4 { try origin.folder.write("[core]", to: "clone/config.tmp") }
    try await proposes(origin)
  }

  @Test func aLostCloneIsMadeAnew() async throws {
    let origin = try Origin()
    try await proposes(origin)
    let again = origin.repository(clone: "clone2")
    _ = try await again.fetch()
    let branch = try #require(try await again.branches().first)
    #expect(branch.isOurs)
  }
}
