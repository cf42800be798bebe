extension ForgeDocumentation {
  /// GitHub's REST interface, version 2022-11-28 (docs.github.com/en/rest, read 2026-11). GraphQL has a schema of its own, below.
  package static let gitHub = ForgeDocumentation(
    bases: ["/api/v3", "/api", ""],
    headers: [
      ("accept", "application/vnd.github+json", true), ("x-github-api-version", "2022-11-28", true),
      ("authorization", "Bearer ", false),
    ],
    requests: [
      Request("POST /graphql", fields: ["query": .required(.text), "variables": .object, "operationName": .text]),
      Request(
        "POST /repos/{owner}/{repo}/pulls",
        fields: [
          "title": .text, "head": .required(.text), "head_repo": .text, "base": .required(.text), "body": .text,
          "maintainer_can_modify": .truth, "draft": .truth, "issue": .number,
        ]),
      Request(
        "PATCH /repos/{owner}/{repo}/pulls/{number}",
        fields: [
          "title": .text, "body": .text, "state": .one(of: ["open", "closed"]), "base": .text,
          "maintainer_can_modify": .truth,
        ]),
      Request(
        "POST /repos/{owner}/{repo}/pulls/{number}/requested_reviewers",
        fields: ["reviewers": .texts, "team_reviewers": .texts]),
      Request("POST /repos/{owner}/{repo}/issues/{number}/labels", fields: ["labels": .texts]),
      Request("DELETE /repos/{owner}/{repo}/issues/{number}/labels/{name}"),
      Request(
        "GET /repos/{owner}/{repo}/issues/{number}/comments",
        query: ["since": .text, "per_page": .number, "page": .number]),
      Request("POST /repos/{owner}/{repo}/issues/{number}/comments", fields: ["body": .required(.text)]),
      Request("PATCH /repos/{owner}/{repo}/issues/comments/{id}", fields: ["body": .required(.text)]),
      Request(
        "POST /repos/{owner}/{repo}/issues",
        fields: [
          "title": .required(.either(.text, .number)), "body": .text, "assignee": .text,
          "milestone": .either(.text, .number), "labels": .list(.either(.text, .object)), "assignees": .texts,
          "type": .text,
        ]),
      Request(
        "PATCH /repos/{owner}/{repo}/issues/{number}",
        fields: [
          "title": .either(.text, .number), "body": .text, "assignee": .text, "state": .one(of: ["open", "closed"]),
          "state_reason": .one(of: ["completed", "not_planned", "duplicate", "reopened"]),
          "milestone": .either(.text, .number), "labels": .list(.either(.text, .object)), "assignees": .texts,
          "type": .text,
        ]),
      Request(
        "POST /repos/{owner}/{repo}/statuses/{sha}",
        fields: [
          "state": .required(.one(of: ["error", "failure", "pending", "success"])), "target_url": .text,
          "description": .text, "context": .text,
        ]),
      Request(
        "GET /repos/{owner}/{repo}/commits/{ref}/status", query: ["per_page": .number, "page": .number]),
      Request("GET /repos/{owner}/{repo}/collaborators/{username}"),
      Request("GET /repos/{owner}/{repo}/installation"),
      Request(
        "POST /app/installations/{id}/access_tokens",
        fields: ["repositories": .texts, "repository_ids": .numbers, "permissions": .object]),
    ])
}
