import DriftCore
import Git
import TestSupport
import Testing

struct HostedPushTests {
  private let name = "mooring/salesforce/green"

  @Test func aBranchIsMadeMovedAndDeletedUnderItsLease() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let origin = hosted.origin
    let main = try origin.tip(of: "main")
    let one = try await proposal("1\n", in: repository)
    let two = try await proposal("2\n", in: repository)
    func push(from expected: CommitID?, to target: CommitID?) async throws -> [RefOutcome] {
      try await repository.push([RefUpdate(branch: name, expected: expected, target: target)])
    }

    #expect(try await push(from: nil, to: one) == [.updated])
    #expect(try origin.tip(of: name) == one)
    #expect(try await repository.branches().map(\.tip) == [one])
    // Asked twice, done once: the answer may have been lost.
    #expect(try await push(from: nil, to: one) == [.updated])
    #expect(try await push(from: nil, to: two) == [.leaseLost(found: one)])
    #expect(try await push(from: main, to: two) == [.leaseLost(found: one)])
    #expect(try await push(from: one, to: two) == [.updated])
    #expect(try origin.tip(of: name) == two)
    #expect(try await push(from: one, to: nil) == [.leaseLost(found: two)])
    #expect(try await push(from: two, to: nil) == [.updated])
    #expect(try await push(from: two, to: nil) == [.updated])
    #expect(try origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
    #expect(try await repository.branches() == [])
    try origin.git("fsck", "--strict", "--full")
    try GitProgram(in: origin.folder.path("clone"))("fsck", "--strict", "--full")
    #expect(try origin.locks() == [])
  }

  @Test func oneOutcomeForEachUpdateInOrder() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let one = try await proposal("1\n", in: repository)
    let two = try await proposal("2\n", in: repository)
    try hosted.origin.hook("update", "case $1 in *refused) echo \"only on Mondays\" >&2; exit 1;; esac")
    let outcomes = try await repository.push([
      RefUpdate(branch: "mooring/b", expected: nil, target: one),
      RefUpdate(branch: "mooring/a", expected: one, target: two),
      RefUpdate(branch: "mooring/refused", expected: nil, target: two),
      RefUpdate(branch: "mooring/c", expected: nil, target: two),
    ])
    guard outcomes.count == 4, case .refused(let reason) = outcomes[2] else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(outcomes == [.updated, .leaseLost(found: nil), .refused(reason), .updated])
    #expect(reason.contains("hook declined"))
    #expect(reason.contains("only on Mondays"))
    #expect(try await repository.branches().map(\.name) == ["mooring/b", "mooring/c"])
  }

  @Test func aHookThatRefusesTheWholePushIsARefusalOfEachBranch() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let one = try await proposal("1\n", in: repository)
    try hosted.origin.hook("pre-receive", "exit 1")
    let outcomes = try await repository.push([
      RefUpdate(branch: "mooring/a", expected: nil, target: one),
      RefUpdate(branch: "mooring/b", expected: nil, target: one),
    ])
    for outcome in outcomes {
      guard case .refused(let reason) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(reason.contains("hook declined"))
    }
    #expect(try hosted.origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
  }

  @Test func aBranchThatMovesWhileWePushIsALostLease() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let one = try await proposal("1\n", in: repository)
    let two = try await proposal("2\n", in: repository)
    let main = try hosted.origin.tip(of: "main")
    _ = try await repository.push([RefUpdate(branch: name, expected: nil, target: one)])
    let git = hosted.origin.git
    hosted.server.setFault(
      .interposed { message in
        guard GitHTTPServer.isPush(message) else { return }
        // A failure shows in what the push answers.
        _ = try? git("update-ref", "refs/heads/mooring/salesforce/green", main.text)
      })
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: one, target: two)])
        == [.leaseLost(found: main)])
    #expect(try hosted.origin.tip(of: name) == main)
  }

  @Test func aPushWhoseAnswerIsLostHasHappened() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let one = try await proposal("1\n", in: repository)
    hosted.server.setFault(.cutAfterPush())
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: nil, target: one)]) == [.updated])
    #expect(try hosted.origin.tip(of: name) == one)
  }

  @Test func whatSomebodyDidAfterALostAnswerIsTheirs() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let one = try await proposal("1\n", in: repository)
    let main = try hosted.origin.tip(of: "main")
    let git = hosted.origin.git
    hosted.server.setFault(
      .cutAfterPush {
        _ = try? git("update-ref", "refs/heads/mooring/salesforce/green", main.text)
      })
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: nil, target: one)])
        == [.leaseLost(found: main)])
  }

  @Test func aConnectionLostBeforeThePushLeavesTheBranchWhereItWas() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let one = try await proposal("1\n", in: repository)
    let update = RefUpdate(branch: name, expected: nil, target: one)
    hosted.server.setFault(.cutBeforePush)
    let error = await refusal { try await repository.push([update]) }
    #expect(error?.code == .connectionLost, "\(String(describing: error))")
    #expect(try hosted.origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
    hosted.server.setFault(nil)
    #expect(try await repository.push([update]) == [.updated])
  }

  @Test func aPushThatIsKilledAtItsDeadlineIsLookedAfter() async throws {
    let hosted = try HostedOrigin()
    let one = try await proposal("1\n", in: try hosted.repository())
    let repository = try hosted.repository(deadline: .seconds(2))
    let update = RefUpdate(branch: name, expected: nil, target: one)
    hosted.server.setFault(.silent(onPath: "/git-receive-pack"))
    let error = await refusal { try await repository.push([update]) }
    #expect(error?.code == .deadline)
    #expect(try transportPrograms(in: hosted.origin.folder) == [])
    #expect(try hosted.origin.folder.names().filter { $0.contains("refs/mooring/out/") } == [])
    hosted.server.setFault(nil)
    #expect(try await hosted.repository().push([update]) == [.updated])
    try GitProgram(in: hosted.origin.folder.path("clone"))("fsck", "--strict", "--full")
  }

  @Test func aPushThatIsKilledWhenItHasHappenedHasHappened() async throws {
    let hosted = try HostedOrigin()
    let one = try await proposal("1\n", in: try hosted.repository())
    let repository = try hosted.repository(deadline: .seconds(10))
    hosted.server.setFault(.silentAfterPush)
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: nil, target: one)]) == [.updated])
  }

  @Test func ofFourPushersOneWins() async throws {
    let hosted = try HostedOrigin()
    var pushers: [(GitRepository, CommitID)] = []
    for number in 0..<4 {
      let repository = try hosted.repository(clone: "clone\(number % 2)")
      pushers.append((repository, try await proposal("\(number)\n", in: repository)))
    }
    for round in 0..<3 {
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
      let tip = try hosted.origin.tip(of: branch)
      #expect(outcomes.filter { $0.1 == .updated }.map(\.0) == [tip])
      #expect(outcomes.filter { $0.1 == .leaseLost(found: tip) }.count == 3, "\(outcomes)")
    }
    try hosted.origin.git("fsck", "--strict", "--full")
  }
}
