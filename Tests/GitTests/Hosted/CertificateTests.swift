import DriftCore
import Git
import TestSupport
import Testing

@Suite(.enabled("openssl makes the certificates") { isHere("openssl", for: "certificates") })
struct CertificateTests {
  @Test func aPrivateAuthorityIsTrustedWhereItIsNamed() async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    let repository = try hosted.repository(certificates: certificates.authority)
    let id = try await proposal("1\n", in: repository)
    #expect(
      try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: id)]) == [.updated])
    #expect(try hosted.origin.tip(of: "mooring/a") == id)
  }

  @Test(arguments: ["none", "another", "no certificate", "missing"])
  func withoutItNothingIsSaidToTheServer(trusted: String) async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    let other = try Certificates()
    let file: String? =
      switch trusted {
      case "another": other.authority
      case "no certificate": try hosted.origin.folder.write("x", to: "empty.pem")
      case "missing": hosted.origin.folder.path("missing.pem")
      default: nil
      }
    let repository = try hosted.repository(certificates: file)
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .certificate, "\(String(describing: error))")
    #expect(error?.wayOut?.contains("--git-authorities") == true)
    #expect(hosted.server.requests == [])
  }

  @Test func aCertificateOfAnotherHostIsRefused() async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    let address = "\(hosted.server.url.replacing("localhost", with: "127.0.0.1"))/bare.git"
    let repository = GitRepository(
      remote: try RemoteAddress(address), clone: hosted.origin.folder.path("clone"),
      access: RemoteAccess(
        token: Secret(HostedOrigin.token), certificates: certificates.authority, program: transportProgram))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .certificate, "\(String(describing: error))")
    #expect(hosted.server.requests == [])
  }

  @Test(arguments: [Certificates.Validity.over, .notYet])
  func aCertificateOutsideItsTimeIsRefused(validity: Certificates.Validity) async throws {
    let certificates = try Certificates(validity: validity)
    let hosted = try HostedOrigin(identity: certificates.identity)
    let repository = try hosted.repository(certificates: certificates.authority)
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .certificate, "\(String(describing: error))")
    #expect(hosted.server.requests == [])
  }
}
