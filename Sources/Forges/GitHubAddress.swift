/// Where a repository's API is, and what the repository is called.
package struct GitHubAddress: Hashable, Sendable {
  /// Without a slash at the end.
  let api: String
  let graphQL: String
  let owner: String
  let name: String

  package static let publicAPI = "https://api.github.com"

  /// - Parameters:
  ///   - api: `https://api.github.com`, or `https://HOST/api/v3` for GitHub Enterprise Server.
  ///   - repository: `owner/name`.
  package init(api: String = Self.publicAPI, repository: String) throws(ForgeError) {
    let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(isRepositoryName) else {
      throw ForgeError(
        .invalid, "reading the forge's settings", at: "forge.repository",
        "\"\(oneLine(repository))\" is not a repository", wayOut: "write owner/name, as in its web address")
    }
    owner = String(parts[0])
    name = String(parts[1])
    self.api = try apiBase(api)
    // Enterprise Server has its two interfaces side by side, github.com one below the other.
    graphQL =
      self.api.hasSuffix("/api/v3") ? self.api.dropLast("/v3".count) + "/graphql" : self.api + "/graphql"
  }

  var repository: String { "\(owner)/\(name)" }
}

/// A name that needs no escape in a path and cannot leave it.
func isRepositoryName(_ part: Substring) -> Bool {
  !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 100
    && part.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
      default: false
      }
    }
}
