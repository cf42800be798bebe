import Cryptography

/// A detached signature in the form of OpenSSH's PROTOCOL.sshsig, version 1.
struct SSHSignature {
  /// What git signs for; a signature for another purpose does not count.
  static let namespace = "git"

  let publicKey: SSHPublicKey
  let namespace: String
  /// Of the signature itself, such as `rsa-sha2-512`.
  let algorithm: String
  private let hash: String
  private let signature: [UInt8]

  private static let magic = Array("SSHSIG".utf8)
  private static let version: [UInt8] = [0, 0, 0, 1]
  private static let begin = "-----BEGIN SSH SIGNATURE-----"
  private static let end = "-----END SSH SIGNATURE-----"
  private static let longest = 65_536

  static func isArmored(_ text: String) -> Bool { text.hasPrefix(begin) }

  /// Reads the text form; nil where it is damaged.
  init?(armored text: String) {
    let lines = text.split(separator: "\n")
    guard text.utf8.count <= Self.longest, lines.count >= 3, lines[0] == Self.begin,
      lines[lines.count - 1] == Self.end,
      let blob = bytes(base64: lines.dropFirst().dropLast().joined())
    else { return nil }
    var reader = SSHReader(blob)
    guard reader.skip(Self.magic), reader.skip(Self.version), let key = reader.string(),
      let publicKey = SSHPublicKey(blob: key), let namespace = reader.text(), reader.string() != nil,
      let hash = reader.text(), let value = reader.string(), reader.isAtEnd
    else { return nil }
    var fields = SSHReader(value)
    guard let algorithm = fields.text() else { return nil }
    self.publicKey = publicKey
    self.namespace = namespace
    self.hash = hash
    self.algorithm = algorithm
    signature = Array(value.dropFirst(4 + algorithm.utf8.count))
  }

  /// Whether it was made over the message by the key that it names.
  func holds(for message: [UInt8]) -> Bool {
    let digest: [UInt8]
    switch hash {
    case "sha256": digest = sha256(message)
    case "sha512": digest = sha512(message)
    default: return false
    }
    let signed = Self.signed(digest, hash: hash, namespace: namespace)
    return publicKey.verifies(signature, algorithm: algorithm, of: signed)
  }

  /// The text form of a signature that `sign` makes with a key over the message, with SHA-256.
  static func armored(
    over message: [UInt8], publicKey: [UInt8], algorithm: String, sign: ([UInt8]) -> [UInt8]
  ) -> String {
    let signature = sign(signed(sha256(message), hash: "sha256", namespace: namespace))
    let blob =
      magic + version + sshString(publicKey) + sshString(namespace) + sshString("") + sshString("sha256")
      + sshString(sshString(algorithm) + sshString(signature))
    let text = Array(base64(blob).utf8)
    let lines = stride(from: 0, to: text.count, by: 70).map {
      String(decoding: text[$0..<min($0 + 70, text.count)], as: UTF8.self)
    }
    return ([begin] + lines + [end]).joined(separator: "\n")
  }

  private static func signed(_ digest: [UInt8], hash: String, namespace: String) -> [UInt8] {
    magic + sshString(namespace) + sshString("") + sshString(hash) + sshString(digest)
  }
}
