import DriftCore
import Git
import Glibc
import TestSupport
import Testing

/// Sessions that are too old, none at all, silent, or cut.
@Suite(.enabled("openssl makes the certificates") { isHere("openssl", for: "certificates") })
struct TLSTests {
  @Test(arguments: [TLSIdentity.Version.tls10, .tls11])
  func aHostThatSpeaksOldVersionsAloneIsRefused(version: TLSIdentity.Version) async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity(atMost: version))
    let repository = try hosted.repository(certificates: certificates.authority)
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .tls, "\(String(describing: error))")
    #expect(error?.finding == #""localhost" offers no TLS 1.2 or newer"#)
    #expect(error?.wayOut?.contains("let the host offer TLS 1.2 or newer") == true)
    #expect(hosted.server.requests == [])
  }

  /// Large enough that no side can write it at once.
  @Test(arguments: [TLSIdentity.Version.tls12, .tls13])
  func whatIsLargeArrivesWhole(version: TLSIdentity.Version) async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity(atMost: version))
    let repository = try hosted.repository(certificates: certificates.authority)
    var random = SystemRandomNumberGenerator()
    let text = (0..<100_000).map { _ in String(random.next(), radix: 36) }.joined(separator: "\n")
    let id = try await proposal(text, in: repository)
    #expect(
      try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: id)]) == [.updated])
    let another = try hosted.repository(clone: "another", certificates: certificates.authority)
    _ = try await another.fetch()
    #expect(try await another.branches().map(\.tip) == [id])
  }

  /// The branches, and then the objects. The head says how much there is to come, or that the connection's end is the end.
  @Test(arguments: ["/info/refs", "/git-upload-pack"], [true, false])
  func anAnswerCutAnywhereIsNoAnswer(path: String, saysLength: Bool) async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    for count in [0, 34, 120] {
      hosted.server.setFault(.cutBody(at: count, onPath: path, saysLength: saysLength))
      let repository = try hosted.repository(clone: "clone\(count)", certificates: certificates.authority)
      let error = await refusal { try await repository.fetch() }
      #expect(error?.code == .connectionLost, "\(count) bytes: \(String(describing: error))")
      #expect(error?.finding == #""localhost" ended the connection in the middle"#)
      hosted.server.setFault(nil)
      _ = try await repository.fetch()
    }
  }

  @Test func aPushThatIsCutHasMovedNothing() async throws {
    let certificates = try Certificates()
    let hosted = try HostedOrigin(identity: certificates.identity)
    let repository = try hosted.repository(certificates: certificates.authority)
    let update = RefUpdate(branch: "mooring/a", expected: nil, target: try await proposal("1\n", in: repository))
    hosted.server.setFault(.cutBeforePush)
    let error = await refusal { try await repository.push([update]) }
    #expect(error?.code == .connectionLost, "\(String(describing: error))")
    hosted.server.setFault(nil)
    #expect(try await repository.push([update]) == [.updated])
  }

  @Test func aHostThatIsSilentInTheHandshakeIsLeftAtTheDeadline() async throws {
    let error = try await fetch(within: .seconds(1)) { descriptor in
      var bytes = [UInt8](repeating: 0, count: 4_096)
      while recv(descriptor, &bytes, bytes.count, 0) > 0 {}
    }
    #expect(error?.code == .deadline, "\(String(describing: error))")
  }

  @Test(arguments: ["169.254.169.254", "2852039166", "[fe80::1]"])
  func nothingIsSentToAMachinesOwnAddress(host: String) async throws {
    let origin = try Origin(bare: true)
    let repository = GitRepository(
      remote: try RemoteAddress("https://\(host)/bare.git"), clone: origin.folder.path("clone"),
      access: RemoteAccess(token: Secret(HostedOrigin.token), program: transportProgram))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .unreachable, "\(String(describing: error))")
    #expect(error?.finding.contains("link-local or metadata address") == true)
  }

  @Test func aHostThatHangsUpInTheHandshakeIsNamed() async throws {
    let error = try await fetch { descriptor in
      var bytes = [UInt8](repeating: 0, count: 4_096)
      _ = recv(descriptor, &bytes, bytes.count, 0)
      shutdown(descriptor, Int32(SHUT_RDWR))
    }
    #expect(error?.code == .connectionLost, "\(String(describing: error))")
    #expect(error?.finding == #""localhost" ended the connection in the middle"#)
  }

  @Test func whatDoesNotSpeakTLSIsNamed() async throws {
    let error = try await fetch { descriptor in
      var bytes = [UInt8](repeating: 0, count: 4_096)
      _ = recv(descriptor, &bytes, bytes.count, 0)
      let answer = Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8)
      _ = send(descriptor, answer, answer.count, Int32(MSG_NOSIGNAL))
    }
    #expect(error?.code == .unreachable, "\(String(describing: error))")
    #expect(error?.finding.hasSuffix("does not speak TLS") == true)
  }

  /// What a fetch from a host that does this on each connection throws.
  private func fetch(
    within deadline: Duration = .seconds(60), _ serve: @escaping @Sendable (Int32) -> Void
  ) async throws -> GitError? {
    let listener = try Listener(serve)
    defer { listener.stop() }
    let origin = try Origin(bare: true)
    let repository = GitRepository(
      remote: try RemoteAddress("https://localhost:\(listener.port)/bare.git"),
      clone: origin.folder.path("clone"),
      access: RemoteAccess(token: Secret(HostedOrigin.token), deadline: deadline, program: transportProgram))
    return await refusal { try await repository.fetch() }
  }
}
