import JSON

/// The part of GitHub's public GraphQL schema that pull requests need: the type of each field, "" for a scalar.
/// (docs.github.com/en/graphql/reference, read in 2026-11.)
let gitHubSchema: [String: [String: String]] = [
  "Query": ["repository": "Repository"],
  "Mutation": ["enablePullRequestAutoMerge": "EnablePullRequestAutoMergePayload"],
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
    "id": "", "state": "", "viewerDidAuthor": "", "authorCanPushToRepository": "", "submittedAt": "", "author": "Actor",
    "commit": "Commit",
  ],
  "PullRequestConnection": ["nodes": "PullRequest", "pageInfo": "PageInfo", "totalCount": ""],
  "PageInfo": ["endCursor": "", "hasNextPage": "", "hasPreviousPage": "", "startCursor": ""],
  "PullRequest": [
    "id": "", "number": "", "url": "", "state": "", "title": "", "body": "", "headRefName": "", "headRefOid": "",
    "baseRefName": "", "isCrossRepository": "", "viewerDidAuthor": "", "merged": "", "mergedAt": "", "updatedAt": "",
    "mergedBy": "Actor", "mergeCommit": "Commit", "reviews": "PullRequestReviewConnection",
    "author": "Actor", "labels": "LabelConnection", "comments": "IssueCommentConnection",
    "autoMergeRequest": "AutoMergeRequest",
  ],
  "Actor": ["login": "", "__typename": ""],
  "LabelConnection": ["nodes": "Label", "pageInfo": "PageInfo", "totalCount": ""],
  "Label": ["id": "", "name": "", "color": ""],
  "IssueCommentConnection": ["nodes": "IssueComment", "pageInfo": "PageInfo", "totalCount": ""],
  "IssueComment": ["id": "", "fullDatabaseId": "", "body": "", "viewerDidAuthor": ""],
]

/// The arguments of each field, with their types.
let gitHubArguments: [String: [String: String]] = [
  "Query.repository": ["owner": "String!", "name": "String!", "followRenames": "Boolean"],
  "Mutation.enablePullRequestAutoMerge": ["input": "EnablePullRequestAutoMergeInput!"],
  "Repository.pullRequest": ["number": "Int!"],
  "Repository.pullRequests": paged([
    "baseRefName": "String", "headRefName": "String", "labels": "[String!]", "orderBy": "IssueOrder",
    "states": "[PullRequestState!]",
  ]),
  "Repository.issue": ["number": "Int!"],
  "Repository.issues": paged([
    "filterBy": "IssueFilters", "labels": "[String!]", "orderBy": "IssueOrder", "states": "[IssueState!]",
  ]),
  "Repository.object": ["expression": "String", "oid": "GitObjectID"],
  "Commit.associatedPullRequests": paged(["orderBy": "PullRequestOrder"]),
  "PullRequest.reviews": paged(["author": "String", "states": "[PullRequestReviewState!]"]),
  "PullRequest.labels": paged(["orderBy": "LabelOrder"]),
  "PullRequest.comments": paged(["orderBy": "IssueCommentOrder"]),
]

private let gitHubEnumerations: [String: Set<String>] = [
  "PullRequestState": ["OPEN", "CLOSED", "MERGED"], "IssueState": ["OPEN", "CLOSED"],
  "PullRequestReviewState": ["PENDING", "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED"],
  "PullRequestMergeMethod": ["MERGE", "SQUASH", "REBASE"],
  "OrderDirection": ["ASC", "DESC"], "IssueOrderField": ["CREATED_AT", "UPDATED_AT", "COMMENTS"],
  "PullRequestOrderField": ["CREATED_AT", "UPDATED_AT"], "LabelOrderField": ["NAME", "CREATED_AT", "ISSUE_COUNT"],
  "IssueCommentOrderField": ["UPDATED_AT"],
]

private let gitHubInputs: [String: [String: String]] = [
  "EnablePullRequestAutoMergeInput": [
    "pullRequestId": "ID!", "expectedHeadOid": "GitObjectID", "mergeMethod": "PullRequestMergeMethod",
    "commitHeadline": "String", "commitBody": "String", "authorEmail": "String", "clientMutationId": "String",
  ],
  "IssueOrder": ["field": "IssueOrderField!", "direction": "OrderDirection!"],
  "PullRequestOrder": ["field": "PullRequestOrderField!", "direction": "OrderDirection!"],
  "LabelOrder": ["field": "LabelOrderField!", "direction": "OrderDirection!"],
  "IssueCommentOrder": ["field": "IssueCommentOrderField!", "direction": "OrderDirection!"],
  "IssueFilters": [
    "assignee": "String", "createdBy": "String", "labels": "[String!]", "mentioned": "String", "milestone": "String",
    "since": "DateTime", "states": "[IssueState!]", "viewerSubscribed": "Boolean",
  ],
]

private func paged(_ arguments: [String: String]) -> [String: String] {
  arguments.merging(["after": "String", "before": "String", "first": "Int", "last": "Int"]) { $1 }
}

/// Whether what is written may stand where `type` is wanted.
private func fits(_ kind: GraphQLKind, _ type: String) -> Bool {
  let plain = type.hasSuffix("!") ? String(type.dropLast()) : type
  if case .declared(let declared) = kind { return declared == type || declared == plain + "!" }
  if plain.hasPrefix("["), plain.hasSuffix("]") {
    let inner = String(plain.dropFirst().dropLast())
    guard case .list(let kinds) = kind else { return fits(kind, inner) }
    return kinds.allSatisfy { fits($0, inner) }
  }
  switch kind {
  case .text: return ["String", "GitObjectID", "ID", "DateTime"].contains(plain)
  case .number: return ["Int", "ID"].contains(plain)
  case .truth: return plain == "Boolean"
  case .name(let name): return gitHubEnumerations[plain]?.contains(name) == true
  case .object(let kinds):
    guard let fields = gitHubInputs[plain] else { return false }
    return kinds.allSatisfy { name, kind in fields[name].map { fits(kind, $0) } == true }
      && fields.allSatisfy { !$0.value.hasSuffix("!") || kinds[$0.key] != nil }
  case .list, .declared: return false
  }
}

/// The types behind an interface.
private let gitHubFragments: [String: Set<String>] = ["GitObject": ["Blob", "Commit", "Tag", "Tree"]]

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
    let arguments = gitHubArguments[place] ?? [:]
    for (name, kind) in field.kinds where !(arguments[name].map { fits(kind, $0) } ?? false) {
      found.append("\(place) takes no such \(name)")
    }
    for (name, type) in arguments where type.hasSuffix("!") && field.kinds[name] == nil {
      found.append("\(place) needs \(name)")
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
