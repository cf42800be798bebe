import DriftCore
import Git
import TestSupport
import Testing

struct HostedFetchTests {
  @Test func fetchGivesTheTipAndTheTreeHoldsEveryFile() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let tip = try await repository.fetch()
    #expect(tip == (try hosted.origin.tip(of: "main")))
    let tree = try await repository.tree(of: tip)
    let blob = try #require(tree.files["contracts/mooring.yaml"])
    #expect(try await repository.blobs([blob])[blob] == Array("version: 1\n".utf8))
    #expect(hosted.passwords().allSatisfy { $0 == "x-access-token:\(HostedOrigin.token)" })
  }

  @Test func aQuietFetchAsksForTheBranchesAlone() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    _ = try await repository.fetch()
    hosted.server.forgetRequests()
    _ = try await repository.fetch()
    // The first answer is a question for the token.
    #expect(hosted.server.requests.map(\.path) == ["/bare.git/info/refs", "/bare.git/info/refs"])
  }

  @Test func branchesThatWentAreForgotten() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let git = hosted.origin.git
    try git("branch", "mooring/a", "main")
    try git("branch", "mooring/b", "main")
    try git("branch", "feature", "main")
    _ = try await repository.fetch()
    #expect(try await repository.branches().map(\.name) == ["mooring/a", "mooring/b"])
    // A folder of branches in the place of a branch.
    try git("branch", "-D", "mooring/a")
    try git("branch", "mooring/a/x", "main")
    _ = try await repository.fetch()
    #expect(try await repository.branches().map(\.name) == ["mooring/a/x", "mooring/b"])
    try git("branch", "-D", "mooring/a/x")
    try git("branch", "mooring/a", "main")
    _ = try await repository.fetch()
    #expect(try await repository.branches().map(\.name) == ["mooring/a", "mooring/b"])
    let mirror = GitProgram(in: hosted.origin.folder.path("clone/mirror"))
    #expect(
      try mirror("for-each-ref", "--format=%(refname)")
        == "refs/heads/main\nrefs/heads/mooring/a\nrefs/heads/mooring/b")
  }

  @Test func aRewrittenBranchIsFollowed() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let before = try await repository.fetch()
    let tree = try hosted.origin.git("rev-parse", "main^{tree}")
    let other = try hosted.origin.git("commit-tree", tree, "-m", "rewritten")
    try hosted.origin.git("update-ref", "refs/heads/main", other)
    let after = try await repository.fetch()
    #expect(after == CommitID(other))
    #expect(try await repository.isAncestor(before, of: after) == false)
  }

  @Test func aLostCloneIsMadeAnew() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let id = try await proposal("1\n", in: repository)
    _ = try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: id)])
    let again = try hosted.repository(clone: "again")
    _ = try await again.fetch()
    #expect(try await again.branches().map(\.isOurs) == [true])
  }

  @Test func aMissingBranchNamesTheOnesThatAreThere() async throws {
    let hosted = try HostedOrigin()
    try hosted.origin.git("branch", "-m", "main", "trunk")
    let repository = try hosted.repository()
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .branchMissing)
    #expect(error?.finding.contains("\"trunk\"") == true)
  }

  @Test func anEmptyRepositoryIsNamedAsSuch() async throws {
    let hosted = try HostedOrigin()
    try GitProgram(in: hosted.origin.folder.path)("init", "-q", "--bare", "-b", "main", "empty.git")
    let repository = try hosted.repository(path: "empty.git")
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .emptyRepository)
  }

  @Test func aSHA256RepositoryIsNamedAsSuch() async throws {
    let hosted = try HostedOrigin()
    try GitProgram(in: hosted.origin.folder.path)(
      "init", "-q", "--bare", "-b", "main", "--object-format=sha256", "odd.git")
    let odd = GitProgram(in: hosted.origin.folder.path("odd.git"))
    let tree = try odd("hash-object", "-w", "-t", "tree", "/dev/null")
    try odd("update-ref", "refs/heads/main", odd("commit-tree", tree, "-m", "first"))
    let repository = try hosted.repository(path: "odd.git")
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .unusableRepository, "\(String(describing: error))")
    #expect(error?.finding.contains("SHA-1") == true)
  }

  @Test func aFetchThatIsKilledAtItsDeadlineIsDoneTheNextTime() async throws {
    let hosted = try HostedOrigin()
    _ = try await hosted.repository().fetch()
    try hosted.advance()
    hosted.server.setFault(.silent(onPath: "/git-upload-pack"))
    let hasty = try hosted.repository(deadline: .seconds(2))
    let error = await refusal { try await hasty.fetch() }
    #expect(error?.code == .deadline)
    hosted.server.setFault(nil)
    #expect(try await hosted.repository().fetch() == (try hosted.origin.tip(of: "main")))
    try GitProgram(in: hosted.origin.folder.path("clone/mirror"))("fsck", "--strict", "--full")
    #expect(try hosted.origin.locks() == [])
  }

  @Test func manySmallPacksBecomeOne() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    for _ in 0..<4 {
      try hosted.advance()
      _ = try await repository.fetch()
    }
    let mirror = hosted.origin.folder.path("clone/mirror")
    func packs() throws -> [String] {
      try hosted.origin.folder.names().filter { $0.hasPrefix("clone/mirror/objects/pack/") }
    }
    #expect(try packs().count == 8)
    #expect(try consolidatePacks(of: mirror, whereMoreThan: 4) == false)
    #expect(try consolidatePacks(of: mirror, whereMoreThan: 3, sizeOfSmall: 10) == false)
    #expect(try consolidatePacks(of: mirror, whereMoreThan: 3))
    #expect(try packs().count == 2)
    let git = GitProgram(in: mirror)
    try git("fsck", "--strict", "--full")
    #expect(try git("rev-list", "--count", "main") == "5")
    // One that was open before reads on.
    try hosted.advance()
    let tip = try await repository.fetch()
    #expect(try await repository.tree(of: tip).files.count == 1)
  }

  @Test func theFirstFetchMayTakeTenTimesAsLongOnceTheServerSpoke() async throws {
    let hosted = try HostedOrigin()
    let requests = hosted.origin.folder.path("requests")
    let program = try hosted.origin.folder.write(
      """
      #!/bin/sh
      read -r line
      echo "$line" >> \(requests)
      echo '{"tips":{},"others":[]}'

      """, to: "program")
    try makeExecutable(program)
    let repository = try hosted.repository(program: program)
    #expect(await refusal { try await repository.fetch() }?.code == .emptyRepository)
    let lines = String(decoding: hosted.origin.folder.read("requests") ?? [], as: UTF8.self)
      .split(separator: "\n").compactMap { TransportRequest(line: Array($0.utf8)) }
    #expect(lines.map(\.work) == [.list, .fetch])
    #expect(lines.map(\.deadline) == [60, 600])
  }
}
