import DriftCore
import JSON
import TestSupport
import Testing
import Transport

@testable import Forges

/// What people do to our pull requests, and what we leave alone.
extension GitHubForgeTests {
  // MARK: Closing and refusing

  @Test func closedByAPersonIsARefusalAndOutlivesTheNextPullRequest() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    let first = try await forge.open(draft)
    fake.closeByHand(1)
    let refused = try await forge.pullRequests()
    #expect(refused.map(\.state) == [.refused])
    #expect(refused.first?.findings == first.findings)
    draft.findings = ["c.3"]
    let second = try await forge.open(draft)
    #expect(second.id == "2", "what a person closed is not opened again")
    let list = try await forge.pullRequests()
    #expect(list.first { $0.state == .open }?.findings == ["c.3"])
    #expect(list.first { $0.state == .refused }?.findings == ["a.1", "b.2"])
    #expect(fake.violations == [])
  }

  @Test func reopenedByAPersonIsOpenAgain() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    let opened = try await forge.open(draft())
    fake.closeByHand(1)
    fake.change { $0.pulls[1]?.isOpen = true }
    #expect(try await forge.pullRequests() == [opened])
    // One that we had closed counts as unwritten, so that a person's later "no" is not taken for ours.
    try await forge.close("1", because: "the drift is gone")
    fake.change { $0.pulls[1]?.isOpen = true }
    #expect(try await forge.pullRequests().map(\.textDigest) == [""])
    #expect(try await forge.update("1", to: draft()) == opened)
    fake.closeByHand(1)
    #expect(try await forge.pullRequests().map(\.state) == [.refused])
  }

  @Test func mergedIsNeitherOpenNorRefused() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    fake.change {
      $0.pulls[1]?.isOpen = false
      $0.pulls[1]?.isMerged = true
    }
    #expect(try await forge.pullRequests().isEmpty)
    let error = await #expect(throws: ForgeError.self) { try await forge.update("1", to: draft()) }
    #expect(error?.code == .merged)
    try await forge.close("1", because: "merged")
    #expect(fake.pulls[0].comments.isEmpty)
    #expect(try await forge.open(draft()).id == "2")
  }

  @Test func closingSaysWhyInOneCommentHoweverOften() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    for reason in ["the drift is gone", "the drift is gone", "ping @everyone <b> `x`"] {
      try await forge.close("1", because: reason)
      fake.change { $0.pulls[1]?.isOpen = true }
    }
    let comments = fake.change { $0.comments }
    #expect(comments.count == 1)
    #expect(
      fake.requests.count { $0.contains("PATCH") && $0.contains("/comments/") } == 1, "the same is not written again")
    let text = try #require(comments[5_000_000_001]?.body)
    #expect(text.hasPrefix("<!-- mooring:v1 kind=closed digest="))
    #expect(text.hasSuffix("Mooring closed this: ping @\u{200B}everyone &lt;b\\> \\`x\\`.\n"))
  }

  @Test func thereIsOneCommentForEachPurposeAndAMergedOneTakesIt() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    fake.markMerged(1)
    for text: Markdown in ["1 of 2 steps\n", "1 of 2 steps\n", "2 of 2 steps\n"] {
      try await forge.comment(on: "1", .applied, text)
      try await forge.comment(on: "1", .check, "waits\n")
    }
    let bodies = fake.pulls[0].comments.compactMap { id in fake.change { $0.comments[id]?.body } }
    #expect(bodies.count == 2)
    #expect(bodies.first?.hasSuffix("-->\n\n2 of 2 steps\n") == true)
    #expect(fake.requests.count { $0.contains("comments") } == 3, "two are written, one is edited")
    try await forge.comment(on: "1", .applied, "\(String(repeating: "x", count: 70_000))")
    #expect(fake.pulls[0].comments.count == 2)
    #expect(fake.violations == [])
  }

  @Test func whatAPersonClosedNeedsNoRefusal() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    fake.closeByHand(1)
    fake.change { $0.requests = [] }
    try await forge.refuse("1", as: Closing(reason: "no"))
    try await forge.close("1", because: "the drift is gone")
    #expect(fake.requests.allSatisfy { $0 == "POST /graphql" })
    #expect(try await forge.pullRequests().map(\.state) == [.refused])
  }

  @Test func aCommentThatAStrangerMarkedIsNotOurs() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    fake.change {
      $0.comments[7] = .init(author: "mallory", body: "<!-- mooring:v1 kind=closed digest=0 -->")
      $0.pulls[1]?.comments = [7]
    }
    try await forge.close("1", because: "the drift is gone")
    #expect(fake.pulls[0].comments.count == 2)
    #expect(fake.change { $0.comments[7]?.body } == "<!-- mooring:v1 kind=closed digest=0 -->")
  }

  // MARK: Reopening

  @Test func aClosedOneOpensAgainWhereTheSameCommitComesBack() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    let opened = try await forge.open(draft())
    try await forge.close("1", because: "the drift is gone")
    _ = try await forge.pullRequests()
    #expect(try await forge.open(draft()) == opened)
    #expect(fake.pulls.map(\.isOpen) == [true])
    #expect(fake.violations == [])
  }

  @Test func whereGitHubDoesNotOpenItAgainThereIsANewOne() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    try await forge.close("1", because: "the drift is gone")
    _ = try await forge.pullRequests()
    fake.push(draft().branch, String(repeating: "d", count: 40))
    #expect(try await forge.open(draft()).id == "2")
    #expect(fake.pulls.map(\.isOpen) == [false, true])
  }

  @Test func anotherCommitIsANewOneAndTheOldOneIsLeftAlone() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    _ = try await forge.open(draft)
    try await forge.close("1", because: "the drift is gone")
    _ = try await forge.pullRequests()
    draft.head = CommitID(String(repeating: "e", count: 40))
    fake.push(draft)
    fake.change { $0.requests = [] }
    #expect(try await forge.open(draft).id == "2")
    #expect(fake.requests.contains { $0.hasPrefix("PATCH") } == false)
  }

  // MARK: Labels, title and text

  @Test func aLabelThatAPersonTookAwayStaysAwayAndOneThatTheySetStays() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { $0.pulls[1]?.labels = ["mooring-yellow", "urgent"] }
    draft.body += " More."
    _ = try await forge.update("1", to: draft)
    #expect(fake.pulls[0].labels == ["mooring-yellow", "urgent"])
    draft.colour = .red
    _ = try await forge.update("1", to: draft)
    #expect(fake.pulls[0].labels == ["urgent", "mooring-red"])
    #expect(fake.violations == [])
  }

  @Test func aTitleThatAPersonWroteStaysAndTheTextIsOurs() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    _ = try await forge.open(draft)
    draft.title = "Add tier, again"
    _ = try await forge.update("1", to: draft)
    #expect(fake.pulls[0].title == "Add tier, again")
    fake.change { $0.pulls[1]?.title = "Rita's title" }
    for title in ["Third", "Fourth"] {
      draft.title = title
      draft.body += "\nMore."
      _ = try await forge.update("1", to: draft)
    }
    #expect(fake.pulls[0].title == "Rita's title")
    #expect(fake.pulls[0].body.hasSuffix("More.\nMore."))
  }

  @Test func updatingToTheSameWritesNothing() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    let opened = try await forge.open(draft())
    // The web page ends lines with CR LF.
    fake.change { state in state.pulls[1]?.body.replace("\n", with: "\r\n") }
    fake.change { $0.requests = [] }
    #expect(try await forge.update("1", to: draft()) == opened)
    #expect(fake.requests == ["POST /graphql"])
    #expect(try await forge.pullRequests() == [opened])
  }

  @Test func aTextWithoutItsMarkerIsWrittenAgain() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    let opened = try await forge.open(draft())
    fake.change { $0.pulls[1]?.body = "I wrote this instead." }
    #expect(try await forge.pullRequests().map(\.textDigest) == [""])
    #expect(try await forge.update("1", to: draft()) == opened)
    fake.change { $0.pulls[1]?.body = "I wrote this instead." }
    try await forge.close("1", because: "the drift is gone")
    #expect(try await forge.pullRequests().isEmpty, "closed by us, marker or none before")
  }

  @Test(arguments: [
    "\u{0}", "a\nb", "  a  b ", String(repeating: "x", count: 249) + " y", String(repeating: "x", count: 400),
    "🟢" + String(repeating: "ü", count: 300),
  ])
  func anyTitleFits(title: String) async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    let draft = draft(title: title)
    fake.push(draft)
    let opened = try await forge.open(draft)
    #expect(try await forge.pullRequests() == [opened])
    #expect(fake.pulls[0].title.unicodeScalars.count <= 256)
    #expect(!fake.pulls[0].title.contains("\n"))
    #expect(try await forge.update("1", to: draft) == opened)
  }

  @Test func aTextOverTheLimitIsCutAtABlockAndSaysWhereTheRestIs() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    draft.body = (0..<4_000).map { "## Table \($0)\n\nText of it.\n\n" }.joined()
    draft.findings = (0..<500).map { String(repeating: "0", count: 61) + String(1_000 + $0).suffix(3) }
    fake.push(draft)
    let opened = try await forge.open(draft)
    #expect(opened.findings == draft.findings)
    #expect(try await forge.pullRequests() == [opened])
    let body = fake.pulls[0].body
    #expect(body.utf8.count <= HostedProduct.gitHub.bodyLimit)
    #expect(body.utf8.count > HostedProduct.gitHub.bodyLimit - 400)
    #expect(body.contains("**This text is cut"))
    // More findings than can be kept is an error, not a pull request without them.
    draft.findings = (0..<2_000).map { String(repeating: "0", count: 60) + String(10_000 + $0).suffix(4) }
    let error = await #expect(throws: ForgeError.self) { try await forge.open(draft) }
    #expect(error?.code == .tooLarge)
  }

  // MARK: Reviewers

  @Test func unknownReviewersAreDroppedAndTheRestAskedOnceMore() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    draft.reviewers = [
      "rita", "@Rita", "nobody", "mooring-bot", "@acme/data", "other/team", "rita@example.com", "a b", "",
    ]
    fake.push(draft)
    _ = try await forge.open(draft)
    #expect(fake.pulls[0].users == ["rita"])
    #expect(fake.pulls[0].teams == ["data"])
    #expect(fake.requests.count { $0.hasSuffix("requested_reviewers") } == 2)
    #expect(fake.violations == [])
  }

  @Test func aTeamThatGitHubRefusesIsDroppedAndNothingFails() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    draft.reviewers = ["rita", "acme/gone"]
    fake.push(draft)
    _ = try await forge.open(draft)
    #expect(fake.pulls[0].users == ["rita"])
    draft.branch = "mooring/salesforce/account"
    fake.push(draft)
    fake.change { $0.requests = [] }
    _ = try await forge.open(draft)
    #expect(fake.requests.count { $0.hasSuffix("requested_reviewers") } == 1, "what is known is not asked again")
  }

  @Test func reviewersAreAskedOnlyWhenItOpens() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { $0.pulls[1]?.users = [] }
    draft.body += " More."
    _ = try await forge.update("1", to: draft)
    #expect(fake.pulls[0].users.isEmpty)
  }
}
