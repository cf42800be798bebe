import JSON

extension FakeGitHub {
  /// GitHub's own words for each way in which it does not do it.
  func autoMerge(_ fields: [GraphQLField], _ state: inout State) -> LoopbackServer.Answer {
    let input = fields.first?.arguments["input"] ?? .null
    let number = input["pullRequestId"]?.string.flatMap { Int($0.dropFirst("PR_".count)) } ?? 0
    let mutation = fields.first?.name ?? ""
    func refused(_ words: String, _ type: String = "UNPROCESSABLE") -> LoopbackServer.Answer {
      json(
        200,
        [
          "data": .object([JSONMember(mutation, .null)]),
          "errors": [
            ["type": .string(type), "path": [.string(mutation)], "message": .string(words)]
          ],
        ])
    }
    guard let pull = state.pulls[number] else {
      return refused("Could not resolve to a node with the global id of 'x'.", "NOT_FOUND")
    }
    if mutation == "disablePullRequestAutoMerge" {
      if pull.autoMerge == nil { return refused("Can't disable auto-merge for this pull request.") }
      state.pulls[number]?.autoMerge = nil
      return json(200, ["data": .object([JSONMember(mutation, ["pullRequest": ["number": JSONValue(number)]])])])
    }
    if !state.allowsAutoMerge { return refused("Pull request Auto merge is not allowed for this repository") }
    if !state.hasChecks { return refused("Pull request Pull request is in clean status") }
    if input["expectedHeadOid"]?.string.map({ $0 != pull.head }) ?? false {
      return refused("Head sha didn't match expected head sha.")
    }
    let method = input["mergeMethod"]?.string ?? "MERGE"
    if method != state.mergeMethod { return refused("Merge method \(method.lowercased()) is not allowed") }
    state.pulls[number]?.autoMerge = method
    return json(
      200, ["data": ["enablePullRequestAutoMerge": ["pullRequest": ["number": JSONValue(number)]]]])
  }
}
