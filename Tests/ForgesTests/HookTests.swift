import Cryptography
import DriftCore
import Forges
import Testing

/// What the forges send, in the form of their documentation, cut down to what is read and a bit more.
struct HookTests {
  private let watched = Watched(connections: [], repository: "acme/contracts", branch: "main")

  /// Headers and body of one delivery, and what is worth a look after it.
  struct Delivery: Sendable, CustomStringConvertible {
    var hook: String
    var event: String
    var body: String
    var hints: [Hint]

    var description: String { "\(hook) \(event)" }

    func headers(secret: String) -> [HookRequest.Header] {
      let code = hex(hmacSHA256(key: Array(secret.utf8), message: Array(body.utf8)))
      let own: [(String, String)] =
        switch hook {
        case "github":
          [("X-GitHub-Event", event), ("X-GitHub-Delivery", "d"), ("X-Hub-Signature-256", "sha256=" + code)]
        case "gitlab": [("X-Gitlab-Event", event), ("Idempotency-Key", "d"), ("X-Gitlab-Token", secret)]
        case "gitea":
          [
            ("X-Gitea-Event", event), ("X-Gitea-Delivery", "d"), ("X-Gitea-Signature", code),
            ("X-Hub-Signature-256", "sha256=" + code),
          ]
        default:
          [
            ("X-Forgejo-Event", event), ("X-Gitea-Event", event), ("X-Forgejo-Delivery", "d"),
            ("X-Forgejo-Signature", code), ("X-Gitea-Signature", code),
          ]
        }
      return (own + [("Content-Type", "application/json")]).map { HookRequest.Header($0.0, $0.1) }
    }
  }

  static let pull = """
    {"action":"closed","number":2,"pull_request":{"merged":true,"head":{"ref":"mooring/crm/green","sha":"a"},\
    "base":{"ref":"main","sha":"b"}},"repository":{"full_name":"acme/contracts"},"sender":{"login":"kim"}}
    """
  static let push =
    #"{"ref":"refs/heads/main","before":"a","after":"b","repository":{"full_name":"Acme/contracts"},"commits":[]}"#
  static let merge = """
    {"object_kind":"merge_request","project":{"id":1,"path_with_namespace":"acme/contracts"},"object_attributes":\
    {"iid":2,"state":"merged","action":"merge","source_branch":"mooring/crm/green","target_branch":"main"}}
    """
  /// As the forge has it after somebody ticked a box, or after Mooring wrote it.
  static func dashboard(isTicked: Bool) -> String {
    let box = isTicked ? "- [x]" : "- [ ]"
    return #"<!-- mooring:v1 kind=dashboard -->\r\n\r\n\#(box) <!-- mooring:propose:all --> all of them"#
  }
  static func issue(_ action: String, _ text: String = dashboard(isTicked: true)) -> String {
    #"{"action":"\#(action)","issue":{"number":3,"body":"\#(text)"},"repository":{"full_name":"acme/contracts"}}"#
  }
  static func gitLabIssue(_ action: String, _ text: String = dashboard(isTicked: true)) -> String {
    """
    {"object_kind":"issue","project":{"id":1,"path_with_namespace":"acme/contracts"},"object_attributes":\
    {"iid":3,"action":"\(action)","description":"\(text)"}}
    """
  }
  static let both: [Hint] = [.branch("mooring/crm/green"), .branch("main")]

