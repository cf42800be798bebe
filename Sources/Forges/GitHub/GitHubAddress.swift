/// Where the two interfaces of GitHub are.
struct GitHubAddress: Hashable, Sendable {
  static let publicAPI = "https://api.github.com"

  /// Without a slash at the end.
  let rest: String
  let graphQL: String

  /// - Parameter rest: `https://api.github.com`, or `https://HOST/api/v3` for GitHub Enterprise Server.
  init(rest: String) {
    self.rest = rest
    // Enterprise Server has its two interfaces side by side, github.com one below the other.
    graphQL = rest.hasSuffix("/api/v3") ? rest.dropLast("/v3".count) + "/graphql" : rest + "/graphql"
  }
}
