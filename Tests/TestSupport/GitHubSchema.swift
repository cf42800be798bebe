import JSON

/// The part of GitHub's public GraphQL schema that pull requests need: the type of each field, "" for a scalar.
/// (docs.github.com/en/graphql/reference, read in 2026-11.)
let gitHubSchema: [String: [String: String]] = [
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
    "id": "", "state": "", "viewerDidAuthor": "", "authorCanPushToRepository": "", "submittedAt": "", "author": "Actor",
    "commit": "Commit",
  ],
  "PullRequestConnection": ["nodes": "PullRequest", "pageInfo": "PageInfo", "totalCount": ""],
  "PageInfo": ["endCursor": "", "hasNextPage": "", "hasPreviousPage": "", "startCursor": ""],
  "PullRequest": [
    "id": "", "number": "", "url": "", "state": "", "title": "", "body": "", "headRefName": "", "headRefOid": "",
    "baseRefName": "", "isCrossRepository": "", "viewerDidAuthor": "", "merged": "", "mergedAt": "", "updatedAt": "",
    "mergedBy": "Actor", "mergeCommit": "Commit", "reviews": "PullRequestReviewConnection",
    "author": "Actor", "labels": "LabelConnection", "comments": "IssueCommentConnection", "closedAt": "",
    "timelineItems": "PullRequestTimelineItemsConnection",
  ],
  "PullRequestTimelineItemsConnection": [
    "nodes": "PullRequestTimelineItems", "pageInfo": "PageInfo", "totalCount": "",
  ],
  "ClosedEvent": ["id": "", "createdAt": "", "actor": "Actor"],
  "Actor": ["login": "", "__typename": ""],
  "LabelConnection": ["nodes": "Label", "pageInfo": "PageInfo", "totalCount": ""],
  "Label": ["id": "", "name": "", "color": ""],
  "IssueCommentConnection": ["nodes": "IssueComment", "pageInfo": "PageInfo", "totalCount": ""],
  "IssueComment": [
    "id": "", "fullDatabaseId": "", "body": "", "viewerDidAuthor": "", "createdAt": "", "author": "Actor",
  ],
]

let gitHubArguments: [String: Set<String>] = [
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
  "PullRequest.timelineItems": ["after", "before", "first", "itemTypes", "last", "since", "skip"],
  "PullRequest.labels": ["after", "before", "first", "last", "orderBy"],
  "PullRequest.comments": ["after", "before", "first", "last", "orderBy"],
]

/// The types behind an interface.
private let gitHubFragments: [String: Set<String>] = [
  "GitObject": ["Blob", "Commit", "Tag", "Tree"],
  "PullRequestTimelineItems": ["ClosedEvent", "IssueComment", "MergedEvent", "ReopenedEvent"],
]

/// What a query asks for and the schema does not have, or does not allow.
func problems(_ fields: [GraphQLField], of type: String = "Query") -> [String] {
  var found: [String] = []
  for field in fields {
    if let fragment = field.fragment {
      if gitHubFragments[type]?.contains(fragment) != true { found.append("no \(type) is a \(fragment)") }
      found += problems(field.fields, of: fragment)
      continue
    }
    let place = "\(type).\(field.name)"
    guard let inner = gitHubSchema[type]?[field.name] else {
      found.append("\(place) is not in the schema")
      continue
    }
    for argument in field.arguments.keys where gitHubArguments[place]?.contains(argument) != true {
      found.append("\(place) takes no \(argument)")
    }
    if inner.hasSuffix("Connection") {
      let size = (field.arguments["first"] ?? field.arguments["last"])?.int ?? 0
      if !(1...100).contains(size) { found.append("\(place) needs first or last from 1 to 100") }
    }
    if inner.isEmpty != field.fields.isEmpty { found.append("\(place) and its selection do not fit") }
    found += problems(field.fields, of: inner)
  }
  return found
}

/// What of `value` the fields ask for.
func selected(_ fields: [GraphQLField], from value: JSONValue) -> JSONValue {
  if let elements = value.array { return .array(elements.map { selected(fields, from: $0) }) }
  guard value.members != nil, !fields.isEmpty else { return value }
  return .object(
    fields.flatMap { $0.fragment == nil ? [$0] : $0.fields }.map {
      JSONMember($0.key, selected($0.fields, from: value[$0.key] ?? value[$0.name] ?? .null))
    })
}
