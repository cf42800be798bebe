import Cryptography
import DriftCore
import JSON
import TestSupport
import Testing
import Transport

@testable import Forges

/// What the network, GitHub and strangers do.
extension GitHubForgeTests {
  // MARK: Whose pull request it is

  /// Everything but the last is of no concern, whatever its text says.
  @Test func onlyOurOwnPullRequestsAreListed() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    let opened = try await forge.open(draft())
    fake.change { state in
      guard let ours = state.pulls[1] else { return }
      for number in 2...7 {
        state.pulls[number] = ours
        state.pulls[number]?.number = number
      }
      state.pulls[2]?.author = "mallory"
      state.pulls[3]?.isForeign = true
      state.pulls[4]?.branch = "feature/mooring/x"
      state.pulls[5]?.branch = "mooring/"
      state.pulls[6]?.author = "mallory"
      state.pulls[6]?.isOpen = false
      // Ours, with a marker that was copied from another branch's.
      state.pulls[7]?.branch = "mooring/salesforce/other"
    }
    let list = try await forge.pullRequests()
    #expect(list.map(\.id) == ["7", "1"])
    #expect(list.last == opened)
    #expect(list.first?.findings == [])
    #expect(list.first?.textDigest == "")
    for id in ["2", "3", "4", "5"] {
      let error = await #expect(throws: ForgeError.self) { try await forge.close(id, because: "") }
      #expect(error?.code == .notOurs)
    }
    #expect(fake.pulls.count { $0.isOpen } == 6, "none of them was closed")
  }

  @Test func aBranchThatSomebodyElseOpenedIsTheirs() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    fake.change { $0.pulls[1]?.author = "rita" }
    let before = fake.pulls[0].body
    let error = await #expect(throws: ForgeError.self) { try await forge.open(draft()) }
    #expect(error?.code == .notOurs)
    #expect(error?.description.contains("#1") == true)
    #expect(fake.pulls[0].body == before)
  }

  @Test func aBranchOfTheSameNameInAForkIsNotTaken() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    fake.change {
      $0.pulls[1]?.isForeign = true
      $0.pulls[1]?.author = "mallory"
    }
    #expect(try await forge.open(draft()).id == "2")
    #expect(try await forge.open(draft()).id == "2", "422 leads to ours")
  }

  @Test(arguments: ["0", "-1", "01", "1/../2", "9999999999", "1 ", "", "٣", "8"])
  func anIDThatIsNoneOfOursIsRefused(id: String) async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    let error = await #expect(throws: ForgeError.self) { try await forge.refuse(id, as: Closing(reason: "no")) }
    #expect(error?.code == .noSuchPullRequest)
  }

  @Test(arguments: ["main", "mooring/", "feature/mooring/x"])
  func aBranchThatIsNotOursIsNotOpened(branch: String) async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft(branch))
    let error = await #expect(throws: ForgeError.self) { try await forge.open(draft(branch)) }
    #expect(error?.code == .wrongBranch)
    #expect(fake.requests.isEmpty)
  }

  // MARK: Creating

  @Test func whatGitHubRefusesIsToldInItsWords() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    let error = await #expect(throws: ForgeError.self) { try await forge.open(draft()) }
    #expect(error?.code == .invalid)
    #expect(
      error?.description
        == "opening a pull request: POST \(fake.url)/repos/acme/contracts/pulls: refused as invalid: Validation Failed; head: invalid"
    )
  }

  /// Made, but the answer is lost or is a proxy's: it is found, and gets its labels and reviewers.
  @Test(arguments: [true, false])
  func aLostAnswerMakesNoSecondPullRequest(isCut: Bool) async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    fake.fail("POST", "/pulls", .after(isCut ? .cut([]) : .answer(502, body: "<html>")))
    let opened = try await forge.open(draft())
    #expect(opened.id == "1")
    #expect(fake.pulls.count == 1)
    #expect(fake.pulls[0].labels.count == 2)
    #expect(fake.pulls[0].users == ["sales-data"])
    #expect(fake.requests.count { $0.hasSuffix("/pulls") } == 1, "not asked twice")
  }

  /// One that is there with another text is not taken for the one that was just asked for.
  @Test(arguments: [true, false])
  func aLostRequestChangesNoOlderPullRequest(isCut: Bool) async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { $0.pulls[1]?.labels = [] }
    draft.body += " More."
    fake.fail("POST", "/pulls", .instead(isCut ? .cut([]) : .answer(502)))
    await #expect(throws: (any Error).self) { try await forge.open(draft) }
    #expect(fake.pulls[0].labels.isEmpty)
  }

  @Test func aRequestThatNeverArrivedIsAnError() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    fake.fail("POST", "/pulls", .instead(.cut([])))
    await #expect(throws: TransportError.self) { try await forge.open(draft()) }
    #expect(fake.pulls.isEmpty)
    fake.fail("POST", "/pulls", .instead(.answer(503)))
    let error = await #expect(throws: ForgeError.self) { try await forge.open(draft()) }
    #expect(error?.code == .unavailable(status: 503))
    #expect(try await forge.open(draft()).id == "1")
  }

  /// After each request of an update or a close the connection goes; the next try ends as if it had not.
  @Test(arguments: 0..<4)
  func aFaultAtAnyRequestIsHealedByTheNextTry(at place: Int) async throws {
    let paths = ["/labels", "/labels/mooring-yellow", "/pulls/1", "/comments"]
    let methods = ["POST", "DELETE", "PATCH", "POST"]
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    _ = try await forge.open(draft)
    draft.colour = .red
    draft.body += " More."
    fake.fail(methods[place], paths[place], .instead(.answer(422, body: "{}")))
    if place < 3 { _ = try? await forge.update("1", to: draft) }
    let updated = try await forge.update("1", to: draft)
    #expect(try await forge.pullRequests() == [updated])
    #expect(fake.pulls[0].labels.sorted() == ["mooring", "mooring-red"])
    _ = try? await forge.close("1", because: "the drift is gone")
    try await forge.close("1", because: "the drift is gone")
    #expect(fake.pulls[0].comments.count == 1)
    #expect(try await forge.pullRequests().isEmpty)
  }

  // MARK: Lists

  @Test func pagesAreFollowedToTheEndAndNothingIsListedTwice() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    for number in 0..<7 {
      let draft = draft("mooring/salesforce/t\(number)")
      fake.push(draft)
      _ = try await forge.open(draft)
    }
    for number in 1...3 { fake.closeByHand(number) }
    fake.change {
      $0.pageSize = 2
      $0.requests = []
    }
    let list = try await forge.pullRequests()
    #expect(list.map(\.id) == ["7", "6", "5", "4", "3", "2", "1"])
    #expect(list.map(\.state).suffix(3) == [.refused, .refused, .refused])
    #expect(fake.requests.count == 2, "open and closed ones share their requests")
    #expect(fake.violations == [])
  }

  /// Missing fields, an endless list, another repository, a page of HTML, data beside errors: never a shorter list.
  @Test(arguments: [
    #"{"data":{"repository":{"nameWithOwner":"acme/contracts","issues":{"nodes":[]},"open":{"nodes":[{}],"pageInfo":{"hasNextPage":false,"endCursor":null}},"closed":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}}"#,
    #"{"data":{"repository":{"nameWithOwner":"acme/contracts","issues":{"nodes":[]},"open":{"nodes":[],"pageInfo":{"hasNextPage":true,"endCursor":null}},"closed":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}}"#,
    #"{"data":{"repository":{"nameWithOwner":"acme/contracts","issues":{"nodes":[]},"open":{"nodes":[],"pageInfo":{}}}}}"#,
    #"{"data":{"repository":{"nameWithOwner":"acme/contracts"}}}"#,
    #"{"data":{"repository":{"nameWithOwner":"acme/other","open":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}},"closed":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}}"#,
    #"{"data":{"repository":{"nameWithOwner":"acme/contracts"}},"errors":[{"message":"Something went wrong"}]}"#,
    #"{"data":null}"#, "[]", "", "<html>Sign in</html>", #"{"data":{"repository":{"nameWithOwner":"#,
  ])
  func aListThatCannotBeReadIsAnError(body: String) async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.fail("POST", "/graphql", .instead(.answer(200, body: body)))
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == .unreadable)
    #expect(error?.description.hasPrefix("listing the pull requests: POST \(fake.url)/graphql: ") == true)
  }

  @Test func aListWithoutEndStops() async throws {
    let page = { (cursor: Int) in
      #"{"nodes":[],"pageInfo":{"hasNextPage":true,"endCursor":"\#(cursor)"}}"#
    }
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    for number in 0..<200 {
      let body =
        #"{"data":{"repository":{"nameWithOwner":"acme/contracts","issues":{"nodes":[]},"open":\#(page(number)),"closed":\#(page(number))}}}"#
      fake.fail("POST", "/graphql", .instead(.answer(200, body: body)))
    }
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == .tooLarge)
    #expect(fake.requests.count == GitHubAPI.maximumPages)
    fake.change { $0.faults = [] }
    let same =
      #"{"data":{"repository":{"nameWithOwner":"acme/contracts","issues":{"nodes":[]},"open":\#(page(1)),"closed":\#(page(1))}}}"#
    for _ in 0..<2 { fake.fail("POST", "/graphql", .instead(.answer(200, body: same))) }
    let other = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(other?.code == .unreadable)
  }

  // MARK: Access

  @Test(arguments: [
    (401, "", ForgeError.Code.unauthorized), (403, #"{"message":"Resource not accessible"}"#, .forbidden),
    (404, "", .noAccess), (301, "", .moved), (307, "", .moved), (500, "", .unavailable(status: 500)),
  ])
  func aRefusalSaysWhichKindItIs(status: Int, body: String, code: ForgeError.Code) async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    let answer = LoopbackServer.Answer.answer(status, ["Location: http://127.0.0.1:1/x"], body: body)
    for _ in 0..<4 { fake.fail("POST", "/graphql", .instead(answer)) }
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == code)
    #expect(error?.description.contains("token-1") == false)
  }

  @Test func aRepositoryThatIsNotVisibleReadsAsNoAccess() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake, api: fake.url, repository: "acme/secret")
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == .noAccess)
    fake.push(draft())
    let other = await #expect(throws: ForgeError.self) { try await forge.open(draft()) }
    #expect(other?.code == .noAccess)
  }

  @Test(arguments: [
    ("https://api.github.com", "https://api.github.com/graphql"),
    ("https://git.example.com/api/v3", "https://git.example.com/api/graphql"),
    ("https://git.example.com/api/v3/", "https://git.example.com/api/graphql"),
    ("https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql"),
  ])
  func theTwoInterfacesLieSideBySide(api: String, graphQL: String) throws {
    #expect(GitHubAddress(rest: try apiBase(api)).graphQL == graphQL)
  }

  @Test(arguments: ["acme", "acme/contracts/x", "/contracts", "acme/", "../x", "acme/..", "a b/c", "acme/c?x=1"])
  func aRepositoryIsOwnerAndName(repository: String) throws {
    let fake = try FakeGitHub(clock: clock)
    #expect(throws: ForgeError.self) { try forge(fake, api: fake.url, repository: repository) }
  }

  @Test func enterpriseServerIsSpokenToBelowItsOwnPath() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake, api: fake.url + "/api/v3", repository: "acme/contracts")
    fake.push(draft())
    let opened = try await forge.open(draft())
    #expect(try await forge.pullRequests() == [opened])
    #expect(
      fake.requests == [
        "POST /api/v3/repos/acme/contracts/pulls",
        "POST /api/v3/repos/acme/contracts/pulls/1/requested_reviewers",
        "POST /api/v3/repos/acme/contracts/issues/1/labels", "POST /api/graphql",
      ])
  }

  // MARK: Apps

  @Test func anAppSignsItselfInAndRenewsItsTokenInTime() async throws {
    let key = RSAKey()
    let fake = try FakeGitHub(clock: clock)
    fake.change { state in
      state.token = "none yet"
      state.assertion = { [clock] text in
        let now = FakeGitHub.start.seconds + clock.now.offset.components.seconds
        return problem(with: text, key: key, now: now)
      }
    }
    let forge = try forge(fake, credential: .app(id: "Iv1.abc", key: Secret(key.pem), installation: nil))
    #expect(try await forge.pullRequests().isEmpty)
    #expect(
      fake.requests == [
        "GET /repos/acme/contracts/installation", "POST /app/installations/77/access_tokens", "POST /graphql",
      ])
    fake.change { $0.requests = [] }
    try await clock.sleep(for: .seconds(49 * 60))
    _ = try await forge.pullRequests()
    #expect(fake.requests == ["POST /graphql"])
    try await clock.sleep(for: .seconds(2 * 60))
    _ = try await forge.pullRequests()
    #expect(fake.requests.suffix(2) == ["POST /app/installations/77/access_tokens", "POST /graphql"])
    #expect(fake.violations == [])
  }

  @Test func aQuietRunOfAnAppTakesTwoRequests() async throws {
    let key = RSAKey()
    let fake = try FakeGitHub(clock: clock)
    fake.change { $0.assertion = { _ in nil } }
    let forge = try forge(fake, credential: .app(id: "1", key: Secret(key.pem), installation: 77))
    _ = try await forge.pullRequests()
    #expect(fake.requests.count == 2)
  }

  @Test func aKeyThatIsNoneIsSaidToBeAndNotShown() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake, credential: .app(id: "1", key: Secret("canary-key"), installation: 77))
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == .unauthorized)
    #expect(error?.description.contains("canary") == false)
    #expect(fake.requests.isEmpty)
  }

  // MARK: Limits

  /// Each was not done, so it is done again after the wait that GitHub asked for.
  @Test(arguments: [
    (403, ["Retry-After: 30"], #"{"message":"You have exceeded a secondary rate limit"}"#, 30),
    (429, ["Retry-After: 7"], "", 7), (429, [], "", 60),
    (403, [], #"{"message":"You have exceeded a secondary rate limit"}"#, 60),
    (
      403, ["X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1795262440"],
      #"{"message":"API rate limit exceeded"}"#, 41
    ),
  ])
  func aLimitIsWaitedFor(status: Int, headers: [String], body: String, seconds: Int) async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    let date = "Date: \(httpDate(FakeGitHub.start))"
    fake.fail("POST", "/pulls", .instead(.answer(status, headers + [date], body: body)))
    #expect(try await forge.open(draft()).id == "1")
    #expect(clock.sleeps.first == .seconds(seconds))
    #expect(fake.pulls.count == 1)
  }

  @Test(arguments: [
    (["Retry-After: 3600"], 3_600), (["X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1795264800"], 2_401),
    (["Retry-After: 99999999999999999999"], 1 << 40),
  ])
  func aLongLimitIsAnErrorThatSaysWhen(headers: [String], seconds: Int) async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    let date = "Date: \(httpDate(FakeGitHub.start))"
    fake.fail("POST", "/pulls", .instead(.answer(403, headers + [date], body: "{}")))
    let error = await #expect(throws: ForgeError.self) { try await forge.open(draft()) }
    #expect(error?.code == .rateLimited(seconds: seconds))
    #expect(clock.sleeps.isEmpty)
    await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(fake.requests.count == 1, "until then nothing is asked")
    try await clock.sleep(for: .seconds(seconds))
    #expect(try await forge.open(draft()).id == "1", "nothing is lost")
  }

  @Test func aLimitWithoutEndIsGivenUp() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    for _ in 0..<9 {
      fake.fail("POST", "/pulls", .instead(.answer(403, body: #"{"message":"secondary rate limit"}"#)))
    }
    let error = await #expect(throws: ForgeError.self) { try await forge.open(draft()) }
    #expect(error?.code == .rateLimited(seconds: 120))
    #expect(clock.sleeps.reduce(.zero, +) <= Patience.maximumWait)
  }

  @Test func aGraphQLLimitIsOneToo() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    let body = #"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}"#
    fake.fail("POST", "/graphql", .instead(.answer(200, body: body)))
    #expect(try await forge.pullRequests().isEmpty)
    #expect(clock.sleeps == [.seconds(60)])
  }

  /// Somebody else has used up this minute's 80.
  @Test func theEightyFirstWriteOfAMinuteWaitsAndIsDone() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    fake.push(draft())
    fake.change { $0.writes = Array(repeating: .zero, count: 80) }
    _ = try await forge.open(draft())
    #expect(clock.sleeps.first == .seconds(60))
    #expect(fake.pulls.count == 1)
    #expect(fake.pulls[0].labels.count == 2)
  }

  @Test func writesAreASecondApartSoThatTheLimitIsNotMet() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    for number in 0..<50 {
      let draft = draft("mooring/salesforce/t\(number)")
      fake.push(draft)
      _ = try await forge.open(draft)
    }
    let writes = fake.change { $0.writes }
    #expect(writes.count == 150)
    #expect(zip(writes, writes.dropFirst()).allSatisfy { $1 - $0 >= .seconds(1) })
  }
}

/// What is wrong with an App's assertion; nil for nothing.
private func problem(with text: String, key: RSAKey, now: Int64) -> String? {
  let parts = text.split(separator: ".").map(String.init)
  guard parts.count == 3, let signature = bytes(base64URL: parts[2]),
    key.verifies(signature, of: Array("\(parts[0]).\(parts[1])".utf8)),
    let header = bytes(base64URL: parts[0]).flatMap({ try? JSONValue.parse($0) }),
    let claims = bytes(base64URL: parts[1]).flatMap({ try? JSONValue.parse($0) }),
    let issued = claims["iat"]?.int, let end = claims["exp"]?.int
  else { return "A JSON web token could not be decoded" }
  if header["alg"]?.string != "RS256" || claims["iss"]?.string != "Iv1.abc" { return "Integration not found" }
  if issued > Int(now) || end <= Int(now) { return "'Issued at' or 'Expiration time' claim out of range" }
  // With a clock that is half a minute ahead of ours, as GitHub's may be or not be.
  if end - (Int(now) - 30) > 600 { return "'Expiration time' claim ('exp') is too far in the future" }
  return nil
}
