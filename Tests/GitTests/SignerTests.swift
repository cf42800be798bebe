import Cryptography
import DriftCore
import Foundation
import Git
import TestSupport
import Testing

/// Commits signed by the real git and ssh-keygen, held against files of allowed signers.
@Suite(.enabled("ssh-keygen makes the keys") { isHere("ssh-keygen", for: "signed commits") })
struct SignerTests {
  /// A repository with a key beside it.
  private struct Signed {
    let origin: Origin

    init() throws { origin = try Origin() }

    func makeKey(_ name: String, _ kind: [String] = ["-t", "ed25519"]) throws {
      let (status, errors) = try runProgram(
        "ssh-keygen", ["-q", "-C", "test", "-N", "", "-f", name] + kind, in: origin.folder.path)
      try #require(status == 0, "\(errors)")
    }

    func publicKey(_ name: String) throws -> String {
      let text = String(decoding: try #require(origin.folder.read("\(name).pub")), as: UTF8.self)
      return text.split(separator: " ").prefix(2).joined(separator: " ")
    }

    /// An empty commit on main, signed by git at 2024-03-01T12:00:00Z.
    func commit(with key: String?) throws -> CommitID {
      try origin.git("config", "gpg.format", "ssh")
      var arguments = ["-c", "user.signingKey=\(origin.folder.path(key ?? ""))", "commit", "-q", "--allow-empty"]
      arguments += ["-m", "landed", key == nil ? "--no-gpg-sign" : "-S"]
      let (status, _, errors) = try origin.git.run(arguments)
      try #require(status == 0, "\(errors)")
      return try origin.tip(of: "main")
    }

    /// The commit object with a signature put into it.
    func commit(_ text: String, signature: String) throws -> CommitID {
      let header = "gpgsig " + signature.split(separator: "\n").joined(separator: "\n ")
      let cut = try #require(text.range(of: "\n\n"))
      let path = try origin.folder.write(
        "\(text[..<cut.lowerBound])\n\(header)\(text[cut.lowerBound...])", to: "signed")
      return CommitID(try origin.git("hash-object", "-t", "commit", "-w", path))
    }

    func signer(_ commit: CommitID, allowed: String, signingKey: SigningKey? = nil) async throws -> CommitSigner {
      let repository = GitRepository(
        remote: origin.path, clone: origin.folder.path("clone"), signingKey: signingKey,
        allowedSigners: try AllowedSigners(text: allowed, path: "allowed_signers"))
      _ = try await repository.fetch()
      return try await repository.signer(of: commit)
    }
  }

  @Test(arguments: [
    ["-t", "ed25519"], ["-t", "ecdsa", "-b", "256"], ["-t", "ecdsa", "-b", "384"], ["-t", "ecdsa", "-b", "521"],
    ["-t", "rsa", "-b", "2048"], ["-t", "rsa", "-b", "3072"],
  ])
  func anAllowedSignerIsKnownByEveryKindOfKey(kind: [String]) async throws {
    let signed = try Signed()
    try signed.makeKey("kim", kind)
    try signed.makeKey("lee", kind)
    let commit = try signed.commit(with: "kim")
    let allowed = """
      # who may land changes
      kim@example.com namespaces="git" \(try signed.publicKey("kim")) a comment

      """
    #expect(try await signed.signer(commit, allowed: allowed) == .allowed("kim@example.com"))
    let other = try await signed.signer(commit, allowed: "lee@example.com \(try signed.publicKey("lee"))\n")
    expectRefused(other, "is not among the allowed signers")
    expectRefused(other, "SHA256:")
    #expect(try await signed.signer(commit, allowed: "") != .allowed("kim@example.com"))
  }

  @Test func anUnsignedCommitIsUnsigned() async throws {
    let signed = try Signed()
    try signed.makeKey("kim")
    let commit = try signed.commit(with: nil)
    #expect(try await signed.signer(commit, allowed: "kim \(try signed.publicKey("kim"))") == .unsigned)
  }

