import Cryptography

/// The Ed25519 key that signs our commits, from a private key file of OpenSSH's that is not encrypted.
package struct SigningKey: Sendable {
  private let key: Ed25519Key

  private static let largestFile = 65_536

  /// Reads the file, which only its owner may read.
  package init(path: String) throws(GitError) {
    let activity = Activity("reading the signing key", at: path)
    let text = try guardedFile(path, largest: Self.largestFile, mode: 0o600, activity)
    guard let bytes = Self.unarmored(text) else {
      throw activity.error(
        .key, "it is no private key of OpenSSH's", wayOut: "make one with: ssh-keygen -t ed25519 -N \"\" -f \(path)")
    }
    key = try Self.key(from: bytes, activity)
  }

  /// The signature of a commit's bytes, in the form that `git verify-commit` reads.
  func signature(of commit: [UInt8]) -> String {
    SSHSignature.armored(over: commit, publicKey: publicBlob, algorithm: Self.kind) { key.signature(of: $0) }
  }

  /// The public half, as SSH writes it.
  var publicBlob: [UInt8] { sshString(Self.kind) + sshString(key.publicKey) }

  private static let kind = "ssh-ed25519"

  // MARK: - The file

  private static func unarmored(_ text: String) -> [UInt8]? {
    let lines = text.split { $0.isNewline }.map { trimmed($0) }
    guard lines.first == "-----BEGIN OPENSSH PRIVATE KEY-----",
      lines.last == "-----END OPENSSH PRIVATE KEY-----"
    else { return nil }
    return bytes(base64: lines.dropFirst().dropLast().joined())
  }

  /// Reads the form that OpenSSH's PROTOCOL.key describes.
  private static func key(from bytes: [UInt8], _ activity: Activity) throws(GitError) -> Ed25519Key {
    let damaged = activity.error(.key, "the file is damaged", wayOut: "make a new one with ssh-keygen")
    var reader = SSHReader(bytes)
    guard reader.skip(Array("openssh-key-v1\0".utf8)), let cipher = reader.text(), reader.string() != nil,
      reader.string() != nil, reader.number() == 1, let publicBlob = reader.string(),
      let secrets = reader.string()
    else { throw damaged }
    var announced = SSHReader(publicBlob)
    guard let kind = announced.text() else { throw damaged }
    if kind != Self.kind {
      throw activity.error(.key, "it is a key of the kind \"\(kind)\"", wayOut: "use an Ed25519 key")
    }
    if cipher != "none" {
      throw activity.error(
        .key, "it is encrypted, and nobody is there to type a passphrase",
        wayOut: "take the passphrase off a copy of it: ssh-keygen -p -N \"\" -f \(activity.place)")
    }
    var fields = SSHReader(secrets)
    guard let first = fields.number(), first == fields.number(), fields.text() == Self.kind,
      let publicKey = fields.string(), publicKey == announced.string(), let pair = fields.string(), pair.count == 64,
      let key = Ed25519Key(seed: Array(pair.prefix(32))), key.publicKey == publicKey,
      Array(pair.suffix(32)) == publicKey
    else { throw damaged }
    return key
  }
}

private func trimmed(_ line: Substring) -> Substring {
  var line = line
  while line.last == " " { line.removeLast() }
  return line
}
