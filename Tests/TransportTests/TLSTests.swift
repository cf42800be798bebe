import DriftCore
import TestSupport
import Testing

@testable import Transport

/// Nothing is said to a server before its certificate and its version of TLS are good.
@Suite(.enabled("openssl makes the certificates") { isHere("openssl", for: "certificates") })
struct TLSTests {
  private func failure(_ url: String, authorities: String?) async throws -> TransportError? {
    let transport = try RetryingTransport.live(.init(authorities: authorities))
    let request = HTTPRequest(url: url, headers: [HTTPHeader("Authorization", secret: Secret("Bearer s3cret"))])
    return await #expect(throws: TransportError.self) { try await transport.send(request) }
  }

  @Test func aPrivateAuthorityIsTrustedWhereItIsNamed() async throws {
    let certificates = try Certificates()
    let server = try TLSServer(certificates.identity)
    let transport = try LiveTransport(.init(authorities: certificates.authority))
    #expect(try await transport.send(HTTPRequest(url: server.url)).status == 204)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: ["unknown authority", "another authority", "another host", "expired", "not yet", "self-signed"])
  func aCertificateThatIsNotGoodIsRefused(kind: String) async throws {
    let certificates = try Certificates(
      validity: kind == "expired" ? .over : kind == "not yet" ? .notYet : .now)
    let server = try TLSServer(kind == "self-signed" ? certificates.authorityIdentity : certificates.identity)
    let other = try Certificates()
    let authorities: String? =
      switch kind {
      case "unknown authority", "self-signed": nil
      case "another authority": other.authority
      default: certificates.authority
      }
    let url = kind == "another host" ? server.url.replacing("localhost", with: "127.0.0.1") : server.url
    let error = try await failure(url, authorities: authorities)
    #expect(error?.code == .tls, "\(String(describing: error))")
    #expect(error?.description == "GET \(url): TLS handshake or certificate refused")
    #expect(server.requests == [])
  }

  @Test(arguments: [TLSIdentity.Version.tls10, .tls11])
  func anOldVersionIsRefused(version: TLSIdentity.Version) async throws {
    let certificates = try Certificates()
    let server = try TLSServer(certificates.identity(atMost: version))
    let error = try await failure(server.url, authorities: certificates.authority)
    #expect(error?.code == .tls, "\(String(describing: error))")
    #expect(server.requests == [])
  }

  @Test func aNameThatDoesNotResolveIsSaidToBeSo() async throws {
    // Too long for a name, so that nobody has to be asked.
    let url = "https://\(String(repeating: "a", count: 64)).example/"
    #expect(try await failure(url, authorities: nil)?.code == .unresolvedHost)
  }
}
