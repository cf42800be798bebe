extension ForgeDocumentation {
  /// Gitea's REST interface, version 1, which Forgejo shares (docs.gitea.com/api and a server's `/swagger.v1.json`, read 2026-11).
  package static let gitea = ForgeDocumentation(
    bases: ["/api/v1"],
    headers: [("accept", "application/json", true), ("authorization", "token ", false)],
    requests: [
      Request("GET /user"),
      Request(
        "GET /repos/{owner}/{repo}/issues",
        query: pages([
          "state": .one(of: ["open", "closed", "all"]), "labels": .text, "q": .text,
          "type": .one(of: ["issues", "pulls"]), "milestones": .text, "since": .text, "before": .text,
          "created_by": .text, "assigned_by": .text, "mentioned_by": .text,
        ])),
      Request(
        "POST /repos/{owner}/{repo}/issues",
        fields: [
          "title": .required(.text), "body": .text, "ref": .text, "assignee": .text, "assignees": .texts,
          "due_date": .text, "milestone": .number, "labels": .numbers, "closed": .truth,
        ]),
      Request("GET /repos/{owner}/{repo}/issues/{index}"),
      Request(
        "PATCH /repos/{owner}/{repo}/issues/{index}",
        fields: [
          "title": .text, "body": .text, "ref": .text, "assignee": .text, "assignees": .texts, "milestone": .number,
          "state": .text, "due_date": .text, "unset_due_date": .truth,
        ]),
      Request("POST /repos/{owner}/{repo}/issues/{index}/labels", fields: ["labels": .list(.either(.number, .text))]),
      Request("DELETE /repos/{owner}/{repo}/issues/{index}/labels/{id}"),
      Request("GET /repos/{owner}/{repo}/issues/{index}/comments", query: ["since": .text, "before": .text]),
      Request(
        "GET /repos/{owner}/{repo}/issues/{index}/timeline", query: pages(["since": .text, "before": .text])),
      Request(
        "POST /repos/{owner}/{repo}/issues/{index}/comments",
        fields: ["body": .required(.text), "updated_at": .text]),
      Request(
        "PATCH /repos/{owner}/{repo}/issues/comments/{id}",
        fields: ["body": .required(.text), "updated_at": .text]),
      Request("GET /repos/{owner}/{repo}/labels", query: pages([:])),
      Request(
        "POST /repos/{owner}/{repo}/labels",
        fields: [
          "name": .required(.text), "color": .required(.text), "description": .text, "exclusive": .truth,
          "is_archived": .truth,
        ]),
      Request(
        "GET /repos/{owner}/{repo}/pulls",
        query: pages([
          "base_branch": .text, "state": .one(of: ["open", "closed", "all"]),
          "sort": .one(of: ["oldest", "recentupdate", "leastupdate", "mostcomment", "leastcomment", "priority"]),
          "milestone": .number, "labels": .numbers, "poster": .text,
        ])),
      Request(
        "POST /repos/{owner}/{repo}/pulls",
        fields: [
          "head": .required(.text), "base": .required(.text), "title": .required(.text), "body": .text,
          "assignee": .text, "assignees": .texts, "reviewers": .texts, "team_reviewers": .texts, "milestone": .number,
          "labels": .numbers, "due_date": .text,
        ]),
      Request("GET /repos/{owner}/{repo}/pulls/{index}"),
      Request("GET /repos/{owner}/{repo}/pulls/{index}/reviews", query: pages([:])),
      Request(
        "POST /repos/{owner}/{repo}/pulls/{index}/requested_reviewers",
        fields: ["reviewers": .texts, "team_reviewers": .texts]),
      Request("GET /repos/{owner}/{repo}/pulls/{base}/{...}"),
      Request(
        "PATCH /repos/{owner}/{repo}/pulls/{index}",
        fields: [
          "title": .text, "body": .text, "base": .text, "assignee": .text, "assignees": .texts, "milestone": .number,
          "labels": .numbers, "state": .text, "due_date": .text, "unset_due_date": .truth,
          "allow_maintainer_edit": .truth,
        ]),
      Request("GET /repos/{owner}/{repo}/reviewers"),
      Request(
        "POST /repos/{owner}/{repo}/statuses/{sha}",
        fields: [
          "state": .one(of: ["pending", "success", "error", "failure", "warning", "skipped"]), "target_url": .text,
          "description": .text, "context": .text,
        ]),
      Request("GET /repos/{owner}/{repo}/commits/{ref}/status", query: pages([:])),
      Request(
        "POST /repos/{owner}/{repo}/pulls/{index}/merge",
        fields: [
          "Do": .required(
            .one(of: ["merge", "rebase", "rebase-merge", "squash", "fast-forward-only", "manually-merged"])),
          "MergeCommitID": .text, "MergeMessageField": .text, "MergeTitleField": .text,
          "delete_branch_after_merge": .truth, "force_merge": .truth, "head_commit_id": .text,
          "merge_when_checks_succeed": .truth,
        ]),
      Request("DELETE /repos/{owner}/{repo}/pulls/{index}/merge"),
      Request("GET /repos/{owner}/{repo}/commits/{sha}/pull"),
    ])

  private static func pages(_ query: [String: Form]) -> [String: Form] {
    query.merging(["page": .number, "limit": .number]) { $1 }
  }
}
