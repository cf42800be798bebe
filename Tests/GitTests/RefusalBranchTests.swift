import DriftCore
import Git
import TestSupport
import Testing

private let time = Timestamp(iso8601: "2026-11-21T12:00:00Z")!

/// The branch that keeps what was refused, in real repositories.
struct RefusalBranchTests {
  @Test(arguments: [false, true])
  func itBeginsWithoutAParentAndGrows(bare: Bool) async throws {
    let origin = try Origin(bare: bare)
    try origin.git("config", "receive.denyNonFastForwards", "true")
    let repository = origin.repository()
    _ = try await repository.fetch()
    #expect(try await repository.refusals() == nil)
    let first = try await repository.commitRefusals(
      [edit("crm/crm.account.yaml", "1\n"), edit("recorded.yaml", "2\n")], message: "Record", onto: nil, at: time)
    #expect(
      try await repository.push([RefUpdate(branch: refusalsBranch, expected: nil, target: first)]) == [.updated])
    #expect(try origin.git("rev-list", "--parents", refusalsBranch) == first.text)
    #expect(try origin.git("log", "-1", "--format=%an %at %s", refusalsBranch) == "Mooring 1795262400 Record")
    let second = try await repository.commitRefusals(
      [edit("crm/crm.account.yaml", "3\n")], message: "Again", onto: first, at: time)
    #expect(
      try await repository.push([RefUpdate(branch: refusalsBranch, expected: first, target: second)]) == [.updated])
    #expect(try origin.git("rev-list", "--count", refusalsBranch) == "2")
    try origin.git("fsck", "--strict", "--full")

    // Another clone reads it with its fetch; it is no proposal's branch.
    let other = origin.repository(clone: "other")
    _ = try await other.fetch()
    let tree = try #require(try await other.refusals())
    #expect(tree.commit == second)
    #expect(tree.files.keys.sorted() == ["crm/crm.account.yaml", "recorded.yaml"])
    #expect(try await other.branches().isEmpty)
  }

  /// One question for the branches and one for their commits, as without it.
  @Test func aGitHostBringsItWithTheFetch() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    _ = try await repository.fetch()
    #expect(try await repository.refusals() == nil)
    let first = try await repository.commitRefusals(
      [edit("crm/crm.account.yaml", "1\n")], message: "Record", onto: nil, at: time)
    #expect(
      try await repository.push([RefUpdate(branch: refusalsBranch, expected: nil, target: first)]) == [.updated])
    #expect(try hosted.origin.git("rev-list", "--parents", refusalsBranch) == first.text)
    let other = try hosted.repository(clone: "other")
    _ = try await other.fetch()
    #expect(try await other.refusals()?.files.keys.sorted() == ["crm/crm.account.yaml"])
    let second = try await other.commitRefusals(
      [edit("recorded.yaml", "1\n")], message: "Record", onto: first, at: time)
    #expect(
      try await other.push([RefUpdate(branch: refusalsBranch, expected: first, target: second)]) == [.updated])
    hosted.server.forgetRequests()
    _ = try await repository.fetch()
    #expect(try await repository.refusals()?.commit == second)
    #expect(hosted.server.requests.count == 3, "\(hosted.server.requests.map(\.path))")
  }

  @Test func whatAPersonCommitsIsReadAndBuiltUpon() async throws {
    let origin = try Origin()
    let repository = origin.repository()
    _ = try await repository.fetch()
    let first = try await repository.commitRefusals(
      [edit("crm/crm.account.yaml", "1\n")], message: "Record", onto: nil, at: time)
    _ = try await repository.push([RefUpdate(branch: refusalsBranch, expected: nil, target: first)])
    try origin.git("checkout", "-q", refusalsBranch)
    try origin.folder.write("by hand\n", to: "work/crm/crm.account.yaml")
    try origin.git("commit", "-qam", "by hand")
    try origin.git("checkout", "-q", "main")
    _ = try await repository.fetch()
    let tree = try #require(try await repository.refusals())
    #expect(tree.commit == (try origin.tip(of: refusalsBranch)))
    let blob = try #require(tree.files["crm/crm.account.yaml"])
    #expect(try await repository.blobs([blob])[blob] == Array("by hand\n".utf8))
    let next = try await repository.commitRefusals(
      [edit("recorded.yaml", "1\n")], message: "Record", onto: tree.commit, at: time)
    #expect(
      try await repository.push([RefUpdate(branch: refusalsBranch, expected: tree.commit, target: next)]) == [.updated])
    #expect(try origin.git("show", "\(refusalsBranch):crm/crm.account.yaml") == "by hand")
  }

  /// The one that comes later loses, unless it wrote the same: then both have won.
  @Test func twoThatRecordAtOnceDoNotOverwriteEachOther() async throws {
    let origin = try Origin()
    let (one, two) = (origin.repository(clone: "one"), origin.repository(clone: "two"))
    func commit(_ text: String, in repository: GitRepository) async throws -> CommitID {
      _ = try await repository.fetch()
      return try await repository.commitRefusals(
        [edit("recorded.yaml", text)], message: "Record", onto: nil, at: time)
    }
    let (first, same, other) = (
      try await commit("1\n", in: one), try await commit("1\n", in: two), try await commit("2\n", in: two)
    )
    #expect(first == same)
    func push(_ target: CommitID, from repository: GitRepository) async throws -> [RefOutcome] {
      try await repository.push([RefUpdate(branch: refusalsBranch, expected: nil, target: target)])
    }
    #expect(try await push(first, from: one) == [.updated])
    #expect(try await push(same, from: two) == [.updated])
    #expect(try await push(other, from: two) == [.leaseLost(found: first)])
    #expect(try origin.tip(of: refusalsBranch) == first)
  }
}
