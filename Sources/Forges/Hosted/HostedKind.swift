package import DriftCore
package import Transport

/// A kind of forge on the network, as `forge.kind` names it.
package struct HostedKind: Sendable {
  package let name: String
  let connect: @Sendable (HostedSettings) throws -> any HostedAPI

  package static let all: [HostedKind] = [.forgejo, .gitea, .gitHub, .gitLab]
}

/// Where a forge is, which repository is meant, and who we are there.
package struct HostedSettings: Sendable {
  package enum Credential: Sendable {
    case token(Secret)
    /// A GitHub App by its client id or number, with its private key in PEM. Where the installation's number is not given it
    /// is looked up, which costs one request a run.
    case app(id: String, key: Secret, installation: Int?)
  }

  /// Nil for the product's public one.
  var api: String?
  var repository: String
  var credential: Credential
  var transport: any HTTPTransport
  var clock: any Clock<Duration>
  var now: @Sendable () -> Timestamp
  /// Where it is remembered who we are, on forges that have to be asked.
  var cache: (any Cache)?

  package init(
    api: String? = nil, repository: String, credential: Credential, transport: any HTTPTransport,
    clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Timestamp,
    cache: (any Cache)? = nil
  ) {
    self.api = api
    self.repository = repository
    self.credential = credential
    self.transport = transport
    self.clock = clock
    self.now = now
    self.cache = cache
  }

  /// The address of the API without a slash at the end.
  func api(or publicAPI: String?) throws(ForgeError) -> String {
    guard let api = api ?? publicAPI else {
      throw invalid("forge.api", "it is missing", "write api: https://HOST/api/v1")
    }
    return try apiBase(api)
  }

  /// The names in `repository`, so many as the product has.
  func names(_ counts: ClosedRange<Int>, form: String) throws(ForgeError) -> [String] {
    let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
    guard counts.contains(parts.count), parts.allSatisfy(isRepositoryName) else {
      throw invalid(
        "forge.repository", "\"\(oneLine(repository))\" is not a repository", "write \(form), as in its web address")
    }
    return parts.map(String.init)
  }

  func token() throws(ForgeError) -> Secret {
    guard case .token(let token) = credential else {
      throw invalid("forge.app", "only the forge \"github\" has apps", "write token: ${SOME_NAME} in its place")
    }
    return token
  }

  func client(
    _ product: HostedProduct, api: String, headers: @escaping @Sendable () async throws -> [HTTPHeader]
  ) -> HostedClient {
    let pace = Pace(clock, spacing: product.spacing)
    return HostedClient(
      product: product, api: api, headers: headers,
      patience: Patience(product: product, transport: transport, pace: pace))
  }

  private func invalid(_ place: String, _ finding: String, _ wayOut: String) -> ForgeError {
    ForgeError(.invalid, "reading the forge's settings", at: place, finding, wayOut: wayOut)
  }
}

/// A name that needs no escape in a path and cannot leave it.
private func isRepositoryName(_ part: Substring) -> Bool {
  !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 100
    && part.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
      default: false
      }
    }
}
