package import DriftCore
import JSON

extension Hook {
  /// GitHub: `X-Hub-Signature-256` (docs.github.com, "Validating webhook deliveries", read 2026-11).
  package static let gitHub = Hook(
    id: "github", proofs: [.hmac(header: "X-Hub-Signature-256", prefix: "sha256=")],
    deliveryHeaders: ["X-GitHub-Delivery"], largestBody: 1 << 20
  ) { request, body in
    readPullRequestHook(event: request["X-GitHub-Event"], body)
  }
}

/// Pushes, ticked boxes and everything about pull requests, in the form that GitHub, Gitea and Forgejo share.
func readPullRequestHook(event: String?, _ body: JSONValue) -> Hook.Reading? {
  guard let event, let repository = body["repository"]?["full_name"]?.string else { return nil }
  if event == "push" {
    guard let branch = Hook.branch(ofReference: body["ref"]?.string) else { return nil }
    return Hook.Reading(hints: [.branch(branch)], repository: repository)
  }
  if event == "issues" {
    guard body["action"]?.string == "edited", hasTick(body["issue"]?["body"]) else { return nil }
    return Hook.Reading(hints: [.dashboard], repository: repository)
  }
  guard event.hasPrefix("pull_request"), let head = body["pull_request"]?["head"]?["ref"]?.string,
    let base = body["pull_request"]?["base"]?["ref"]?.string
  else { return nil }
  return Hook.Reading(hints: [.branch(head), .branch(base)], repository: repository)
}

/// Whether an issue's text is a dashboard on which somebody has ticked a box: not one that Mooring has just written.
func hasTick(_ text: JSONValue?) -> Bool {
  guard let text = text?.string else { return false }
  return !DashboardTicks(body: text).isEmpty
}
