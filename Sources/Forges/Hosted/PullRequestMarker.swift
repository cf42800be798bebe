import Cryptography
import DriftCore
import JSON

/// What Mooring keeps of a pull request in its own body: the first line, a comment that is not shown.
///
/// It is not signed. It counts only where the pull request's author is our own account and its branch is under `mooring/`
/// in the same repository; whoever may edit such a body may push to the branch as well.
struct PullRequestMarker: Hashable, Sendable {
  enum State: String {
    /// Made, and whether everything that belongs to it has followed is not known.
    case begun
    case open
    /// By Mooring, because it was no longer needed: not a refusal.
    case closed
    case refused
  }

  var branch: String
  /// Tip that the text was written for.
  var head: CommitID
  /// Sorted.
  var findings: [String]
  var textDigest: String
  /// SHA-256 of the title as Mooring wrote it: another one is a person's.
  var titleDigest: String
  /// Labels that Mooring set, sorted.
  var labels: [String]
  var state: State

  private static let opening = "<!-- mooring:v1 "
  private static let ending = " -->"

  init(_ draft: PullRequestDraft, title: String, labels: [String]) {
    branch = draft.branch
    head = draft.head
    findings = sorted(draft.findings)
    textDigest = Forges.textDigest(of: draft)
    titleDigest = Forges.titleDigest(title)
    self.labels = sorted(labels)
    state = .open
  }

  /// For a pull request of ours whose marker somebody removed: nothing is known of its findings.
  init(branch: String, head: CommitID) {
    self.branch = branch
    self.head = head
    findings = []
    textDigest = ""
    titleDigest = ""
    labels = []
    state = .open
  }

  /// Reads the marker in the first line of a body; nil where there is none. One further down is text, whoever wrote it.
  init?(body: String) {
    let line = firstLine(of: body)
    guard line.hasPrefix(Self.opening), line.hasSuffix(Self.ending),
      line.utf8.count > Self.opening.utf8.count + Self.ending.utf8.count
    else { return nil }
    let inner = line.utf8.dropFirst(Self.opening.utf8.count).dropLast(Self.ending.utf8.count)
    guard let value = try? JSONValue.parse(Array(inner)),
      let branch = value["branch"]?.string, let head = value["head"]?.string,
      let packed = value["findings"]?.string, let digests = Self.digests(packed),
      let others = value["others"]?.array, let textDigest = value["text"]?.string,
      let titleDigest = value["title"]?.string, let labels = value["labels"]?.array,
      let state = value["state"]?.string.flatMap(State.init(rawValue:))
    else { return nil }
    self.branch = branch
    self.head = CommitID(head)
    findings = sorted(digests + others.compactMap(\.string))
    self.textDigest = textDigest
    self.titleDigest = titleDigest
    self.labels = sorted(labels.compactMap(\.string))
    self.state = state
  }

  /// One line of ASCII that holds neither `<`, `>` nor `--`, so that nothing in it can end the comment.
  var line: String {
    let digests = findings.filter(Self.isDigest)
    let packed = digests.flatMap { bytes(hex: $0) ?? [] }
    let document: JSONValue = [
      "branch": .string(branch), "head": .string(head.text),
      "findings": .string(base64URL(packed)),
      "others": .array(findings.filter { !Self.isDigest($0) }.map { .string($0) }),
      "text": .string(textDigest), "title": .string(titleDigest),
      "labels": .array(labels.map { .string($0) }), "state": .string(state.rawValue),
    ]
    var inner = ""
    for unit in document.text.utf16 {
      switch unit {
      // The quotes of the keys and values stay; everything that could end a comment stands only inside of them.
      case 0x3C, 0x3E, 0x2D, 0x7F...: inner += "\\u" + fourDigits(unit)
      default: inner.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      }
    }
    return Self.opening + inner + Self.ending
  }

  /// Findings are SHA-256 digests: 43 letters each instead of 66.
  private static func isDigest(_ finding: String) -> Bool {
    finding.utf8.count == 64
      && finding.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  private static func digests(_ packed: String) -> [String]? {
    guard let all = bytes(base64URL: packed), all.count % 32 == 0 else { return nil }
    return stride(from: 0, to: all.count, by: 32).map { hex(Array(all[$0..<$0 + 32])) }
  }
}

/// The body with this marker in place of the one it has, or above it all.
func body(_ body: String, with marker: PullRequestMarker) -> String {
  guard PullRequestMarker(body: body) != nil else { return "\(marker.line)\n\n\(body)" }
  let end = body.utf8.firstIndex(of: UInt8(ascii: "\n")) ?? body.endIndex
  return marker.line + body[end...]
}

func textDigest(of draft: PullRequestDraft) -> String { sha256Hex(text(of: draft)) }

func titleDigest(_ title: String) -> String { sha256Hex(title) }

func sorted(_ names: [String]) -> [String] {
  names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

private func firstLine(of text: String) -> String {
  let line = text.utf8.prefix { $0 != UInt8(ascii: "\n") }
  return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
}

private func fourDigits(_ unit: UInt16) -> String {
  hex([UInt8(unit >> 8), UInt8(unit & 0xFF)])
}
