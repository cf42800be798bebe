import DriftCore
import Git
import TestSupport
import Testing

/// A site whose only way out is a proxy: the host is asked for at a port where nothing listens on this machine.
@Suite(.serialized)
struct ProxyTests {
  private let password = "s3cret@proxy"

  private func repository(
    _ hosted: HostedOrigin, through proxy: ConnectProxy, user: String = "", certificates: String?
  ) throws -> GitRepository {
    let text = "http://\(user)\(proxy.address)"
    return GitRepository(
      remote: try RemoteAddress("https://localhost:1/bare.git"), clone: hosted.origin.folder.path("clone"),
      access: RemoteAccess(
        token: Secret(HostedOrigin.token), certificates: certificates,
        proxy: try address(text), program: transportProgram))
  }

  private func address(_ text: String) throws -> ProxyAddress { try #require(ProxyAddress(Secret(text))) }

  private func port(of hosted: HostedOrigin) throws -> UInt16 {
    try #require(hosted.server.url.split(separator: ":").last.flatMap { UInt16($0) })
  }

  private func expectNothingSecret(in error: GitError?) {
    let text = "\(String(describing: error)) \(String(reflecting: error))"
    #expect(!text.contains("s3cret"), "\(text)")
  }

  @Test func whatIsBehindAProxyIsFetchedAndPushed() async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    let proxy = try ConnectProxy(to: port(of: hosted), credentials: "kim:\(password)")
    let repository = try repository(
      hosted, through: proxy, user: "kim:s3cret%40proxy@", certificates: certificates.authority)
    let id = try await proposal("1\n", in: repository)
    #expect(try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: id)]) == [.updated])
    #expect(try hosted.origin.tip(of: "mooring/a") == id)
    #expect(!proxy.requests.isEmpty && !hosted.server.requests.isEmpty)
    for request in proxy.requests {
      #expect(request.method == "CONNECT" && request.target == "localhost:1")
      #expect(request.headers["authorization"] == nil, "the token is the host's, not the proxy's")
    }
    #expect(hosted.server.requests.allSatisfy { $0.headers["proxy-authorization"] == nil })
  }

  @Test(arguments: [("", "wants a user and a password"), ("kim:s3cret-other@", "refuses the user or the password")])
  func aProxyThatWantsOtherCredentialsIsNamed(user: String, words: String) async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    let proxy = try ConnectProxy(to: port(of: hosted), credentials: "kim:\(password)")
    let repository = try repository(hosted, through: proxy, user: user, certificates: certificates.authority)
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .proxy, "\(String(describing: error))")
    #expect(error?.finding == "the proxy \"\(proxy.address)\" \(words)")
    #expect(error?.wayOut?.contains("http://USER:PASSWORD@HOST:PORT") == true)
    #expect(proxy.requests.count == 1, "it is asked once")
    #expect(hosted.server.requests == [])
    expectNothingSecret(in: error)
  }

  @Test(arguments: [
    ("HTTP/1.1 502 kim s3cret\r\nContent-Length: 0\r\n\r\n", "answered 502"),
    ("HTTP/1.0 403 Forbidden\r\n\r\n", "answered 403"),
    ("HTTP/1.1 301 x\r\nLocation: http://x\r\n\r\n", "answered 301"),
    ("SSH-2.0-OpenSSH_9.2\r\n\r\n", "is no proxy"), ("HTTP/1.1 2000 x\r\n\r\n", "is no proxy"),
    ("HTTP/1.1 200 OK\r\n", "ended the connection in the middle"), ("", "ended the connection in the middle"),
    ("HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 4_000), "is no proxy"),
  ])
  func aProxyThatOpensNoConnectionIsNamed(answer: String, words: String) async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    let proxy = try ConnectProxy(to: port(of: hosted), answer: answer)
    let repository = try repository(
      hosted, through: proxy, user: "kim:s3cret%40proxy@", certificates: certificates.authority)
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .proxy, "\(String(describing: error))")
    #expect(error?.finding.hasSuffix(words) == true, "\(String(describing: error))")
    #expect(error?.wayOut?.contains("MOORING_GIT_PROXY") == true)
    #expect(hosted.server.requests == [])
    expectNothingSecret(in: error)
  }

  @Test func aProxyThatIsDownIsNamed() async throws {
    let origin = try Origin(bare: true)
    let repository = GitRepository(
      remote: try RemoteAddress("https://localhost:1/bare.git"), clone: origin.folder.path("clone"),
      access: RemoteAccess(proxy: try address("http://127.0.0.1:1"), program: transportProgram))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .proxy, "\(String(describing: error))")
    #expect(error?.finding.hasPrefix("the proxy does not answer: ") == true)
  }

  /// A proxy may send us to anybody: the certificate is the host's all the same.
  @Test func behindAProxyTheCertificateIsJudgedAsEver() async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    let proxy = try ConnectProxy(to: port(of: hosted))
    let error = await refusal { try await repository(hosted, through: proxy, certificates: nil).fetch() }
    #expect(error?.code == .certificate, "\(String(describing: error))")
    #expect(hosted.server.requests == [])
  }

  @Test func sshGoesThroughNoProxy() async throws {
    let origin = try Origin(bare: true)
    let repository = GitRepository(
      remote: try RemoteAddress("ssh://git@localhost:1/bare.git"), clone: origin.folder.path("clone"),
      access: RemoteAccess(proxy: try address("http://127.0.0.1:1"), program: transportProgram))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .proxy, "\(String(describing: error))")
    #expect(error?.wayOut?.contains("unset MOORING_GIT_PROXY") == true)
  }

  @Test(
    arguments: [
      ("http://proxy.example:3128", "proxy.example", "3128", nil), ("HTTP://10.0.0.1:80/", "10.0.0.1", "80", nil),
      ("http://[::1]:3128", "::1", "3128", nil), ("http://kim:a%3Ab%40c@p:1", "p", "1", "kim:a:b@c"),
      ("http://kim:@p:1", "p", "1", "kim:"), ("http://kim:a@b@p:1", "p", "1", "kim:a@b"),
    ] as [(String, String, String, String?)])
  func anAddressIsReadAsItIsMeant(text: String, host: String, port: String, credentials: String?) throws {
    let address = try address(text)
    #expect(address.host == host && address.port == port)
    #expect(address.credentials?.reveal() == credentials)
    #expect(!"\(address) \(String(reflecting: address))".contains("a:b"))
  }

  @Test(arguments: [
    "", "proxy:3128", "https://proxy:3128", "socks5://proxy:3128", "http://proxy", "http://proxy:0",
    "http://proxy:70000",
    "http://:3128", "http://-x:1", "http://proxy:3128/path", "http://proxy :1", "http://proxy\r\nX:1", "http://kim@p:1",
    "http://:x@p:1", "http://kim:%4@p:1", "http://kim:%zz@p:1", "http://kim:%0d%0a@p:1", "http://kim:%ff@p:1",
    "http://a:b:1",
    "http://kim:%+1@p:1",
  ])
  func anythingElseIsNoAddress(text: String) {
    #expect(ProxyAddress(Secret(text)) == nil)
  }
}
