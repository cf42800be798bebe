import DriftCore
import TestSupport
import Testing
import Transport

@testable import Forges

/// Two runs at once, and people meanwhile. There is no lock: a branch has a lease, a pull request is found by its branch.
@Suite(.serialized)
struct ForgeRaceTests {
  @Test(arguments: FaultyForge.Kind.allCases)
  func ofTwoRunsAtOnceOneOpensAndTheOtherFindsIt(kind: FaultyForge.Kind) async throws {
    for _ in 0..<5 {
      let forge = try FaultyForge(kind)
      let draft = forge.draft()
      async let one = forge.run().open(draft)
      async let other = forge.run().open(draft)
      let opened = try await [one, other]
      #expect(Set(opened.map(\.id)) == ["1"])
      #expect(forge.pullRequests() == 1)
      #expect(forge.violations() == [])
    }
  }

  /// It looked, slept while another run wrote, and writes what is old by now: the next run sees that and writes again.
  @Test(arguments: FaultyForge.Kind.allCases)
  func whatARunWritesThatWokeTooLateIsWrittenOver(kind: FaultyForge.Kind) async throws {
    let forge = try FaultyForge(kind)
    let old = forge.draft()
    var new = forge.draft(body: "Two columns more.")
    new.head = CommitID(String(repeating: "b", count: 40))
    forge.push(new)
    _ = try await forge.run().open(old)
    let written = try await forge.run().update("1", to: new)
    _ = try await forge.run().update("1", to: old)
    let seen = try #require(try await forge.run().pullRequests().first)
    #expect(seen.textDigest != written.textDigest)
    #expect(seen.head == old.head)
    #expect(try await forge.run().update("1", to: new) == written)
    #expect(try await forge.run().pullRequests() == [written])
  }

  /// A person merges before each request of an update, a refusal or a close in turn.
  @Test(arguments: FaultyForge.Kind.allCases, ["update", "close", "refuse", "lift", "open"])
  func aMergeMeanwhileStaysAMerge(kind: FaultyForge.Kind, call: String) async throws {
    for number in 1...8 {
      let forge = try FaultyForge(kind)
      _ = try await forge.run().open(forge.draft())
      if call == "lift" { try await forge.run().refuse("1", as: Closing(reason: "no")) }
      forge.forget()
      forge.meanwhile(number, .merge(1))
      let draft = forge.draft(body: "Two columns more.")
      let run = try forge.run()
      do {
        switch call {
        case "update": _ = try await run.update("1", to: draft)
        case "close": try await run.close("1", because: "the drift is gone")
        case "refuse": try await run.refuse("1", as: Closing(reason: "no"))
        case "lift": try await run.lift("1")
        default: _ = try await run.open(draft)
        }
      } catch let error as ForgeError {
        // GitLab and Gitea say that there is one, and a moment later it is not among the open ones.
        #expect([.merged, .invalid, .notOurs].contains(error.code), "\(call) \(number): \(error)")
      }
      if forge.requests().count < number { return #expect(number > 1) }
      #expect(try await forge.run().pullRequests().filter { $0.id == "1" } == [], "\(call) \(number)")
    }
  }

  /// Whatever a server asks for, a request waits two minutes at most, and asks a few times at most.
  @Test(
    arguments: FaultyForge.Kind.allCases,
    [
      "0", "-1", "soon", "1e3", "", "Sat, 21 Nov 2026 11:00:00 GMT", "Sat, 21 Nov 2026 12:00:00 GMT", "119", "121",
      "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT",
    ])
  func aLimitIsObeyedWithinReason(kind: FaultyForge.Kind, wait: String) async throws {
    let forge = try FaultyForge(kind)
    let headers = ["Retry-After: \(wait)", "Date: Sat, 21 Nov 2026 12:00:00 GMT"]
    let live = try LiveTransport()
    let calls: [() async throws -> Void] = [
      { _ = try await forge.run(over: live).pullRequests() },
      { try await forge.run(over: live).close("1", because: "") },
    ]
    for call in calls {
      forge.forget()
      for number in 1...200 { forge.fail(number, .instead(.answer(429, headers))) }
      let before = forge.clock.sleeps.count
      let error = await #expect(throws: ForgeError.self) { try await call() }
      guard case .rateLimited(let seconds) = error?.code else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(seconds > 0)
      #expect(forge.requests().count <= 8, "\(forge.requests().count)")
      let waits = forge.clock.sleeps.dropFirst(before)
      #expect(waits.reduce(.zero, +) <= Patience.maximumWait)
      #expect(waits.allSatisfy { $0 >= .seconds(1) })
    }
  }
}