  @Test(arguments: [
    ("landed", "landet", "does not hold"), ("+0000", "+0100", "does not hold"), ("Ada", "Eve", "does not hold"),
    ("-----BEGIN SSH SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----", "signed with OpenPGP"),
    ("-----BEGIN SSH SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----", "other than SSH"),
    ("-----END SSH SIGNATURE-----", "-----END-----", "is damaged"),
    ("gpgsig -----BEGIN", "gpgsig x\ngpgsig -----BEGIN", "signed twice"),
    ("gpgsig -----BEGIN", "gpgsig-sha256 x\ngpgsig -----BEGIN", "signed twice"),
  ])
  func aCommitThatWasTamperedWithIsNot(found: String, replacement: String, finding: String) async throws {
    let signed = try Signed()
    try signed.makeKey("kim")
    let commit = try signed.commit(with: "kim")
    let text = try signed.origin.git("cat-file", "commit", commit.text)
    let changed = text.replacing(found, with: replacement)
    try #require(changed != text)
    let path = try signed.origin.folder.write(changed + "\n", to: "changed")
    let id = CommitID(try signed.origin.git("hash-object", "-t", "commit", "-w", "--literally", path))
    expectRefused(try await signed.signer(id, allowed: "kim \(try signed.publicKey("kim"))"), finding)
  }

