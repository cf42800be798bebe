package import DriftCore

extension Hook {
  /// Gitea: `X-Gitea-Signature`, hexadecimal without a prefix (docs.gitea.com, "Webhooks", read 2026-11).
  package static let gitea = Hook(
    id: "gitea", proofs: [.hmac(header: "X-Gitea-Signature", prefix: "")], deliveryHeaders: ["X-Gitea-Delivery"],
    largestBody: 1 << 20
  ) { request, body in
    readPullRequestHook(event: request["X-Gitea-Event"], body)
  }

  /// Forgejo: as Gitea, under its own name as well (forgejo.org, "Webhooks", read 2026-11).
  package static let forgejo = Hook(
    id: "forgejo",
    proofs: [.hmac(header: "X-Forgejo-Signature", prefix: ""), .hmac(header: "X-Gitea-Signature", prefix: "")],
    deliveryHeaders: ["X-Forgejo-Delivery", "X-Gitea-Delivery"], largestBody: 1 << 20
  ) { request, body in
    readPullRequestHook(event: request["X-Forgejo-Event"] ?? request["X-Gitea-Event"], body)
  }
}
