import DriftCore
import JSON
import TestSupport
import Testing
import Transport

@testable import Forges

/// Lists that move, loop or hold what they should not: a pull request is never missing from one, and never there twice.
@Suite(.serialized)
struct ForgeListTests {
  private func opened(_ count: Int, on forge: FaultyForge) async throws {
    let run = try forge.run()
    for number in 0..<count { _ = try await run.open(forge.draft("mooring/salesforce/t\(number)")) }
    forge.limitPages(2)
    forge.forget()
  }

  /// A person closes or merges any of them, before any request of the list.
  @Test(arguments: FaultyForge.Kind.allCases, [1, 3, 6])
  func whatMovesWhileTheListIsReadIsInItOnce(kind: FaultyForge.Kind, number: Int) async throws {
    for request in 1...5 {
      for deed in [FaultyForge.Deed.close(number), .merge(number)] {
        let forge = try FaultyForge(kind)
        try await opened(6, on: forge)
        forge.meanwhile(request, deed)
        let list = try await forge.run().pullRequests()
        let place = "\(deed) before request \(request) of \(forge.requests().count)"
        let ids = list.map { Int($0.id) ?? 0 }
        #expect(Set(ids).count == ids.count, "\(place)")
        let others = (1...6).filter { $0 != number }
        #expect(ids.filter(others.contains).sorted() == others, "\(place)")
        // A closed one is a "no", and a forgotten "no" would be asked again.
        if case .close = deed { #expect(ids.contains(number), "\(place)") }
      }
    }
  }

  @Test(arguments: FaultyForge.Kind.allCases)
  func aListThatNeverStandsStillIsAnError(kind: FaultyForge.Kind) async throws {
    let forge = try FaultyForge(kind)
    try await opened(12, on: forge)
    for request in 2...40 where request.isMultiple(of: 2) { forge.meanwhile(request, .merge(13 - request / 2)) }
    if kind == .gitea {
      // Its list is of all that were ever opened, so nothing moves in it.
      #expect(try await forge.run().pullRequests().count <= 12)
      return
    }
    let error = await #expect(throws: ForgeError.self) { try await forge.run().pullRequests() }
    #expect(error?.code == .unreadable)
    #expect(error?.finding.contains("changes while it is read") == true)
    #expect(forge.requests().count <= 20)
  }

  @Test(arguments: [FaultyForge.Kind.gitLab, .gitea])
  func pagesThatGoRoundInACircleAreAnError(kind: FaultyForge.Kind) async throws {
    let forge = try FaultyForge(kind)
    let path = kind == .gitLab ? "/projects/x/merge_requests" : "/repos/acme/contracts/issues"
    for number in 1...20 {
      if kind == .gitea && number == 1 { continue }
      let link = "Link: <\(forge.api)\(path)?page=\(number % 3)>; rel=\"next\""
      forge.fail(number, .instead(.answer(200, [link], body: "[]")))
    }
    let error = await #expect(throws: ForgeError.self) { try await forge.run().pullRequests() }
    #expect(error?.code == .unreadable)
    #expect(forge.requests().count <= 5)
  }

  @Test(arguments: [("", 1), ("a,b,a", 3), ("a,b,c,a", 4)])
  func cursorsThatGoRoundInACircleAreAnError(cursors: String, requests: Int) async throws {
    let forge = try FaultyForge(.gitHub)
    for (index, cursor) in cursors.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      let page: JSONValue = ["nodes": [], "pageInfo": ["hasNextPage": true, "endCursor": .string(String(cursor))]]
      let body: JSONValue = [
        "data": [
          "repository": ["nameWithOwner": "acme/contracts", "issues": ["nodes": []], "open": page, "closed": page]
        ]
      ]
      forge.fail(index + 1, .instead(.answer(200, body: body.text)))
    }
    let error = await #expect(throws: ForgeError.self) { try await forge.run().pullRequests() }
    #expect(error?.code == .unreadable)
    #expect(forge.requests().count == requests)
  }

