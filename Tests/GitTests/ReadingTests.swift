import DriftCore
import Git
import TestSupport
import Testing

struct ReadingTests {
  @Test(arguments: [false, true])
  func fetchGivesTheTipAndTheTreeHoldsEveryFile(bare: Bool) async throws {
    let origin = try Origin(
      bare: bare,
      files: ["contracts/a.yaml": "a\n", "contracts/ü/\"b c\".yaml": "b\n", "empty": ""])
    let repository = origin.repository()
    let tip = try await repository.fetch()
    #expect(tip == (try origin.tip(of: "main")))
    let tree = try await repository.tree(of: tip)
    #expect(Set(tree.files.keys) == ["contracts/a.yaml", "contracts/ü/\"b c\".yaml", "empty"])
    let blob = try #require(tree.files["contracts/ü/\"b c\".yaml"])
    let empty = try #require(tree.files["empty"])
    #expect(try await repository.blobs([blob, empty]) == [blob: Array("b\n".utf8), empty: []])
    #expect(
      try GitProgram(in: origin.folder.path("clone"))("rev-parse", "refs/remotes/origin/main")
        == tip.text)
    try GitProgram(in: origin.folder.path("clone"))("fsck", "--strict")
  }

  @Test func aLaterTreeIsReadFromTheDifferenceAndIsTheSame() async throws {
    let origin = try Origin(files: ["a/b/c": "1", "a/d": "2", "e": "3", "x/y": "4"])
    let repository = origin.repository()
    _ = try await repository.tree(of: try await repository.fetch())
    try origin.git("rm", "-q", "a/b/c", "e")
    try origin.folder.write("file now", to: "work/a/b")
    try origin.folder.write("folder now", to: "work/e/f/g")
    try origin.git("add", "-A")
    try origin.git("commit", "-q", "-m", "second")
    let tip = try await repository.fetch()
    let later = try await repository.tree(of: tip)
    #expect(Set(later.files.keys) == ["a/b", "a/d", "e/f/g", "x/y"])
    #expect(later == (try await origin.repository(clone: "other").tree(of: tip)))
  }

  @Test func linksAndSubmodulesAreLeftOut() async throws {
    let origin = try Origin()
    try origin.git(
      "update-index", "--add", "--cacheinfo", "160000,\(try origin.tip(of: "main")),sub")
    let link = try origin.git("rev-parse", "HEAD:contracts/mooring.yaml")
    try origin.git("update-index", "--add", "--cacheinfo", "120000,\(link),link")
    try origin.git("update-index", "--add", "--cacheinfo", "100755,\(link),run")
    try origin.git("commit", "-q", "-m", "odd ones")
    let repository = origin.repository()
    let tree = try await repository.tree(of: try await repository.fetch())
    #expect(Set(tree.files.keys) == ["contracts/mooring.yaml", "run"])
  }

  @Test func aRewrittenBranchIsToldFromAContinuedOne() async throws {
    let origin = try Origin()
    let repository = origin.repository()
    let first = try await repository.fetch()
    try origin.git("commit", "-q", "--allow-empty", "-m", "second")
    let second = try await repository.fetch()
    #expect(try await repository.isAncestor(first, of: second))
    #expect(try await repository.isAncestor(second, of: second))
    #expect(try await !repository.isAncestor(second, of: first))
    try origin.git("commit", "-q", "--amend", "--allow-empty", "-m", "rewritten")
    let third = try await repository.fetch()
    #expect(try await !repository.isAncestor(second, of: third))
    let gone = CommitID(String(repeating: "1", count: 40))
    #expect(try await !repository.isAncestor(gone, of: third))
  }

  @Test func branchesThatWentAreForgotten() async throws {
    let origin = try Origin()
    let repository = origin.repository()
    try origin.git("branch", "mooring/a")
    try origin.git("branch", "feature")
    _ = try await repository.fetch()
    #expect(try await repository.branches().map(\.name) == ["mooring/a"])
    try origin.git("branch", "-D", "mooring/a")
    try origin.git("pack-refs", "--all")
    _ = try await repository.fetch()
    #expect(try await repository.branches().isEmpty)
  }

  @Test func aMissingBranchNamesTheOnesThatAreThere() async throws {
    let origin = try Origin()
    let error = await #expect(throws: GitError.self) {
      try await origin.repository(branch: "trunk").fetch()
    }
    #expect(error?.code == .branchMissing)
    #expect(error?.description.contains("\"main\"") == true)
    #expect(error?.wayOut != nil)
  }

  @Test func anEmptyRepositoryIsNamedAsSuch() async throws {
    let folder = try TemporaryFolder("git")
    try GitProgram(in: folder.path)("init", "-q", "--bare", "-b", "main", "empty.git")
    let repository = GitRepository(
      remote: folder.path("empty.git"), clone: folder.path("clone"))
    let error = await #expect(throws: GitError.self) { try await repository.fetch() }
    #expect(error?.code == .emptyRepository)
  }

  @Test(arguments: ["sha256", "shallow", "partial", "none", "file"])
  func repositoriesThatCannotBeReadWholeAreRefused(kind: String) async throws {
    let origin = try Origin()
    let top = GitProgram(in: origin.folder.path)
    switch kind {
    case "sha256": try top("init", "-q", "--bare", "--object-format=sha256", "odd")
    case "shallow":
      try origin.git("commit", "-q", "--allow-empty", "-m", "second")
      try top("clone", "-q", "--bare", "--depth", "1", "file://\(origin.path)", "odd")
    case "partial":
      try top("clone", "-q", "--bare", "work", "odd")
      try GitProgram(in: origin.folder.path("odd"))("config", "extensions.partialClone", "origin")
      try GitProgram(in: origin.folder.path("odd"))("config", "core.repositoryFormatVersion", "1")
    case "file": try origin.folder.write("x", to: "odd")
    default: break
    }
    let repository = GitRepository(
      remote: origin.folder.path("odd"), clone: origin.folder.path("clone"))
    let error = await #expect(throws: GitError.self) { try await repository.fetch() }
    #expect(error?.code == .unusableRepository, "\(String(describing: error))")
    #expect(error?.wayOut != nil)
  }

  @Test func aCloneOfAnotherRemoteIsNotUsed() async throws {
    let one = try Origin()
    let two = try Origin()
    _ = try await one.repository().fetch()
    let mixed = GitRepository(remote: two.path, clone: one.folder.path("clone"))
    let error = await #expect(throws: GitError.self) { try await mixed.fetch() }
    #expect(error?.code == .cloneOfAnotherRemote)
  }
}
