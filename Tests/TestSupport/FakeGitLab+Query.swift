import DriftCore
import JSON

extension FakeGitLab {
  func graphQL(_ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    let fields: [GraphQLField]
    do {
      var parser = try GraphQLParser(body["query"]?.string ?? "", variables: body["variables"] ?? [:])
      fields = try parser.operation("query")
    } catch {
      state.violations.append("GraphQL: \(error)")
      return json(200, ["errors": [["message": "Parse error"]]])
    }
    let found = GraphQLSchema.gitLab.problems(fields)
    if !found.isEmpty {
      state.violations += found
      return json(200, ["errors": .array(found.map { ["message": .string($0)] })])
    }
    let data = fields.map { field -> JSONMember in
      switch field.name {
      case "project":
        let isThere = field.arguments["fullPath"]?.string == Self.project
        return JSONMember(field.key, isThere ? ["fullPath": .string(state.answeredFor ?? Self.project)] : .null)
      default:
        return JSONMember(field.key, .object(field.fields.map { JSONMember($0.key, authored($0, state)) }))
      }
    }
    return json(200, ["data": .object(data)])
  }

  private func authored(_ field: GraphQLField, _ state: State) -> JSONValue {
    let isHere = field.arguments["projectPath"]?.string == Self.project
    var found = state.mergeRequests.values.filter {
      isHere && $0.author == state.login && $0.state == field.arguments["state"]?.string
    }
    found.sort { $0.iid > $1.iid }
    if let after = field.arguments["after"]?.string.flatMap({ Int($0.dropFirst("cursor:".count)) }) {
      found = found.filter { $0.iid < after }
    }
    let page = found.prefix(min(state.pageSize, field.arguments["first"]?.int ?? 0))
    let connection: JSONValue = [
      "nodes": .array(page.map { listed($0) }),
      "pageInfo": [
        "hasNextPage": .bool(page.count < found.count),
        "endCursor": page.last.map { .string("cursor:\($0.iid)") } ?? .null,
      ],
    ]
    return selected(field.fields, from: connection)
  }

  private func listed(_ found: MergeRequest) -> JSONValue {
    [
      "iid": .string(String(found.iid)), "state": .string(found.state), "title": .string(found.title),
      "webUrl": .string("https://gitlab.example.com/\(Self.project)/-/merge_requests/\(found.iid)"),
      "description": .string(found.description), "sourceBranch": .string(found.branch),
      "diffHeadSha": .string(found.head), "autoMergeEnabled": .bool(found.isAutoMerged),
      "sourceProjectId": found.isForeign ? 6 : 5, "targetProjectId": 5,
      "author": ["username": .string(found.author)],
      "labels": ["nodes": .array(found.labels.map { ["title": .string($0)] })],
    ]
  }
}

extension GraphQLSchema {
  /// (docs.gitlab.com/api/graphql/reference, read in 2026-11.)
  static let gitLab = GraphQLSchema(
    types: [
      "Query": ["currentUser": "CurrentUser", "project": "Project"],
      "Project": ["fullPath": "", "id": "", "name": ""],
      "CurrentUser": ["authoredMergeRequests": "MergeRequestConnection", "id": "", "username": ""],
      "MergeRequestConnection": ["count": "", "nodes": "MergeRequest", "pageInfo": "PageInfo"],
      "PageInfo": ["endCursor": "", "hasNextPage": "", "hasPreviousPage": "", "startCursor": ""],
      "MergeRequest": [
        "id": "", "iid": "", "webUrl": "", "state": "", "title": "", "description": "", "sourceBranch": "",
        "targetBranch": "", "diffHeadSha": "", "sourceProjectId": "", "targetProjectId": "", "author": "Author",
        "labels": "LabelConnection", "updatedAt": "", "autoMergeEnabled": "",
      ],
      "Author": ["id": "", "username": ""],
      "LabelConnection": ["count": "", "nodes": "Label", "pageInfo": "PageInfo"],
      "Label": ["id": "", "title": ""],
    ],
    arguments: [
      "Query.project": ["fullPath": "ID!"],
      "CurrentUser.authoredMergeRequests": GraphQLSchema.paged([
        "iids": "[String!]", "labels": "[String!]", "projectPath": "String", "sort": "MergeRequestSort",
        "sourceBranches": "[String!]", "state": "MergeRequestState", "targetBranches": "[String!]",
      ]),
      "MergeRequest.labels": GraphQLSchema.paged([:]),
    ],
    enumerations: [
      "MergeRequestState": ["opened", "closed", "locked", "merged", "all"],
      "MergeRequestSort": ["CREATED_ASC", "CREATED_DESC", "UPDATED_ASC", "UPDATED_DESC"],
    ])
}
