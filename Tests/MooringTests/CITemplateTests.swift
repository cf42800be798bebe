import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

/// The shell in `fixtures/ci/check-action` and `fixtures/ci/gitlab-check.yml`, run as a runner does, against a forge's comments.
struct CITemplateTests {
  @Test func theActionKeepsOneCommentUpToDate() throws {
    guard isHere("jq", for: "the comment of the action"), isHere("curl", for: "the comment of the action") else {
      return
    }
    let clone = try edited()
    let forge = try Comments()
    // A marker that somebody else pasted is nothing to go by.
    forge.add(author: "mallory", body: "<!-- mooring:check -->\nall is well")
    let first = try action(clone, forge)
    #expect(first.status == 2)
    #expect(first.output.contains("::error file=contracts/salesforce/salesforce.account/mapping.yaml,line=10::"))
    #expect(forge.bodies.count == 2)
    #expect(forge.bodies.last?.contains("This merge will not be applied as it is") == true)
    #expect(try clone.read("summary.md").contains("This merge will not be applied as it is"))
    #expect(try clone.read("outputs") == "answer=refused\n")

    _ = try action(clone, forge)
    #expect(forge.writes == ["POST"], "what says the same is not written again")

    try #expect(clone.mooring("draft").status == 0)
    let last = try action(clone, forge)
    #expect(last.status == 0)
    #expect(forge.writes == ["POST", "PATCH"])
    #expect(forge.bodies.first == "<!-- mooring:check -->\nall is well")
    #expect(forge.bodies.last?.contains("This merge will be applied") == true)
    #expect(forge.tokens.allSatisfy { $0 == "Bearer \(canary)" })
    #expect(!(first.output + first.errors + last.output + last.errors).contains(canary))
  }

  @Test func aForkGetsAnnotationsAndTheSummaryAlone() throws {
    guard isHere("jq", for: "the comment of the action"), isHere("curl", for: "the comment of the action") else {
      return
    }
    let clone = try edited()
    let forge = try Comments(mayWrite: false)
    let outcome = try action(clone, forge)
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("::notice title=mooring check::no comment: the token may not write here"))
    #expect(outcome.output.contains("::error file="))
    #expect(forge.bodies.isEmpty)
  }

  @Test func aPullRequestThatTouchesNoContractGetsNoComment() throws {
    guard isHere("jq", for: "the comment of the action"), isHere("curl", for: "the comment of the action") else {
      return
    }
    let clone = try ContractClone()
    let forge = try Comments()
    #expect(try action(clone, forge).status == 0)
    #expect(forge.writes.isEmpty)
  }

  @Test func whatCannotBeToldFailsTheActionWithoutAComment() throws {
    let clone = try edited()
    let forge = try Comments()
    let outcome = try action(clone, forge, base: "nowhere")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("::error title=mooring check::could not tell"))
    #expect(forge.writes.isEmpty)
  }

  @Test func theGitLabTemplateWritesTheReportAndTheNote() throws {
    guard isHere("jq", for: "the note of the template"), isHere("curl", for: "the note of the template") else { return }
    let clone = try edited()
    let forge = try Comments()
    forge.add(author: "mallory", body: "<!-- mooring:check -->\nall is well")
    let environment = [
      "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_PROJECT_ID": "7", "CI_MERGE_REQUEST_IID": "1",
      "CI_MERGE_REQUEST_DIFF_BASE_SHA": try clone.git("rev-parse", "main"), "CI_API_V4_URL": forge.url,
      "MOORING_COMMENT_TOKEN": canary,
    ]
    let outcome = try shell(script(of: "fixtures/ci/gitlab-check.yml"), in: clone, environment)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.output.contains("This merge will not be applied as it is"))
    let report = try JSONValue.parse(Array(try clone.read("gl-code-quality-report.json").utf8))
    #expect(report.array?.count == 2)
    _ = try shell(script(of: "fixtures/ci/gitlab-check.yml"), in: clone, environment)
    #expect(forge.writes == ["POST"], "what says the same is not written again")
    try #expect(clone.mooring("draft").status == 0)
    #expect(try shell(script(of: "fixtures/ci/gitlab-check.yml"), in: clone, environment).status == 0)
    #expect(forge.writes == ["POST", "PUT"])
    #expect(forge.bodies.first == "<!-- mooring:check -->\nall is well")
    #expect(!(outcome.output + outcome.errors).contains(canary))
  }

  @Test func theGitLabTemplateNeedsNoToken() throws {
    let clone = try edited()
    let environment = [
      "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
      "CI_MERGE_REQUEST_DIFF_BASE_SHA": try clone.git("rev-parse", "main"),
    ]
    let outcome = try shell(script(of: "fixtures/ci/gitlab-check.yml"), in: clone, environment)
    #expect(outcome.status == 2)
    #expect(try clone.read("gl-code-quality-report.json").contains("mapping.yaml"))
  }

  // MARK: The runner's side

  private func edited() throws -> ContractClone {
    let clone = try ContractClone()
    try clone.append("  - {source: tier_c, target: tier, type: text}", to: "\(clone.account)/mapping.yaml")
    return clone
  }

  private func action(
    _ clone: ContractClone, _ forge: Comments, base: String = "main"
  ) throws -> (status: Int32, output: String, errors: String) {
    for name in ["summary.md", "outputs"] { try clone.folder.write("", to: name) }
    try clone.folder.write(#"{"pull_request": {"number": 1}}"#, to: "event.json")
    let environment = [
      "MOORING_BASE": base, "MOORING_COMMENT": "true", "MOORING_COMMENT_TOKEN": canary,
      "MOORING_COMMENT_AUTHOR": Comments.owner, "GITHUB_API_URL": forge.url, "GITHUB_REPOSITORY": "acme/contracts",
      "GITHUB_EVENT_PATH": clone.folder.path("event.json"), "GITHUB_STEP_SUMMARY": clone.folder.path("summary.md"),
      "GITHUB_OUTPUT": clone.folder.path("outputs"), "RUNNER_TEMP": clone.folder.path(".git"),
    ]
    return try shell("\"\(packageRoot)/fixtures/ci/check-action/check.sh\"", in: clone, environment)
  }

  private func shell(
    _ script: String, in clone: ContractClone, _ environment: [String: String]
  ) throws -> (status: Int32, output: String, errors: String) {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let common = ["PATH": path, "MOORING": "\(programs)/mooring", "MOORING_CONTRACTS": "contracts"]
    return try clone.run("/usr/bin/env", ["bash", "-c", script], common.merging(environment) { $1 })
  }

  /// The lines under `script: - |`.
  private func script(of path: String) throws -> String {
    let text = try String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8)
    let lines = text.components(separatedBy: "\n").drop { $0 != "    - |" }.dropFirst()
    return lines.prefix { $0.isEmpty || $0.hasPrefix("      ") }.map { $0.dropFirst(6) }.joined(separator: "\n")
  }
}

