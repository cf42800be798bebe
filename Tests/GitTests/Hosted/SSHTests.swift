import DriftCore
import Foundation
import Git
import TestSupport
import Testing

@Suite(.enabled("sshd is on this machine") { hasSSHServer() })
struct SSHTests {
  @Test(arguments: ["", "a pass phrase"])
  func anEd25519KeyFetchesAndPushes(passphrase: String) async throws {
    let host = try SSHOrigin(passphrase: passphrase)
    let repository = try host.repository(passphrase: passphrase)
    let one = try await proposal("1\n", in: repository)
    let update = RefUpdate(branch: "mooring/a", expected: nil, target: one)
    #expect(try await repository.push([update]) == [.updated])
    #expect(try host.origin.tip(of: "mooring/a") == one)
    #expect(try await repository.fetch() == (try host.origin.tip(of: "main")))
    #expect(try await repository.branches().map(\.tip) == [one])
  }

  @Test func aHookMayRefuse() async throws {
    let host = try SSHOrigin()
    let repository = try host.repository()
    let one = try await proposal("1\n", in: repository)
    try host.origin.hook("update", "echo \"only on Mondays\" >&2; exit 1")
    let outcomes = try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: one)])
    guard case .refused(let reason) = outcomes.first else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(reason.contains("hook declined"))
    #expect(reason.contains("only on Mondays"))
  }

  @Test(arguments: ["none", "another key", "another host"])
  func aHostThatIsNotKnownGetsNoKey(known: String) async throws {
    let host = try SSHOrigin()
    let other = try SSHServer(authorized: host.origin.folder.path("key.pub"))
    var line = ""
    if known == "another host" { line = other.knownHost }
    if known == "another key" {
      line = String(host.server.knownHost.prefix { $0 != " " }) + other.knownHost.drop { $0 != " " }
    }
    try host.origin.folder.write(line, to: "known_hosts")
    let repository = try host.repository()
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .hostKey, "\(String(describing: error))")
    #expect(error?.finding.contains("SHA256:") == true)
  }

  @Test func aKeyThatIsNotLetInIsShownOnce() async throws {
    let host = try SSHOrigin()
    try SSHServer.makeKey("stranger", in: host.origin.folder)
    let repository = try host.repository(key: "stranger")
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .unauthorized, "\(String(describing: error))")
  }

  @Test func aWrongPassphraseIsNotShown() async throws {
    let host = try SSHOrigin(passphrase: "right one")
    let repository = try host.repository(passphrase: "hunter2")
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .key, "\(String(describing: error))")
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test func aKeyThatOthersMayReadIsNotUsed() async throws {
    let host = try SSHOrigin()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: host.origin.folder.path("key"))
    let repository = try host.repository()
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .key)
    #expect(error?.wayOut?.contains("600") == true)
  }

  @Test func aRepositoryThatIsNotThereIsNamedAsSuch() async throws {
    let host = try SSHOrigin()
    let repository = try host.repository(path: "none.git")
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .remoteNotFound, "\(String(describing: error))")
  }

  @Test func withoutAKeyNothingIsTried() async throws {
    let host = try SSHOrigin()
    let repository = GitRepository(
      remote: try RemoteAddress(host.url("bare.git")), clone: host.origin.folder.path("clone"),
      access: RemoteAccess(token: Secret(HostedOrigin.token), program: transportProgram))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .unauthorized)
    #expect(error?.wayOut?.contains("--ssh-key") == true)
  }
}

/// A repository behind an sshd of the test's own.
private final class SSHOrigin: Sendable {
  let origin: Origin
  let server: SSHServer

  init(passphrase: String = "") throws {
    origin = try Origin(bare: true)
    try SSHServer.makeKey("key", in: origin.folder, passphrase: passphrase)
    server = try SSHServer(authorized: origin.folder.path("key.pub"))
    try origin.folder.write(server.knownHost, to: "known_hosts")
  }

  deinit { server.stop() }

  func url(_ path: String) -> String {
    "ssh://\(server.user)@127.0.0.1:\(server.port)\(origin.folder.path(path))"
  }

  func repository(
    key: String = "key", passphrase: String = "", path: String = "bare.git"
  ) throws -> GitRepository {
    GitRepository(
      remote: try RemoteAddress(url(path)), clone: origin.folder.path("clone"),
      access: RemoteAccess(
        key: SSHKey(
          path: origin.folder.path(key), passphrase: passphrase.isEmpty ? nil : Secret(passphrase),
          knownHosts: origin.folder.path("known_hosts")),
        program: transportProgram))
  }
}

private func hasSSHServer() -> Bool {
  guard let obstacle = SSHServer.obstacle() else { return true }
  print("skipped: nothing over ssh is tested, \(obstacle)")
  return false
}