  @Test(arguments: [
    Delivery(hook: "github", event: "pull_request", body: pull, hints: both),
    Delivery(hook: "github", event: "pull_request_review", body: pull, hints: both),
    Delivery(hook: "github", event: "push", body: push, hints: [.branch("main")]),
    Delivery(hook: "github", event: "push", body: push.replacing("heads/main", with: "tags/main"), hints: []),
    Delivery(hook: "github", event: "push", body: push.replacing("Acme/", with: "evil/"), hints: []),
    Delivery(hook: "github", event: "push", body: push.replacing("heads/main", with: "heads/feature"), hints: []),
    Delivery(hook: "github", event: "ping", body: #"{"zen":"x","hook_id":1}"#, hints: []),
    Delivery(hook: "github", event: "issue_comment", body: pull, hints: []),
    Delivery(hook: "github", event: "pull_request", body: #"{"pull_request":7}"#, hints: []),
    Delivery(hook: "gitea", event: "pull_request", body: pull, hints: both),
    Delivery(hook: "gitea", event: "pull_request_approved", body: pull, hints: both),
    Delivery(hook: "gitea", event: "push", body: push, hints: [.branch("main")]),
    Delivery(hook: "forgejo", event: "pull_request", body: pull, hints: both),
    Delivery(
      hook: "gitlab", event: "Push Hook",
      body: #"{"object_kind":"push","ref":"refs/heads/main","project":{"path_with_namespace":"acme/contracts"}}"#,
      hints: [.branch("main")]),
    Delivery(hook: "gitlab", event: "Merge Request Hook", body: merge, hints: both),
    Delivery(hook: "gitlab", event: "Note Hook", body: merge, hints: []),
    Delivery(hook: "github", event: "issues", body: issue("edited"), hints: [.dashboard]),
    Delivery(hook: "github", event: "issues", body: issue("closed"), hints: []),
    Delivery(hook: "github", event: "issues", body: issue("edited", dashboard(isTicked: false)), hints: []),
    Delivery(hook: "github", event: "issues", body: issue("edited", "- [x] buy milk"), hints: []),
    Delivery(hook: "github", event: "issues", body: issue("edited").replacing("acme/", with: "evil/"), hints: []),
    Delivery(hook: "gitea", event: "issues", body: issue("edited"), hints: [.dashboard]),
    Delivery(hook: "forgejo", event: "issues", body: issue("edited"), hints: [.dashboard]),
    Delivery(hook: "gitlab", event: "Issue Hook", body: gitLabIssue("update"), hints: [.dashboard]),
    Delivery(hook: "gitlab", event: "Issue Hook", body: gitLabIssue("close"), hints: []),
    Delivery(
      hook: "gitlab", event: "Issue Hook", body: gitLabIssue("update", dashboard(isTicked: false)), hints: []),
  ])
  func eachForgeIsProvenAndRead(delivery: Delivery) {
    let answer = answer(delivery, secret: "s3cret")
    #expect(answer == .hints(delivery.hints) || delivery.hints.isEmpty, "\(answer)")
    if delivery.hints.isEmpty {
      guard case .ignored = answer else {
        Issue.record("\(answer)")
        return
      }
    }
    guard case .refused(401, _) = self.answer(delivery, secret: "s3cret", expected: "other") else {
      Issue.record("it was taken under another secret")
      return
    }
  }

  /// The vector of GitHub's documentation.
  @Test func theSignatureIsGitHubs() {
    let body = "Hello, World!"
    let code = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    var memory = DeliveryMemory()
    let answer = hints(
      from: HookRequest(
        path: "/hooks/github",
        headers: [.init("X-Hub-Signature-256", "sha256=\(code)"), .init("Content-Type", "application/json")],
        body: Array(body.utf8)),
      hooks: [.gitHub], secrets: ["github": [Secret("It's a Secret to Everybody")]], watched: watched,
      now: Timestamp(microseconds: 0), memory: &memory)
    #expect(answer == .refused(status: 400, "github: the body is no JSON object that can be read"), "it is proven")
  }

  @Test func everyHookHasItsOwnName() {
    let ids = hooks.map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  private let hooks: [Hook] = [.forgejo, .gitea, .gitHub, .gitLab]

  private func answer(_ delivery: Delivery, secret: String, expected: String? = nil) -> HookAnswer {
    var memory = DeliveryMemory()
    return hints(
      from: HookRequest(
        path: "/hooks/\(delivery.hook)", headers: delivery.headers(secret: secret), body: Array(delivery.body.utf8)),
      hooks: hooks, secrets: [delivery.hook: [Secret(expected ?? secret)]], watched: watched,
      now: Timestamp(microseconds: 0), memory: &memory)
  }
}