  /// A signature over the commit's own bytes, made for another purpose: it must not be carried over.
  @Test func aSignatureInAnotherNamespaceDoesNotCount() async throws {
    let signed = try Signed()
    try signed.makeKey("kim")
    let text = try signed.origin.git("cat-file", "commit", try signed.commit(with: nil).text) + "\n"
    try signed.origin.folder.write(text, to: "payload")
    let (status, errors) = try runProgram(
      "ssh-keygen", ["-q", "-Y", "sign", "-f", "kim", "-n", "file", "payload"], in: signed.origin.folder.path)
    try #require(status == 0, "\(errors)")
    let signature = String(decoding: try #require(signed.origin.folder.read("payload.sig")), as: UTF8.self)
    let id = try signed.commit(text, signature: signature)
    expectRefused(
      try await signed.signer(id, allowed: "kim \(try signed.publicKey("kim"))"), "another purpose, \"file\"")
  }

  /// No token is at hand, so its part is played: the signature is over digests, flags and a counter.
  @Test(arguments: [(UInt8(1), "ssh:", true), (0, "ssh:", false), (5, "ssh:", true), (1, "ssh:other", false)])
  func aHardwareTokenCountsIfSomebodyTouchedIt(flags: UInt8, application: String, isAllowed: Bool) async throws {
    func field(_ bytes: [UInt8]) -> [UInt8] { [0, 0, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes }
    func field(_ text: String) -> [UInt8] { field(Array(text.utf8)) }
    let signed = try Signed()
    let text = try signed.origin.git("cat-file", "commit", try signed.commit(with: nil).text) + "\n"
    let key = try #require(Ed25519Key(seed: Array(repeating: 7, count: 32)))
    let kind = "sk-ssh-ed25519@openssh.com"
    let publicKey = field(kind) + field(key.publicKey) + field("ssh:")
    let magic = Array("SSHSIG".utf8)
    let scope = field("git") + field("") + field("sha512")
    let message = sha256(magic + scope + field(sha512(Array(text.utf8))))
    let state = [flags, 0, 0, 0, 9]
    let signature = key.signature(of: sha256(Array(application.utf8)) + state + message)
    let blob =
      magic + [0, 0, 0, 1] + field(publicKey) + scope + field(field(kind) + field(signature) + state)
    let armored = "-----BEGIN SSH SIGNATURE-----\n\(base64(blob))\n-----END SSH SIGNATURE-----\n"
    let commit = try signed.commit(text, signature: armored)
    let signer = try await signed.signer(commit, allowed: "kim \(kind) \(base64(publicKey))")
    #expect((signer == .allowed("kim")) == isAllowed, "\(signer)")
  }

  @Test(arguments: [
    ("", true), ("namespaces=\"git\"", true), ("namespaces=\"file,git\"", true), ("namespaces=\"*\"", true),
    ("namespaces=\"file\"", false), ("namespaces=\"*,!git\"", false),
    ("valid-after=\"20240301Z\"", true), ("valid-after=\"202403011201Z\"", false),
    ("valid-before=\"20240301120000Z\"", false), ("valid-before=\"20240229Z\"", false),
    ("valid-after=\"20240301120000Z\",valid-before=\"29991231Z\"", true),
  ])
  func aKeyCountsForItsPurposeAndInItsTime(options: String, isAllowed: Bool) async throws {
    let signed = try Signed()
    try signed.makeKey("kim")
    let commit = try signed.commit(with: "kim")
    let signer = try await signed.signer(commit, allowed: "kim \(options) \(try signed.publicKey("kim"))")
    #expect((signer == .allowed("kim")) == isAllowed, "\(signer)")
  }

  /// Whoever finds an old key can write any time into a commit.
  @Test func aKeyThatHasRunOutSignsNothingAnyMore() async throws {
    let signed = try Signed()
    try signed.makeKey("kim")
    let commit = try signed.commit(with: "kim")
    expectRefused(
      try await signed.signer(commit, allowed: "kim valid-before=\"20240601Z\" \(try signed.publicKey("kim"))"),
      "the key of kim is allowed only before 2024-06-01T00:00:00Z")
  }

  @Test func mooringsOwnSignatureIsNobodysWord() async throws {
    let signed = try Signed()
    try signed.makeKey("bot")
    let commit = try signed.commit(with: "bot")
    let allowed = "mooring \(try signed.publicKey("bot"))"
    #expect(try await signed.signer(commit, allowed: allowed) == .allowed("mooring"))
    let key = try SigningKey(path: signed.origin.folder.path("bot"))
    expectRefused(try await signed.signer(commit, allowed: allowed, signingKey: key), "by Mooring itself")
  }

  @Test func withoutAFileNobodyMaySign() async throws {
    let signed = try Signed()
    let commit = try signed.commit(with: nil)
    let repository = signed.origin.repository()
    _ = try await repository.fetch()
    expectRefused(try await repository.signer(of: commit), "--allowed-signers")
  }

  // MARK: The file

  private static let ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE7x0DVEn1kkwZQvp3bEEuIp+VnrIjFXG5IJqEMJyLeO"

  @Test(arguments: [
    ("kim", "NAME KIND KEY"), ("kim ssh-ed25519", "NAME KIND KEY"), ("kim ssh-ed25519 AAAA", "cannot be read"),
    ("kim ssh-rsa \(ed25519.split(separator: " ")[1])", "cannot be read"),
    ("kim cert-authority \(ed25519)", "authority"), ("kim no-such=\"1\" \(ed25519)", "unknown option"),
    ("kim namespaces=\"git \(ed25519)", "quotes"), ("kim valid-after=\"20260101\" \(ed25519)", "zone"),
    ("kim valid-after=\"2026Z\" \(ed25519)", "no time"), ("kim valid-after=\"20261301Z\" \(ed25519)", "no time"),
    ("kim namespaces=\"git\",, \(ed25519)", "empty"),
  ])
  func aLineThatCannotBeObeyedRefusesTheFile(line: String, finding: String) {
    let error = #expect(throws: GitError.self) {
      try AllowedSigners(text: "# first\n\(line)\n", path: "/etc/mooring/signers")
    }
    #expect(error?.place == "/etc/mooring/signers:2")
    #expect(error?.description.contains(finding) == true, "\(String(describing: error))")
    #expect(error?.wayOut != nil)
  }

  @Test func aShortRSAKeyIsNotAllowed() throws {
    let signed = try Signed()
    try signed.makeKey("kim", ["-t", "rsa", "-b", "1024"])
    let error = #expect(throws: GitError.self) {
      try AllowedSigners(text: "kim \(try signed.publicKey("kim"))", path: "signers")
    }
    #expect(error?.wayOut?.contains("2048") == true)
  }

  @Test func aFileThatOthersMayWriteIsNotTrusted() throws {
    let folder = try TemporaryFolder("signers")
    let path = try folder.write("kim \(Self.ed25519)\n", to: "allowed")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    _ = try AllowedSigners(path: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: path)
    let error = #expect(throws: GitError.self) { try AllowedSigners(path: path) }
    #expect(error?.wayOut == "chmod 644 \(path)")
  }

  private func expectRefused(_ signer: CommitSigner, _ finding: String) {
    guard case .refused(let reason) = signer, reason.contains(finding) else {
      Issue.record("expected \"\(finding)\": \(signer)")
      return
    }
  }
}
