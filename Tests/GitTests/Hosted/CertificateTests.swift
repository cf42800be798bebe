import DriftCore
import Git
import TestSupport
import Testing

/// Whose certificate is believed. Nothing is said to a host before its certificate is good.
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

  @Test func aHostsOwnCertificateIsTrustedWhereItIsNamed() async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    _ = try await hosted.repository(certificates: certificates.server).fetch()
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
    let error = try await refused(hosted, file)
    let isRead = trusted == "none" || trusted == "another"
    #expect(error?.finding == (isRead ? unknown : "\(file ?? "") holds no certificate that can be read"))
    #expect(error?.wayOut?.contains("--git-authorities") == true)
  }

  private let unknown =
    #"the certificate of "localhost" comes from "CN=Test authority", an authority that is not trusted"#

  @Test func aSelfSignedCertificateIsRefused() async throws {
    let hosted = try HostedOrigin(identity: Certificates().authorityIdentity)
    let error = try await refused(hosted, nil)
    #expect(
      error?.finding == #"the certificate of "localhost" is self-signed and not among those that are trusted"#)
    #expect(error?.wayOut?.contains("--git-authorities") == true)
  }

  /// A name is none that an address could stand for, nor the other way round.
  @Test(arguments: [
    ("DNS:localhost", "127.0.0.1"), ("DNS:127.0.0.1", "127.0.0.1"), ("IP:127.0.0.2", "127.0.0.1"),
    ("DNS:*.localhost", "localhost"), ("DNS:local*", "localhost"), ("DNS:localhost.example", "localhost"),
  ])
  func aCertificateOfAnotherHostIsRefused(names: String, host: String) async throws {
    let certificates = try Certificates(names: names)
    let hosted = try HostedOrigin(identity: certificates.identity)
    let error = try await refused(hosted, certificates.authority, at: host)
    let shown = names.replacing("IP:", with: "IP Address:")
    #expect(error?.finding == "the certificate is for \(shown), not for \"\(host)\"")
    #expect(error?.wayOut == "write the address with a name that the certificate is for")
  }

  @Test func anAddressThatTheCertificateIsForIsAccepted() async throws {
    let certificates = try Certificates(names: "IP:127.0.0.1")
    let hosted = try HostedOrigin(identity: certificates.identity)
    _ = try await repository(hosted, certificates.authority, at: "127.0.0.1").fetch()
  }

  /// An address is no name: RFC 6066, section 3.
  @Test(arguments: [("localhost", "localhost"), ("127.0.0.1", nil)])
  func theHostIsToldWhichNameIsMeant(host: String, name: String?) async throws {
    let certificates = try Certificates(names: "DNS:localhost,IP:127.0.0.1")
    let server = try TLSServer(certificates.identity)
    let origin = try Origin(bare: true)
    let repository = GitRepository(
      remote: try RemoteAddress("\(server.url.replacing("localhost", with: host))/bare.git"),
      clone: origin.folder.path("clone"),
      access: RemoteAccess(certificates: certificates.authority, program: transportProgram))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .answered(204), "\(String(describing: error))")
    #expect(server.serverNames == [name])
  }

  @Test(arguments: [
    (Certificates.Validity.over, "expired at 2021-01-01 00:00:00Z"),
    (.notYet, "is not valid before 2090-01-01 00:00:00Z"),
  ])
  func aCertificateOutsideItsTimeIsRefused(validity: Certificates.Validity, words: String) async throws {
    let certificates = try Certificates(validity: validity)
    let hosted = try HostedOrigin(identity: certificates.identity)
    let error = try await refused(hosted, certificates.authority)
    #expect(error?.finding == "the certificate of \"localhost\" \(words)")
    #expect(error?.wayOut == "have the host's certificate renewed, or set this machine's clock")
  }

  @Test func aCertificateWithAWeakKeyIsRefused() async throws {
    let certificates = try Certificates(strength: .weak)
    let hosted = try HostedOrigin(identity: certificates.identity(atMost: .tls13))
    let error = try await refused(hosted, certificates.authority)
    #expect(error?.finding == #"the certificate of "localhost" is refused: EE certificate key too weak"#)
    #expect(error?.wayOut == "have another certificate made for the host")
  }

  /// What a fetch throws; the host has heard nothing by then.
  private func refused(_ hosted: HostedOrigin, _ authorities: String?, at host: String = "localhost") async throws
    -> GitError?
  {
    let repository = try repository(hosted, authorities, at: host)
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .certificate, "\(String(describing: error))")
    #expect(hosted.server.requests == [])
    return error
  }

  private func repository(
    _ hosted: HostedOrigin, _ authorities: String?, at host: String
  ) throws -> GitRepository {
    GitRepository(
      remote: try RemoteAddress("\(hosted.server.url.replacing("localhost", with: host))/bare.git"),
      clone: hosted.origin.folder.path("clone"),
      access: RemoteAccess(
        token: Secret(HostedOrigin.token), certificates: authorities, program: transportProgram))
  }
}
