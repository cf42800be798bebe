extension ForgeDocumentation {
  /// GitLab's REST interface, version 4 (docs.gitlab.com/api, read 2026-11).
  package static let gitLab = ForgeDocumentation(
    bases: ["/api/v4", "/api"],
    headers: [("accept", "application/json", true), ("private-token", "", false)],
    requests: [
      Request("POST /graphql", fields: ["query": .required(.text), "variables": .object, "operationName": .text]),
      Request("GET /user"),
      Request("GET /users", query: pages(["username": .text, "search": .text])),
      Request("GET /users/{id}"),
      Request("GET /projects/{id}"),
      Request(
        "GET /projects/{id}/merge_requests",
        query: pages([
          "scope": scope, "state": .one(of: ["opened", "closed", "locked", "merged", "all"]),
          "order_by": .one(of: [
            "created_at", "label_priority", "merged_at", "milestone_due", "popularity", "priority", "title",
            "updated_at",
          ]), "sort": sort, "iids[]": .numbers, "source_branch": .text, "target_branch": .text,
          "author_id": .number, "author_username": .text, "labels": .text, "milestone": .text, "search": .text,
          "in": .text, "created_after": .text, "created_before": .text, "updated_after": .text,
          "updated_before": .text, "view": .one(of: ["simple"]), "with_labels_details": .truth,
          "with_merge_status_recheck": .truth, "source_project_id": .number,
        ])),
      Request(
        "POST /projects/{id}/merge_requests",
        fields: [
          "source_branch": .required(.text), "target_branch": .required(.text), "title": .required(.text),
          "target_project_id": .number, "reviewer_ids": .numbers,
        ].merging(mergeRequest) { $1 }),
      Request("GET /projects/{id}/merge_requests/{iid}"),
      Request(
        "PUT /projects/{id}/merge_requests/{iid}/merge",
        fields: [
          "auto_merge": .truth, "merge_when_pipeline_succeeds": .truth, "sha": .text, "merge_commit_message": .text,
          "should_remove_source_branch": .truth, "squash": .truth, "squash_commit_message": .text,
        ]),
      Request(
        "PUT /projects/{id}/merge_requests/{iid}",
        fields: [
          "target_branch": .text, "title": .text, "state_event": .one(of: ["close", "reopen"]), "add_labels": .text,
          "remove_labels": .text, "discussion_locked": .truth, "reviewer_ids": .numbers,
        ].merging(mergeRequest) { $1 }),
      Request(
        "GET /projects/{id}/merge_requests/{iid}/notes",
        query: pages([
          "order_by": .one(of: ["created_at", "updated_at"]), "sort": sort,
          "activity_filter": .one(of: ["all_notes", "only_comments", "only_activity"]),
        ])),
      Request(
        "POST /projects/{id}/merge_requests/{iid}/notes",
        fields: [
          "body": .required(.text), "internal": .truth, "created_at": .text, "merge_request_diff_head_sha": .text,
        ]),
      Request("PUT /projects/{id}/merge_requests/{iid}/notes/{note}", fields: ["body": .text]),
      Request("GET /projects/{id}/merge_requests/{iid}/approvals"),
      Request("GET /projects/{id}/merge_requests/{iid}/reviewers"),
      Request("GET /projects/{id}/merge_requests/{iid}/versions", query: pages([:])),
      Request("GET /projects/{id}/approvals"),
      Request("GET /projects/{id}/members/all/{user}"),
      Request(
        "GET /projects/{id}/issues",
        query: pages([
          "scope": scope, "state": .one(of: ["opened", "closed", "all"]),
          "order_by": .one(of: [
            "created_at", "due_date", "label_priority", "milestone_due", "popularity", "priority",
            "relative_position", "title", "updated_at", "weight",
          ]), "sort": sort, "iids[]": .numbers, "labels": .text, "milestone": .text, "search": .text, "in": .text,
          "author_id": .number, "author_username": .text, "created_after": .text, "created_before": .text,
          "updated_after": .text, "updated_before": .text, "confidential": .truth,
        ])),
      Request(
        "POST /projects/{id}/issues", fields: ["title": .required(.text), "created_at": .text].merging(issue) { $1 }),
      Request("GET /projects/{id}/issues/{iid}"),
      Request(
        "PUT /projects/{id}/issues/{iid}",
        fields: [
          "title": .text, "state_event": .one(of: ["close", "reopen"]), "add_labels": .text, "remove_labels": .text,
        ].merging(issue) { $1 }),
      Request(
        "POST /projects/{id}/statuses/{sha}",
        fields: [
          "state": .required(.one(of: ["pending", "running", "success", "failed", "canceled", "skipped"])),
          "name": .text, "context": .text, "ref": .text, "target_url": .text, "description": .text,
          "coverage": .number, "pipeline_id": .number,
        ]),
      Request(
        "GET /projects/{id}/repository/commits/{sha}/statuses",
        query: pages([
          "ref": .text, "stage": .text, "name": .text, "pipeline_id": .number, "all": .truth,
          "order_by": .one(of: ["id", "pipeline_id"]), "sort": sort,
        ])),
      Request(
        "GET /projects/{id}/repository/commits/{sha}/merge_requests",
        query: pages(["state": .one(of: ["opened", "closed", "locked", "merged"])])),
    ])

  private static let sort = Form.one(of: ["asc", "desc"])
  private static let scope = Form.one(of: ["created_by_me", "assigned_to_me", "reviews_for_me", "all"])

  private static let mergeRequest: [String: Form] = [
    "description": .text, "assignee_id": .number, "assignee_ids": .numbers, "labels": .text, "milestone_id": .number,
    "remove_source_branch": .truth, "squash": .truth, "allow_collaboration": .truth, "merge_after": .text,
  ]

  private static let issue: [String: Form] = [
    "description": .text, "assignee_ids": .numbers, "labels": .text, "milestone_id": .number, "due_date": .text,
    "confidential": .truth, "discussion_locked": .truth,
    "issue_type": .one(of: ["issue", "incident", "test_case", "task"]),
  ]

  private static func pages(_ query: [String: Form]) -> [String: Form] {
    query.merging(["page": .number, "per_page": .number]) { $1 }
  }
}
