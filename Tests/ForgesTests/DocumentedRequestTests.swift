import DriftCore
import JSON
import TestSupport
import Testing
import Transport

/// What a fake takes is what the forge's documentation has, so that every other test holds our requests against it.
struct DocumentedRequestTests {
  /// Sends one request past our own code; `change` is given what Mooring would send.
  private func answer(
    _ url: String, _ line: String, _ body: String?, _ headers: [HTTPHeader]
  ) async throws -> HTTPResponse {
    let words = line.split(separator: " ")
    let type = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
    return try await LiveTransport().send(
      HTTPRequest(
        method: String(words[0]), url: url + words[1], headers: headers + type, body: body.map { Array($0.utf8) }))
  }

  private let gitHubHeaders = [
    HTTPHeader("Accept", "application/vnd.github+json"), HTTPHeader("Authorization", "Bearer token-1"),
    HTTPHeader("X-GitHub-Api-Version", "2022-11-28"),
  ]
  private let gitLabHeaders = [HTTPHeader("Accept", "application/json"), HTTPHeader("PRIVATE-TOKEN", "glpat-1")]
  private let giteaHeaders = [HTTPHeader("Accept", "application/json"), HTTPHeader("Authorization", "token gt-1")]

  @Test(arguments: [
    ("POST /repos/acme/contracts/pulls", #"{"title":"t","head":"h","base":"b","colour":"red"}"#, "colour"),
    ("POST /repos/acme/contracts/pulls", #"{"title":"t","head":"h"}"#, "base is missing"),
    ("POST /repos/acme/contracts/pulls", #"{"title":"t","head":"h","base":7}"#, "base is 7"),
    ("POST /repos/acme/contracts/pulls", #"["t"]"#, "no object"),
    ("PATCH /repos/acme/contracts/pulls/1", #"{"state":"merged"}"#, "state is \"merged\""),
    ("PATCH /repos/acme/contracts/pulls/1", #"{"labels":["a"]}"#, "labels is not documented"),
    ("POST /repos/acme/contracts/issues/1/labels", #"{"labels":[1]}"#, "labels is [1]"),
    ("POST /repos/acme/contracts/statuses/a", #"{"state":"failed"}"#, "state is \"failed\""),
    ("GET /repos/acme/contracts/commits/a/status?limit=50", nil, "parameter limit"),
    ("GET /repos/acme/contracts/commits/a/status?per_page=all", nil, "per_page is \"all\""),
    ("PUT /repos/acme/contracts/pulls/1", #"{}"#, "it is not documented"),
    ("POST /repos/acme/contracts/pulls/1", #"{}"#, "it is not documented"),
    ("POST /app/installations/77/access_tokens", #"{"repositories":"contracts"}"#, "repositories is"),
  ])
  func gitHubRefuses(line: String, body: String?, problem: String) async throws {
    let fake = try FakeGitHub()
    let answer = try await answer(fake.url, line, body, gitHubHeaders)
    #expect(answer.status == 400)
    #expect(fake.violations.count == 1)
    #expect(fake.violations.first?.contains(problem) == true, "\(fake.violations)")
  }

  @Test(arguments: [
    ("{ pullRequest(number: $n) { number reviewers } }", "PullRequest.reviewers is not in the schema"),
    ("{ pullRequest(number: \"1\") { number } }", "takes no such number"),
    ("{ pullRequest { number } }", "Repository.pullRequest needs number"),
    ("{ pullRequests(first: 10, page: 2) { nodes { number } } }", "takes no such page"),
    ("{ pullRequests(first: 10, states: [DRAFT]) { nodes { number } } }", "takes no such states"),
    ("{ pullRequests(first: 10, states: [\"OPEN\"]) { nodes { number } } }", "takes no such states"),
    ("{ pullRequests(first: 10, orderBy: {field: CREATED_AT}) { nodes { number } } }", "takes no such orderBy"),
    ("{ pullRequests(first: 101) { nodes { number } } }", "needs first or last from 1 to 100"),
    ("{ pullRequests(first: 10, headRefName: $n) { nodes { number } } }", "takes no such headRefName"),
  ])
  func gitHubRefusesAQuery(selection: String, problem: String) async throws {
    let fake = try FakeGitHub()
    let isUsed = selection.contains("$n")
    let text = """
      query ($o: String!\(isUsed ? ", $n: Int!" : "")) { repository(owner: $o, name: "contracts") \(selection) }
      """
    let variables: JSONValue = isUsed ? ["o": "acme", "n": 1] : ["o": "acme"]
    let body: JSONValue = ["query": .string(text), "variables": variables]
    let answer = try await answer(fake.url, "POST /graphql", body.text, gitHubHeaders)
    #expect(try JSONValue.parse(answer.body)["data"] == nil)
    #expect(fake.violations.contains { $0.contains(problem) }, "\(fake.violations)")
  }

  @Test(arguments: [
    ("GET /api/v4/projects/acme%2Fdata%2Fcontracts/merge_requests?created_by=me", nil, "parameter created_by"),
    ("GET /api/v4/projects/acme%2Fdata%2Fcontracts/merge_requests?state=open", nil, "state is \"open\""),
    ("GET /api/v4/projects/acme%2Fdata%2Fcontracts/merge_requests?per_page", nil, "the query cannot be read"),
    (
      "POST /api/v4/projects/acme%2Fdata%2Fcontracts/merge_requests",
      #"{"source_branch":"a","target_branch":"b"}"#, "title is missing"
    ),
    (
      "POST /api/v4/projects/acme%2Fdata%2Fcontracts/merge_requests",
      #"{"source_branch":"a","target_branch":"b","title":"t","labels":["x"]}"#, "labels is [\"x\"]"
    ),
    ("PUT /api/v4/projects/acme%2Fdata%2Fcontracts/merge_requests/1", #"{"state":"closed"}"#, "state is not"),
    ("PUT /api/v4/projects/acme%2Fdata%2Fcontracts/merge_requests/1", #"{"state_event":"shut"}"#, "state_event is"),
    ("PATCH /api/v4/projects/acme%2Fdata%2Fcontracts/merge_requests/1", #"{"title":"t"}"#, "it is not documented"),
    ("GET /api/v4/projects/acme/data/contracts/merge_requests", nil, "it is not documented"),
  ])
  func gitLabRefuses(line: String, body: String?, problem: String) async throws {
    let fake = try FakeGitLab()
    let answer = try await answer(fake.url, line, body, gitLabHeaders)
    #expect(answer.status == 400)
    #expect(fake.violations.count == 1)
    #expect(fake.violations.first?.contains(problem) == true, "\(fake.violations)")
  }

  @Test(arguments: [
    ("GET /api/v1/repos/acme/contracts/issues?type=pulls&per_page=50", nil, "parameter per_page"),
    ("GET /api/v1/repos/acme/contracts/issues?type=all", nil, "type is \"all\""),
    ("POST /api/v1/repos/acme/contracts/labels", #"{"name":"a"}"#, "color is missing"),
    (
      "POST /api/v1/repos/acme/contracts/pulls", #"{"head":"h","base":"b","title":"t","labels":["a"]}"#,
      "labels is [\"a\"]"
    ),
    ("POST /api/v1/repos/acme/contracts/pulls", #"{"head":"h","base":"b","title":"t","draft":true}"#, "draft is not"),
    ("GET /api/v1/repos/acme/contracts/issues/1/comments?limit=50", nil, "parameter limit"),
    ("PUT /api/v1/repos/acme/contracts/pulls/1", #"{}"#, "it is not documented"),
  ])
  func giteaRefuses(line: String, body: String?, problem: String) async throws {
    let fake = try FakeGitea()
    let answer = try await answer(fake.url, line, body, giteaHeaders)
    #expect(answer.status == 400)
    #expect(fake.violations.count == 1)
    #expect(fake.violations.first?.contains(problem) == true, "\(fake.violations)")
  }

  /// One header less or another value, and a body without its type, on an otherwise good request.
  @Test func everyForgeRefusesARequestWithoutItsHeaders() async throws {
    let gitHub = try FakeGitHub()
    let gitLab = try FakeGitLab()
    let gitea = try FakeGitea()
    let good = [
      (gitHub.url, "GET /repos/acme/contracts/collaborators/rita", gitHubHeaders, 204),
      (gitLab.url, "GET /api/v4/users?username=rita", gitLabHeaders, 200),
      (gitea.url, "GET /api/v1/user", giteaHeaders, 200),
    ]
    for (url, line, headers, status) in good {
      #expect(try await answer(url, line, nil, headers).status == status)
      for index in headers.indices {
        var fewer = headers
        fewer.remove(at: index)
        #expect(try await answer(url, line, nil, fewer).status == 400)
        fewer.insert(HTTPHeader(headers[index].name, ""), at: index)
        #expect(try await answer(url, line, nil, fewer).status == 400)
      }
      #expect(try await answer(url, line, nil, headers + [HTTPHeader("Content-Type", "text/plain")]).status == 400)
    }
    #expect(gitHub.violations.count == 7 && gitLab.violations.count == 5 && gitea.violations.count == 5)
  }
}