  @Test(arguments: [FaultyForge.Kind.gitLab, .gitea])
  func noPageOfAnotherHostIsAskedFor(kind: FaultyForge.Kind) async throws {
    let other = try LoopbackServer([.answer(200, body: "[]")])
    for origin in [other.url, "http://127.0.0.1.evil.example", "//evil.example", "", "/etc"] {
      let forge = try FaultyForge(kind)
      let link = "Link: <\(origin)/api/v4/projects/x/merge_requests?page=2>; rel=\"next\""
      forge.fail(kind == .gitLab ? 1 : 2, .instead(.answer(200, [link], body: "[]")))
      let error = await #expect(throws: ForgeError.self) { try await forge.run().pullRequests() }
      #expect(error?.code == .unreadable, "\(origin)")
    }
    #expect(other.requests.isEmpty)
  }

  /// Each value of each answer in turn is left out, null, of another kind, or one that nobody has heard of.
  @Test(arguments: FaultyForge.Kind.allCases)
  func aFieldThatIsNotAsDocumentedNeverHidesAPullRequest(kind: FaultyForge.Kind) async throws {
    let forge = try FaultyForge(kind)
    let live = try LiveTransport()
    let run = try forge.run()
    _ = try await run.open(forge.draft())
    _ = try await run.open(forge.draft("mooring/salesforce/account"))
    try await run.refuse("2", as: Closing(reason: "no"))
    _ = try await run.openDashboard(Dashboard.title, Dashboard().body())
    let recording = RecordingTransport(live)
    let reader = try forge.run(over: recording)
    let whole = Set(try await reader.pullRequests().map(\.branch))
    #expect(try await reader.dashboard() != nil)
    var refused = 0
    for (index, exchange) in recording.exchanges.enumerated() {
      let document = try JSONValue.parse(exchange.answer.body)
      for broken in mutations(of: document) {
        // Documented: a text that somebody emptied, a fork that is gone, a project or an account that is not there.
        let nullable = ["body", "description", "source_project_id", "sourceProjectId", "project", "currentUser"]
        if nullable.contains(where: { broken.place.hasSuffix(".\($0) = null") }) { continue }
        forge.forget()
        forge.fail(index + 1, .instead(.answer(200, body: broken.value.text)))
        do {
          let reader = try forge.run(over: live)
          #expect(Set(try await reader.pullRequests().map(\.branch)) == whole, "\(broken.place)")
          #expect(try await reader.dashboard() != nil, "\(broken.place)")
        } catch {
          refused += 1
          #expect((error as? ForgeError)?.code == .unreadable, "\(broken.place): \(error)")
        }
      }
    }
    #expect(refused > 10)
  }
}

/// Every document that differs from `value` in one place.
private func mutations(of value: JSONValue, at place: String = "") -> [(place: String, value: JSONValue)] {
  var found: [(String, JSONValue)] = []
  if let members = value.members {
    for (index, member) in members.enumerated() {
      // Whose it is and how it stands are answers, not forms.
      if ["viewerDidAuthor", "login", "labels", "total", "totalCount", "count"].contains(member.name) { continue }
      var rest = members
      rest.remove(at: index)
      found.append(("\(place).\(member.name) left out", .object(rest)))
      for (inner, other) in mutations(of: member.value, at: "\(place).\(member.name)") {
        var changed = members
        changed[index] = JSONMember(member.name, other)
        found.append((inner, .object(changed)))
      }
    }
  } else if let elements = value.array {
    for index in elements.indices {
      for (inner, other) in mutations(of: elements[index], at: "\(place)[\(index)]") {
        var changed = elements
        changed[index] = other
        found.append((inner, .array(changed)))
      }
    }
  }
  let others: [JSONValue] =
    switch value {
    case .number(let digits): [.null, .string(digits), [], ["x": 1]]
    case .string: [.null, 7, true, [], ["x": 1]]
    case .bool: [.null, "true", 1]
    case .null: [7, "x"]
    case .array, .object: [.null, 7, "x"]
    }
  return found + others.map { ("\(place) = \($0.text)", $0) }
}
