import DriftCore
import Git
import TestSupport
import Testing

struct BranchTests {
  private static let name = "mooring/a"

  /// An origin with a branch of ours that writes `contracts/new.yaml` and removes `old`.
  private func proposed() async throws -> (Origin, GitRepository, CommitID) {
    let origin = try Origin(files: ["contracts/mooring.yaml": "version: 1\n", "old": "x\n"])
    let repository = origin.repository()
    let base = try await repository.fetch()
    let id = try await repository.commit(
      CommitDraft(
        base: base, message: "Add new",
        edits: [edit("contracts/new.yaml", "new\n"), edit("old", nil)])
    ).id
    _ = try await repository.push([RefUpdate(branch: Self.name, expected: nil, target: id)])
    return (origin, repository, id)
  }

  @Test func ourBranchSaysWhatItChanges() async throws {
    let (origin, repository, id) = try await proposed()
    for fetched in [false, true] {
      if fetched { _ = try await repository.fetch() }
      let branch = try #require(try await repository.branches().first)
      #expect(branch.name == Self.name)
      #expect(branch.tip == id)
      #expect(branch.base == (try origin.tip(of: "main")))
      #expect(branch.isOurs)
      #expect(Set(branch.changes.keys) == ["contracts/new.yaml", "old"])
      #expect(branch.changes["old"] == .some(nil))
      let blob = try #require(branch.changes["contracts/new.yaml"] ?? nil)
      #expect(try await repository.blobs([blob])[blob] == Array("new\n".utf8))
    }
  }

  @Test(arguments: ["amended", "reworded", "more", "rebased", "copied", "reset"], [false, true])
  func aBranchThatAPersonTouchedIsTheirs(how: String, underOurName: Bool) async throws {
    let (origin, repository, id) = try await proposed()
    let git =
      underOurName
      ? GitProgram(in: origin.path, name: "Mooring", email: "mooring@localhost") : origin.git
    try git("switch", "-q", Self.name)
    switch how {
    case "amended":
      try origin.folder.write("better\n", to: "work/contracts/new.yaml")
      try git("commit", "-q", "-a", "--amend", "--no-edit")
    case "reworded": try git("commit", "-q", "--amend", "-m", "mine")
    case "more":
      try origin.folder.write("better\n", to: "work/contracts/new.yaml")
      try git("commit", "-q", "-a", "-m", "better")
    case "rebased":
      try git("switch", "-q", "main")
      try git("commit", "-q", "--allow-empty", "-m", "moved on")
      try git("switch", "-q", Self.name)
      try git("rebase", "-q", "main")
    case "copied":
      // Our message under a commit on top of ours.
      try git("commit", "-q", "--allow-empty", "-C", id.text)
    default: try git("reset", "-q", "--hard", "main")
    }
    try git("switch", "-q", "main")
    _ = try await repository.fetch()
    let branch = try #require(try await repository.branches().first)
    #expect(!branch.isOurs)
    // What the branch brings is told from where it left the protected one, whoever wrote how many commits.
    #expect(branch.base == (try origin.tip(of: "main")))
    let brings: Set<String> = how == "reset" ? [] : ["contracts/new.yaml", "old"]
    #expect(Set(branch.changes.keys) == brings)
  }

  @Test(arguments: ["merge", "squash", "rebase", "pick", "am"])
  func howeverItIsMergedTheTreeIsTheSame(how: String) async throws {
    let (origin, repository, id) = try await proposed()
    try origin.folder.write("meanwhile\n", to: "work/other")
    try origin.git("add", "-A")
    try origin.git("commit", "-q", "-m", "meanwhile")
    switch how {
    case "merge": try origin.git("merge", "-q", "--no-ff", "-m", "merge", Self.name)
    case "squash":
      try origin.git("merge", "-q", "--squash", Self.name)
      try origin.git("commit", "-q", "-m", "squashed")
    case "rebase":
      try origin.git("rebase", "-q", "main", Self.name)
      try origin.git("switch", "-q", "main")
      try origin.git("merge", "-q", "--ff-only", Self.name)
    case "pick": try origin.git("cherry-pick", id.text)
    default:
      let patch = try await repository.commit(
        CommitDraft(
          base: CommitID(try origin.git("rev-parse", "\(id)^")), message: "Add new",
          edits: [edit("contracts/new.yaml", "new\n"), edit("old", nil)])
      ).patch
      try origin.folder.write(patch, to: "x.patch")
      try origin.git("am", "-q", origin.folder.path("x.patch"))
    }
    let tree = try await repository.tree(of: try await repository.fetch())
    #expect(Set(tree.files.keys) == ["contracts/mooring.yaml", "contracts/new.yaml", "other"])
    let ours = try await repository.tree(of: id)
    #expect(tree.files["contracts/new.yaml"] == ours.files["contracts/new.yaml"])
  }
}
