import Cryptography
import DriftCore

/// Who may sign, from a file in the form of OpenSSH's allowed_signers (ssh-keygen, "ALLOWED SIGNERS").
///
/// It lies outside the repository: whoever could change it by a merge could let themselves in. A line that cannot be
/// obeyed in full refuses the file.
package struct AllowedSigners: Hashable, Sendable {
  struct Line: Hashable {
    var principals: String
    var blob: [UInt8]
    /// Patterns; nil for every namespace.
    var namespaces: [String]?
    var validAfter: Timestamp?
    var validBefore: Timestamp?
  }

  let lines: [Line]

  private static let largestFile = 1 << 20

  /// Reads the file, which only its owner may write.
  package init(path: String) throws(GitError) {
    let activity = Activity("reading the allowed signers", at: path)
    let text = try guardedFile(path, largest: Self.largestFile, mode: 0o644, activity)
    try self.init(text: text, path: path)
  }

  package init(text: String, path: String) throws(GitError) {
    var lines: [Line] = []
    for (index, text) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      do throws(Unreadable) {
        if text.first(where: { $0 != " " && $0 != "\t" }) == "#" { continue }
        let words = try Self.words(text)
        if !words.isEmpty { lines.append(try Self.line(words)) }
      } catch {
        throw GitError(
          .key, "reading the allowed signers", at: "\(path):\(index + 1)", error.finding,
          wayOut: error.wayOut ?? "write: NAME namespaces=\"git\" KIND KEY")
      }
    }
    self.lines = lines
  }

  /// Who may sign with the key for git at all of these times; else why not.
  func signer(with key: SSHPublicKey, at times: [Timestamp]) -> CommitSigner {
    let mine = lines.filter { $0.blob == key.blob }
    if mine.isEmpty { return .refused("its key, \(key.fingerprint), is not among the allowed signers") }
    let forGit = mine.filter { $0.isFor(SSHSignature.namespace) }
    guard let first = forGit.first else {
      return .refused("its key, \(key.fingerprint), is not allowed to sign in the namespace \"git\"")
    }
    for line in forGit where times.allSatisfy({ line.isValid(at: $0) }) { return .allowed(line.principals) }
    let after = first.validAfter.map { " after \($0)" } ?? ""
    let before = first.validBefore.map { " before \($0)" } ?? ""
    return .refused("the key of \(first.principals) is allowed only\(after)\(before)")
  }

  // MARK: - The form

  private struct Unreadable: Error {
    var finding: String
    var wayOut: String?

    init(_ finding: String, wayOut: String? = nil) {
      self.finding = finding
      self.wayOut = wayOut
    }
  }

  /// Parts between blanks; quotes hold blanks and commas together and stay where they are.
  private static func words(_ text: Substring) throws(Unreadable) -> [String] {
    try split(text) { $0 == " " || $0 == "\t" }.filter { !$0.isEmpty }
  }

  private static func split(
    _ text: Substring, at isSeparator: (Character) -> Bool
  ) throws(Unreadable) -> [String] {
    var parts = [""]
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if isSeparator(character), !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    if isQuoted { throw Unreadable("its quotes do not end") }
    return parts
  }

  private static func line(_ words: [String]) throws(Unreadable) -> Line {
    guard words.count >= 3 else { throw Unreadable("it is not: NAME KIND KEY") }
    let hasOptions = !isKind(words[1])
    let at = hasOptions ? 2 : 1
    guard words.count > at + 1, isKind(words[at]), let blob = bytes(base64: words[at + 1]),
      let key = SSHPublicKey(blob: blob), key.kind == words[at]
    else { throw Unreadable("its key cannot be read") }
    if !key.isUsable {
      throw Unreadable(
        "keys of the kind \"\(key.kind)\" are not verified, or this one is not sound",
        wayOut: "use one of: \(SSHPublicKey.usableKinds.joined(separator: ", ")) (RSA of 2048 bits and more)")
    }
    var line = Line(principals: unquoted(words[0]), blob: blob)
    if hasOptions {
      for option in try split(words[1][...], at: { $0 == "," }) { try obey(option, in: &line) }
    }
    return line
  }

  private static func obey(_ option: String, in line: inout Line) throws(Unreadable) {
    let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
    guard let name = pair.first?.lowercased() else { throw Unreadable("an option is empty") }
    if name == "cert-authority" {
      throw Unreadable("it trusts an authority, and certificates are not read", wayOut: "list the keys themselves")
    }
    guard pair.count == 2 else { throw Unreadable("unknown option \"\(option)\"") }
    let value = unquoted(pair[1])
    switch name {
    case "namespaces": line.namespaces = value.split(separator: ",").map(String.init)
    case "valid-after": line.validAfter = try time(value)
    case "valid-before": line.validBefore = try time(value)
    default: throw Unreadable("unknown option \"\(option)\"")
    }
  }

  /// `20260522Z`, `202605220006Z` or `20260522000608Z`.
  private static func time(_ text: String) throws(Unreadable) -> Timestamp {
    var digits = text
    guard digits.popLast() == "Z" else {
      throw Unreadable("the time \"\(text)\" does not name its zone", wayOut: "write it in UTC, with Z behind")
    }
    guard [8, 12, 14].contains(digits.utf8.count) else { throw Unreadable("\"\(text)\" is no time") }
    digits += String(repeating: "0", count: 14 - digits.utf8.count)
    let d = Array(digits).map(String.init)
    func part(_ range: Range<Int>) -> String { d[range].joined() }
    guard d.count == 14,
      let time = Timestamp(
        iso8601: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z")
    else { throw Unreadable("\"\(text)\" is no time") }
    return time
  }

  private static func isKind(_ word: String) -> Bool {
    !word.contains("=") && !word.contains(",")
      && ["ssh-", "ecdsa-", "sk-"].contains { word.hasPrefix($0) }
  }

  private static func unquoted(_ text: String) -> String {
    text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
  }
}

extension AllowedSigners.Line {
  fileprivate func isFor(_ namespace: String) -> Bool {
    guard let namespaces else { return true }
    let isExcluded = namespaces.contains { $0.hasPrefix("!") && matches(namespace, glob: String($0.dropFirst())) }
    return !isExcluded && namespaces.contains { !$0.hasPrefix("!") && matches(namespace, glob: $0) }
  }

  fileprivate func isValid(at time: Timestamp) -> Bool {
    (validAfter.map { time >= $0 } ?? true) && (validBefore.map { time < $0 } ?? true)
  }
}
