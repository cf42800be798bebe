package import DriftCore
import JSON

extension Hook {
  /// GitLab: a signing token where the hook has one, else the secret token (docs.gitlab.com, "Webhooks", read 2026-11).
  package static let gitLab = Hook(
    id: "gitlab", proofs: [.standardWebhook, .token(header: "X-Gitlab-Token")],
    deliveryHeaders: ["Idempotency-Key"], largestBody: 1 << 20
  ) { request, body in
    guard let repository = body["project"]?["path_with_namespace"]?.string else { return nil }
    switch request["X-Gitlab-Event"] {
    case "Push Hook":
      guard let branch = Hook.branch(ofReference: body["ref"]?.string) else { return nil }
      return Hook.Reading(hints: [.branch(branch)], repository: repository)
    case "Merge Request Hook":
      guard let source = body["object_attributes"]?["source_branch"]?.string,
        let target = body["object_attributes"]?["target_branch"]?.string
      else { return nil }
      return Hook.Reading(hints: [.branch(source), .branch(target)], repository: repository)
    case "Issue Hook":
      guard body["object_attributes"]?["action"]?.string == "update",
        hasTick(body["object_attributes"]?["description"])
      else { return nil }
      return Hook.Reading(hints: [.dashboard], repository: repository)
    default: return nil
    }
  }
}
