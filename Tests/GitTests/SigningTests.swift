import DriftCore
import Foundation
import Git
import TestSupport
import Testing

@Suite(.enabled("ssh-keygen makes the keys") { isHere("ssh-keygen", for: "signed commits") })
struct SigningTests {
  private let draft = "Add a contract\n\nWith a body: é."

  private func key(
    in folder: TemporaryFolder, _ arguments: [String] = ["-t", "ed25519", "-N", ""]
  ) throws -> String {
    let (status, errors) = try runProgram(
      "ssh-keygen", ["-q", "-C", "test", "-f", "signing"] + arguments, in: folder.path)
    try #require(status == 0, "\(errors)")
    return folder.path("signing")
  }

  private func commit(in origin: Origin, clone: String = "clone", key: SigningKey?) async throws -> CommitID {
    let repository = GitRepository(remote: origin.path, clone: origin.folder.path(clone), signingKey: key)
    return try await repository.commit(
      CommitDraft(
        base: try await repository.fetch(), message: draft, edits: [edit("contracts/new.yaml", "1\n")])
    ).id
  }

  private func verify(_ commit: CommitID, in origin: Origin) throws -> (status: Int32, text: String) {
    let signer = String(decoding: try #require(origin.folder.read("signing.pub")), as: UTF8.self)
    let allowed = try origin.folder.write(
      "mooring@localhost namespaces=\"git\" \(signer)", to: "allowed_signers")
    let (status, output, errors) = try GitProgram(in: origin.folder.path("clone")).run([
      "-c", "gpg.format=ssh", "-c", "gpg.ssh.allowedSignersFile=\(allowed)", "verify-commit", "-v", commit.text,
    ])
    return (status, output + errors)
  }

  @Test func gitVerifiesASignedCommit() async throws {
    let origin = try Origin()
    let id = try await commit(in: origin, key: try SigningKey(path: key(in: origin.folder)))
    let (status, text) = try verify(id, in: origin)
    #expect(status == 0, "\(text)")
    #expect(text.contains("Good \"git\" signature for mooring@localhost with ED25519 key"))
    try GitProgram(in: origin.folder.path("clone"))("fsck", "--strict")
  }

  @Test func gitDoesNotVerifyWhatSomebodyElseSigned() async throws {
    let origin = try Origin()
    let other = try TemporaryFolder("key")
    _ = try key(in: origin.folder)
    let id = try await commit(in: origin, key: try SigningKey(path: key(in: other)))
    #expect(try verify(id, in: origin).status != 0)
    #expect(try verify(try await commit(in: origin, key: nil), in: origin).status != 0)
  }

  @Test func aSignatureDoesNotHoldForAnotherCommit() async throws {
    let origin = try Origin()
    let id = try await commit(in: origin, key: try SigningKey(path: key(in: origin.folder)))
    let clone = GitProgram(in: origin.folder.path("clone"))
    let text = try clone("cat-file", "commit", id.text)
    let path = try origin.folder.write(text.replacing("a contract", with: "b contract") + "\n", to: "changed")
    let changed = CommitID(try clone("hash-object", "-t", "commit", "-w", path))
    #expect(try verify(changed, in: origin).status != 0)
  }

  @Test func aSignedCommitIsTheSameInAnyCloneAndOurs() async throws {
    let origin = try Origin()
    let signingKey = try SigningKey(path: key(in: origin.folder))
    let id = try await commit(in: origin, key: signingKey)
    #expect(try await commit(in: origin, clone: "other", key: signingKey) == id)
    #expect(try await commit(in: origin, clone: "plain", key: nil) != id)
    let repository = origin.repository()
    #expect(
      try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: id)]) == [.updated])
    _ = try await repository.fetch()
    #expect(try await repository.branches().map(\.isOurs) == [true])
  }

  @Test(arguments: [
    (["-t", "ed25519", "-N", "hunter2"], "encrypted"), (["-t", "ecdsa", "-N", ""], "ecdsa-sha2-nistp256"),
    (["-t", "rsa", "-b", "2048", "-N", ""], "ssh-rsa"),
    (["-t", "rsa", "-b", "2048", "-N", "", "-m", "PEM"], "no private key"),
  ])
  func anotherKindOfKeyIsNamed(arguments: [String], finding: String) throws {
    let folder = try TemporaryFolder("key")
    let path = try key(in: folder, arguments)
    let error = #expect(throws: GitError.self) { try SigningKey(path: path) }
    #expect(error?.code == .key)
    #expect(error?.finding.contains(finding) == true, "\(String(describing: error))")
    #expect(error?.wayOut != nil)
    #expect(error?.place == path)
  }

  @Test(arguments: [0, 1, 2, 3])
  func aDamagedKeyIsNotUsed(line: Int) throws {
    let folder = try TemporaryFolder("key")
    _ = try key(in: folder)
    let text = String(decoding: try #require(folder.read("signing")), as: UTF8.self)
    var lines = text.split(separator: "\n").map { Array($0.utf8) }
    // In the line, the 20th letter is no comment and no padding.
    lines[line][19] ^= 2
    let damaged = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    let path = try folder.write(damaged, to: "damaged")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let error = #expect(throws: GitError.self) { try SigningKey(path: path) }
    #expect(error?.code == .key)
    #expect(error?.description.contains(text.split(separator: "\n")[2]) == false)
  }

  @Test func aKeyThatOthersMayReadIsNotUsed() throws {
    let folder = try TemporaryFolder("key")
    let path = try key(in: folder)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let error = #expect(throws: GitError.self) { try SigningKey(path: path) }
    #expect(error?.code == .key)
    #expect(error?.wayOut?.contains("chmod 600") == true)
  }
}
