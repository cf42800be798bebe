import Cryptography
import DriftCore
import JSON

/// Our own account. A token is its account's for as long as it lives; the login may be changed, the id may not.
struct GiteaAccount: Hashable, Sendable {
  var id: Int
  var login: String

  /// Whether it wrote a pull request, an issue, a comment or a review.
  func wrote(_ node: JSONValue) -> Bool { node["user"]?["id"]?.int == id }
}

/// Remembers the account of a token from run to run. Losing it costs a request.
struct KeptAccount: Sendable {
  private let key: String
  private let cache: (any Cache)?

  init(api: String, token: Secret, cache: (any Cache)?) {
    key = "account/\(sha256Hex("\(api)\n\(token.reveal())"))"
    self.cache = cache
  }

  func read() async -> GiteaAccount? {
    let parts = (try? await cache?.value(for: key))?.split(separator: " ", maxSplits: 1) ?? []
    guard parts.count == 2, let id = Int(parts[0]) else { return nil }
    return GiteaAccount(id: id, login: String(parts[1]))
  }

  func write(_ account: GiteaAccount) async { try? await cache?.set("\(account.id) \(account.login)", for: key) }
}
