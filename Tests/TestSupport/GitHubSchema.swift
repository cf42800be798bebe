extension GraphQLSchema {
  /// (docs.github.com/en/graphql/reference, read in 2026-11.)
  static let gitHub = GraphQLSchema(
    types: [
      "Query": ["repository": "Repository"],
      "Mutation": [
        "enablePullRequestAutoMerge": "EnablePullRequestAutoMergePayload",
        "disablePullRequestAutoMerge": "DisablePullRequestAutoMergePayload",
      ],
      "DisablePullRequestAutoMergePayload": ["pullRequest": "PullRequest", "clientMutationId": "", "actor": "Actor"],
      "EnablePullRequestAutoMergePayload": ["pullRequest": "PullRequest", "clientMutationId": ""],
      "AutoMergeRequest": ["enabledAt": "", "mergeMethod": "", "enabledBy": "Actor"],
      "Repository": [
        "id": "", "nameWithOwner": "", "pullRequest": "PullRequest", "pullRequests": "PullRequestConnection",
        "object": "GitObject", "issue": "Issue", "issues": "IssueConnection", "viewerDefaultMergeMethod": "",
      ],
      "IssueConnection": ["nodes": "Issue", "pageInfo": "PageInfo", "totalCount": ""],
      "Issue": ["id": "", "number": "", "url": "", "state": "", "title": "", "body": "", "viewerDidAuthor": ""],
      "GitObject": ["id": "", "oid": ""],
      "Commit": ["id": "", "oid": "", "associatedPullRequests": "PullRequestConnection"],
      "PullRequestReviewConnection": ["nodes": "PullRequestReview", "pageInfo": "PageInfo", "totalCount": ""],
      "PullRequestReview": [
        "id": "", "state": "", "viewerDidAuthor": "", "authorCanPushToRepository": "", "submittedAt": "",
        "author": "Actor",
        "commit": "Commit",
      ],
      "PullRequestConnection": ["nodes": "PullRequest", "pageInfo": "PageInfo", "totalCount": ""],
      "PageInfo": ["endCursor": "", "hasNextPage": "", "hasPreviousPage": "", "startCursor": ""],
      "PullRequest": [
        "id": "", "number": "", "url": "", "state": "", "title": "", "body": "", "headRefName": "", "headRefOid": "",
        "baseRefName": "", "isCrossRepository": "", "viewerDidAuthor": "", "merged": "", "mergedAt": "",
        "updatedAt": "", "closedAt": "",
        "mergedBy": "Actor", "mergeCommit": "Commit", "reviews": "PullRequestReviewConnection",
        "author": "Actor", "labels": "LabelConnection", "comments": "IssueCommentConnection",
        "timelineItems": "PullRequestTimelineItemsConnection", "autoMergeRequest": "AutoMergeRequest",
      ],
      "PullRequestTimelineItemsConnection": [
        "filteredCount": "", "nodes": "PullRequestTimelineItems", "pageInfo": "PageInfo", "totalCount": "",
      ],
      "PullRequestTimelineItems": ["__typename": ""],
      "ClosedEvent": ["id": "", "createdAt": "", "actor": "Actor"],
      "Actor": ["login": "", "__typename": ""],
      "LabelConnection": ["nodes": "Label", "pageInfo": "PageInfo", "totalCount": ""],
      "Label": ["id": "", "name": "", "color": ""],
      "IssueCommentConnection": ["nodes": "IssueComment", "pageInfo": "PageInfo", "totalCount": ""],
      "IssueComment": [
        "id": "", "fullDatabaseId": "", "body": "", "viewerDidAuthor": "", "createdAt": "", "author": "Actor",
      ],
    ],
    arguments: [
      "Query.repository": ["owner": "String!", "name": "String!", "followRenames": "Boolean"],
      "Mutation.enablePullRequestAutoMerge": ["input": "EnablePullRequestAutoMergeInput!"],
      "Mutation.disablePullRequestAutoMerge": ["input": "DisablePullRequestAutoMergeInput!"],
      "Repository.pullRequest": ["number": "Int!"],
      "Repository.pullRequests": GraphQLSchema.paged([
        "baseRefName": "String", "headRefName": "String", "labels": "[String!]", "orderBy": "IssueOrder",
        "states": "[PullRequestState!]",
      ]),
      "Repository.issue": ["number": "Int!"],
      "Repository.issues": GraphQLSchema.paged([
        "filterBy": "IssueFilters", "labels": "[String!]", "orderBy": "IssueOrder", "states": "[IssueState!]",
      ]),
      "Repository.object": ["expression": "String", "oid": "GitObjectID"],
      "Commit.associatedPullRequests": GraphQLSchema.paged(["orderBy": "PullRequestOrder"]),
      "PullRequest.reviews": GraphQLSchema.paged(["author": "String", "states": "[PullRequestReviewState!]"]),
      "PullRequest.labels": GraphQLSchema.paged(["orderBy": "LabelOrder"]),
      "PullRequest.timelineItems": GraphQLSchema.paged([
        "itemTypes": "[PullRequestTimelineItemsItemType!]", "since": "DateTime", "skip": "Int",
      ]),
      "PullRequest.comments": GraphQLSchema.paged(["orderBy": "IssueCommentOrder"]),
    ],
    enumerations: [
      "PullRequestState": ["OPEN", "CLOSED", "MERGED"], "IssueState": ["OPEN", "CLOSED"],
      "PullRequestReviewState": ["PENDING", "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED"],
      "PullRequestMergeMethod": ["MERGE", "SQUASH", "REBASE"],
      "OrderDirection": ["ASC", "DESC"], "IssueOrderField": ["CREATED_AT", "UPDATED_AT", "COMMENTS"],
      "PullRequestOrderField": ["CREATED_AT", "UPDATED_AT"], "LabelOrderField": ["NAME", "CREATED_AT", "ISSUE_COUNT"],
      "IssueCommentOrderField": ["UPDATED_AT"],
      "PullRequestTimelineItemsItemType": [
        "LABELED_EVENT", "UNLABELED_EVENT", "CLOSED_EVENT", "REOPENED_EVENT", "MERGED_EVENT", "ISSUE_COMMENT",
      ],
    ],
    inputs: [
      "DisablePullRequestAutoMergeInput": ["pullRequestId": "ID!", "clientMutationId": "String"],
      "EnablePullRequestAutoMergeInput": [
        "pullRequestId": "ID!", "expectedHeadOid": "GitObjectID", "mergeMethod": "PullRequestMergeMethod",
        "commitHeadline": "String", "commitBody": "String", "authorEmail": "String", "clientMutationId": "String",
      ],
      "IssueOrder": ["field": "IssueOrderField!", "direction": "OrderDirection!"],
      "PullRequestOrder": ["field": "PullRequestOrderField!", "direction": "OrderDirection!"],
      "LabelOrder": ["field": "LabelOrderField!", "direction": "OrderDirection!"],
      "IssueCommentOrder": ["field": "IssueCommentOrderField!", "direction": "OrderDirection!"],
      "IssueFilters": [
        "assignee": "String", "createdBy": "String", "labels": "[String!]", "mentioned": "String",
        "milestone": "String",
        "since": "DateTime", "states": "[IssueState!]", "viewerSubscribed": "Boolean",
      ],
    ],
    fragments: [
      "GitObject": ["Blob", "Commit", "Tag", "Tree"],
      "PullRequestTimelineItems": ["ClosedEvent", "IssueComment", "MergedEvent", "ReopenedEvent"],
    ])
}
