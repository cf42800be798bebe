import DriftCore
import Git
import TestSupport
import Testing

struct PushTests {
  private func commit(
    _ text: String, in repository: GitRepository
  ) async throws -> CommitID {
    try await repository.commit(
      CommitDraft(
        base: try await repository.fetch(), message: "Add \(text)",
        edits: [edit("contracts/new.yaml", text)])
    ).id
  }

  @Test(arguments: [false, true])
  func aBranchIsMadeMovedAndDeletedUnderItsLease(bare: Bool) async throws {
    let origin = try Origin(bare: bare)
    let repository = origin.repository()
    let main = try origin.tip(of: "main")
    let one = try await commit("1\n", in: repository)
    let two = try await commit("2\n", in: repository)
    let name = "mooring/salesforce/green"

    #expect(
      try await repository.push([RefUpdate(branch: name, expected: nil, target: one)]) == [.updated]
    )
    #expect(try origin.tip(of: name) == one)
    try origin.git("fsck", "--strict", "--full")

    // Asked twice, done once: the answer may have been lost.
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: nil, target: one)]) == [.updated]
    )
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: nil, target: two)])
        == [.leaseLost(found: one)])
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: main, target: two)])
        == [.leaseLost(found: one)])
    #expect(
      try await repository.push([RefUpdate(branch: "mooring/none", expected: one, target: two)])
        == [.leaseLost(found: nil)])
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: one, target: two)]) == [.updated]
    )
    #expect(try origin.tip(of: name) == two)

    #expect(
      try await repository.push([RefUpdate(branch: name, expected: one, target: nil)])
        == [.leaseLost(found: two)])
    try origin.git("pack-refs", "--all")
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: two, target: nil)]) == [.updated]
    )
    #expect(try origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: two, target: nil)]) == [.updated]
    )
    #expect(try origin.tip(of: "main") == main)
    #expect(try origin.locks() == [])
  }

  @Test func oneOutcomeForEachUpdateInOrder() async throws {
    let origin = try Origin()
    let repository = origin.repository()
    let one = try await commit("1\n", in: repository)
    let two = try await commit("2\n", in: repository)
    let outcomes = try await repository.push([
      RefUpdate(branch: "mooring/b", expected: nil, target: one),
      RefUpdate(branch: "mooring/a", expected: one, target: two),
      RefUpdate(branch: "mooring/c", expected: nil, target: two),
    ])
    #expect(outcomes == [.updated, .leaseLost(found: nil), .updated])
    #expect(try await repository.branches().map(\.name) == ["mooring/b", "mooring/c"])
  }

  @Test(arguments: [false, true])
  func ofEightPushersOneWins(sharedClone: Bool) async throws {
    let origin = try Origin(bare: true)
    var pushers: [(GitRepository, CommitID)] = []
    for number in 0..<8 {
      let repository = origin.repository(clone: sharedClone ? "clone" : "clone\(number)")
      let id = try await repository.commit(
        CommitDraft(
          base: try await repository.fetch(), message: "x",
          edits: [edit("contracts/\(number)", "\(number)\n")])
      ).id
      pushers.append((repository, id))
    }
    for round in 0..<20 {
      let branch = "mooring/race\(round)"
      let outcomes = try await withThrowingTaskGroup(of: (CommitID, RefOutcome).self) { group in
        for (repository, id) in pushers {
          group.addTask {
            let update = RefUpdate(branch: branch, expected: nil, target: id)
            return (id, try await repository.push([update])[0])
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let winners = outcomes.filter { $0.1 == .updated }
      #expect(winners.count == 1)
      let tip = try origin.tip(of: branch)
      #expect(winners.first?.0 == tip)
      #expect(outcomes.filter { $0.1 == .leaseLost(found: tip) }.count == 7, "\(outcomes)")
    }
    try origin.git("fsck", "--strict", "--full")
    #expect(try origin.locks() == [])
  }

  @Test(arguments: [
    "main", "feature/x", "refs/heads/main", "mooring", "mooring/", "mooring/../main",
    "mooring/-x", "mooring/a.lock", "mooring/A", "mooring/a//b", "mooring/a b", "mooring/é",
    "mooring/.a", "mooring/a@{1}", "mooring/" + String(repeating: "x", count: 300),
  ])
  func nothingOutsideOurBranchesIsEverPushed(name: String) async throws {
    let origin = try Origin()
    let repository = origin.repository()
    let id = try await commit("1\n", in: repository)
    let main = try origin.tip(of: "main")
    let error = await #expect(throws: GitError.self) {
      try await repository.push([
        RefUpdate(branch: "mooring/fine", expected: nil, target: id),
        RefUpdate(branch: name, expected: main, target: id),
      ])
    }
    #expect(error?.code == .badBranchName)
    #expect(try origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
    #expect(try origin.tip(of: "main") == main)
  }

  @Test func whatPeopleWroteIsKeptUnderAnotherNameAndIsNoProposal() async throws {
    let origin = try Origin()
    let repository = origin.repository()
    let id = try await commit("1\n", in: repository)
    let update = RefUpdate(branch: keptBranchName(of: "mooring/crm/green", at: id), expected: nil, target: id)
    #expect(update.branch == "mooring-kept/crm/green/\(id.text.prefix(12))")
    for _ in 0..<2 { #expect(try await repository.push([update]) == [.updated], "a lost answer does no harm") }
    #expect(try origin.tip(of: update.branch) == id)
    _ = try await repository.fetch()
    #expect(try await repository.branches().isEmpty)
  }

  @Test(arguments: ["update", "pre-receive", "reference-transaction"])
  func aHookThatMayRefuseIsARefusal(hook: String) async throws {
    let origin = try Origin(bare: true)
    let path = try origin.folder.write(
      "#!/bin/sh\ntouch \"$0.ran\"\nexit 1\n", to: "bare.git/hooks/\(hook)")
    let repository = origin.repository()
    let id = try await commit("1\n", in: repository)
    try makeExecutable(path)
    let outcome = try await repository.push([
      RefUpdate(branch: "mooring/a", expected: nil, target: id)
    ])
    guard case .refused(let text) = outcome[0] else {
      Issue.record("\(outcome)")
      return
    }
    #expect(text.contains("hooks/\(hook)"))
    #expect(try origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
    #expect(origin.folder.read("bare.git/hooks/\(hook).ran") == nil, "no program is ever started")
  }

  @Test func settingsOfTheRemoteAreKept() async throws {
    let origin = try Origin(bare: true)
    let repository = origin.repository()
    let one = try await commit("1\n", in: repository)
    let two = try await commit("2\n", in: repository)
    _ = try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: one)])
    try origin.git("config", "receive.denyNonFastForwards", "true")
    try origin.git("config", "receive.denyDeletes", "true")
    for target in [two, nil] {
      let outcome = try await repository.push([
        RefUpdate(branch: "mooring/a", expected: one, target: target)
      ])
      guard case .refused = outcome[0] else {
        Issue.record("\(outcome)")
        continue
      }
    }
    #expect(try origin.tip(of: "mooring/a") == one)
  }

  @Test func aBranchInTheWayIsNamed() async throws {
    let origin = try Origin()
    try origin.git("branch", "mooring")
    let repository = origin.repository()
    let id = try await commit("1\n", in: repository)
    let outcome = try await repository.push([
      RefUpdate(branch: "mooring/a", expected: nil, target: id)
    ])
    #expect(outcome == [.refused("a branch \"mooring\" is in the way; rename or delete it")])
  }

  @Test func aNameForAnotherBranchIsNotFollowed() async throws {
    let origin = try Origin()
    try origin.git("symbolic-ref", "refs/heads/mooring/a", "refs/heads/main")
    let main = try origin.tip(of: "main")
    let repository = origin.repository()
    let id = try await commit("1\n", in: repository)
    let outcome = try await repository.push([
      RefUpdate(branch: "mooring/a", expected: nil, target: id)
    ])
    #expect(outcome == [.refused("the branch is only another name for a branch; delete it")])
    #expect(try origin.tip(of: "main") == main)
  }

  @Test func indexAndWorkTreeOfTheRemoteAreNeverTouched() async throws {
    let origin = try Origin()
    try origin.folder.write("half done\n", to: "work/contracts/mooring.yaml")
    try origin.folder.write("staged\n", to: "work/staged")
    try origin.git("add", "staged")
    let index = origin.folder.read("work/.git/index")
    let status = try origin.git("--no-optional-locks", "status", "--porcelain")
    let repository = origin.repository()
    let one = try await commit("1\n", in: repository)
    let two = try await commit("2\n", in: repository)
    _ = try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: one)])
    #expect(origin.folder.read("work/.git/index") == index)
    #expect(try origin.git("--no-optional-locks", "status", "--porcelain") == status)

    // A person looks at the branch: it must not move under their feet.
    try origin.git("worktree", "add", "-q", "../looking", "mooring/a")
    let outcome = try await repository.push([
      RefUpdate(branch: "mooring/a", expected: one, target: two)
    ])
    guard case .refused(let text) = outcome[0] else {
      Issue.record("\(outcome)")
      return
    }
    #expect(text.contains("checked out"))
    #expect(try origin.tip(of: "mooring/a") == one)
    #expect(try GitProgram(in: origin.folder.path("looking"))("status", "--porcelain") == "")
  }

  @Test func aLockOfSomebodyElseIsReportedAndLeft() async throws {
    let origin = try Origin()
    let repository = origin.repository()
    let id = try await commit("1\n", in: repository)
    try origin.folder.write("", to: "work/.git/refs/heads/mooring/a.lock")
    let outcome = try await repository.push([
      RefUpdate(branch: "mooring/a", expected: nil, target: id)
    ])
    guard case .refused(let text) = outcome[0] else {
      Issue.record("\(outcome)")
      return
    }
    #expect(text.contains("mooring/a.lock"))
    #expect(origin.folder.read("work/.git/refs/heads/mooring/a.lock") != nil)
  }
}