/// The comments of one pull request, as GitHub and GitLab serve them.
private final class Comments: Sendable {
  static let owner = "github-actions[bot]"

  private struct State {
    var comments: [(author: String, body: String)] = []
    var writes: [String] = []
    var tokens: [String] = []
  }

  private final class Box: Sendable {
    let state = Mutex(State())
  }

  private let box = Box()
  private let server: LoopbackServer

  init(mayWrite: Bool = true) throws {
    let box = box
    server = try LoopbackServer(answering: { Self.answer($0, box, mayWrite: mayWrite) })
  }

  deinit { server.stop() }

  var url: String { "http://127.0.0.1:\(server.port)" }
  var bodies: [String] { box.state.withLock { $0.comments.map(\.body) } }
  var writes: [String] { box.state.withLock { $0.writes } }
  var tokens: [String] { box.state.withLock { $0.tokens } }

  func add(author: String, body: String) { box.state.withLock { $0.comments.append((author, body)) } }

  private static func answer(_ request: LoopbackServer.Request, _ box: Box, mayWrite: Bool) -> LoopbackServer.Answer {
    let words = request.head.split(separator: " ").map(String.init)
    let path = words[1].split(separator: "?")[0].split(separator: "/").map(String.init)
    return box.state.withLock { state in
      state.tokens.append(request.header("Authorization") ?? request.header("PRIVATE-TOKEN") ?? "")
      if path == ["user"] { return .answer(body: #"{"id": 1}"#) }
      if words[0] == "GET" {
        let items = state.comments.enumerated().map { index, comment in
          let number = comment.author == owner ? "1" : "2"
          let author = JSONValue.object([
            JSONMember("login", .string(comment.author)), JSONMember("id", .number(number)),
          ])
          return JSONValue.object([
            JSONMember("id", .number(String(index))), JSONMember("body", .string(comment.body)),
            JSONMember("user", author), JSONMember("author", author),
          ])
        }
        return .answer(body: JSONValue.array(items).canonicalText)
      }
      guard mayWrite else { return .answer(403, body: "{}") }
      state.writes.append(words[0])
      let body = (try? JSONValue.parse(request.body))?["body"]?.string ?? ""
      if words[0] == "POST" {
        state.comments.append((owner, body))
        return .answer(201, body: "{}")
      }
      state.comments[Int(path.last ?? "") ?? 0].body = body
      return .answer(body: "{}")
    }
  }
}
