extension GraphQLSchema {
  /// (docs.github.com/en/graphql/reference, read in 2026-11.)
  static let gitHub = GraphQLSchema(
    types: [
      "Query": ["repository": "Repository"],
      "Repository": [
        "id": "", "nameWithOwner": "", "pullRequest": "PullRequest", "pullRequests": "PullRequestConnection",
        "object": "GitObject", "issue": "Issue", "issues": "IssueConnection",
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
        "updatedAt": "",
        "mergedBy": "Actor", "mergeCommit": "Commit", "reviews": "PullRequestReviewConnection",
        "author": "Actor", "labels": "LabelConnection", "comments": "IssueCommentConnection",
        "timelineItems": "PullRequestTimelineItemsConnection",
      ],
      "PullRequestTimelineItemsConnection": [
        "filteredCount": "", "nodes": "PullRequestTimelineItems", "pageInfo": "PageInfo", "totalCount": "",
      ],
      "PullRequestTimelineItems": ["__typename": ""],
      "Actor": ["login": "", "__typename": ""],
      "LabelConnection": ["nodes": "Label", "pageInfo": "PageInfo", "totalCount": ""],
      "Label": ["id": "", "name": "", "color": ""],
      "IssueCommentConnection": ["nodes": "IssueComment", "pageInfo": "PageInfo", "totalCount": ""],
      "IssueComment": ["id": "", "fullDatabaseId": "", "body": "", "viewerDidAuthor": ""],
    ],
    arguments: [
      "Query.repository": ["owner", "name", "followRenames"],
      "Repository.pullRequest": ["number"],
      "Repository.pullRequests": [
        "after", "baseRefName", "before", "first", "headRefName", "labels", "last", "orderBy", "states",
      ],
      "Repository.issue": ["number"],
      "Repository.issues": ["after", "before", "filterBy", "first", "labels", "last", "orderBy", "states"],
      "Repository.object": ["expression", "oid"],
      "Commit.associatedPullRequests": ["after", "before", "first", "last", "orderBy"],
      "PullRequest.reviews": ["after", "author", "before", "first", "last", "states"],
      "PullRequest.labels": ["after", "before", "first", "last", "orderBy"],
      "PullRequest.timelineItems": ["after", "before", "first", "itemTypes", "last", "since", "skip"],
      "PullRequest.comments": ["after", "before", "first", "last", "orderBy"],
    ],
    fragments: ["GitObject": ["Blob", "Commit", "Tag", "Tree"]])
}
