import JSON

/// Issues, which are numbered with the pull requests.
extension FakeGitHub {
  func issues(_ field: GraphQLField, _ state: State) -> JSONValue {
    if field.name == "issue" {
      let found = state.issues[field.arguments["number"]?.int ?? 0]
      return found.map { selected(field.fields, from: node($0, state)) } ?? .null
    }
    let labels = (field.arguments["labels"]?.array ?? []).compactMap(\.string)
    let found = state.issues.values.sorted { $0.number < $1.number }.filter {
      labels.isEmpty || !Set(labels).isDisjoint(with: $0.labels)
    }.prefix(field.arguments["first"]?.int ?? 0)
    return selected(field.fields, from: ["nodes": .array(found.map { node($0, state) })])
  }

  private func node(_ issue: Issue, _ state: State) -> JSONValue {
    [
      "number": JSONValue(issue.number), "url": .string(url(issue)), "state": .string(issue.isOpen ? "OPEN" : "CLOSED"),
      "title": .string(issue.title), "body": .string(issue.body),
      "viewerDidAuthor": .bool(issue.author == state.login),
    ]
  }

  func createIssue(_ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    if !state.hasIssues { return json(410, ["message": "Issues has been disabled in this repository."]) }
    let issue = Issue(
      number: state.nextNumber, title: body["title"]?.string ?? "", body: body["body"]?.string ?? "",
      author: state.login, labels: (body["labels"]?.array ?? []).compactMap(\.string))
    state.nextNumber += 1
    state.issues[issue.number] = issue
    return json(201, summary(issue))
  }

  func editIssue(_ number: Int, _ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    guard var issue = state.issues[number] else { return json(404, ["message": "Not Found"]) }
    if let text = body["body"]?.string { issue.body = text }
    if let wanted = body["state"]?.string { issue.isOpen = wanted == "open" }
    state.issues[number] = issue
    return json(200, summary(issue))
  }

  private func summary(_ issue: Issue) -> JSONValue {
    [
      "number": JSONValue(issue.number), "html_url": .string(url(issue)), "body": .string(issue.body),
      "state": .string(issue.isOpen ? "open" : "closed"), "user": ["login": .string(issue.author)],
    ]
  }

  private func url(_ issue: Issue) -> String { "https://github.example.com/acme/contracts/issues/\(issue.number)" }
}
