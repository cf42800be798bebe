import Cryptography
import DriftCore
import JSON

/// A pull request's machine form, `<slug>.json`.
struct PullRequestRecord: Hashable {
  enum State: String {
    case open, refused, closed
  }

  var branch: String
  var base: String
  var state: State
  var head: CommitID
  var title: String
  var findings: [String]
  var colour: String
  var reviewers: [String]
  var textDigest: String
  /// Why it was closed or refused.
  var reason: String?
  /// What people said no to on this branch, oldest first, whatever became of it since.
  var refusals: [Refused] = []

  struct Refused: Hashable {
    /// Sorted.
    var findings: [String]
    var closing: Closing
  }

  private static let version = 1

  init(_ draft: PullRequestDraft) {
    branch = draft.branch
    base = draft.base
    state = .open
    head = draft.head
    title = draft.title
    findings = draft.findings.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    colour = draft.colour.rawValue
    reviewers = draft.reviewers
    textDigest = sha256Hex(text(of: draft))
    reason = nil
  }

  /// Reads the machine form; nil for JSON that is not ours.
  init?(_ value: JSONValue) {
    guard value["mooring"]?.int == Self.version, let branch = value["branch"]?.string,
      let base = value["base"]?.string,
      let state = value["state"]?.string.flatMap(State.init(rawValue:)),
      let head = value["head"]?.string, let title = value["title"]?.string,
      let findings = value["findings"]?.array, let colour = value["colour"]?.string,
      let reviewers = value["reviewers"]?.array, let textDigest = value["textDigest"]?.string
    else { return nil }
    self.branch = branch
    self.base = base
    self.state = state
    self.head = CommitID(head)
    self.title = title
    self.findings = findings.compactMap(\.string)
    self.colour = colour
    self.reviewers = reviewers.compactMap(\.string)
    self.textDigest = textDigest
    reason = value["reason"]?.string
    refusals = (value["refusals"]?.array ?? []).compactMap { Refused($0) }
    // A person may have written the state by hand.
    if state == .refused, refusals.isEmpty {
      refusals = [Refused(findings: self.findings, closing: Closing(reason: reason))]
    }
  }

  var json: JSONValue {
    [
      "mooring": JSONValue(Self.version),
      "branch": .string(branch),
      "base": .string(base),
      "state": .string(state.rawValue),
      "head": .string(head.text),
      "title": .string(title),
      "colour": .string(colour),
      "findings": .array(findings.map { .string($0) }),
      "reviewers": .array(reviewers.map { .string($0) }),
      "textDigest": .string(textDigest),
      "refusals": .array(refusals.map(\.json)),
      "reason": reason.map { .string($0) } ?? .null,
    ]
  }
}

extension PullRequestRecord.Refused {
  /// Nil for JSON that is not ours.
  init?(_ value: JSONValue) {
    guard let findings = value["findings"]?.array else { return nil }
    self.findings = findings.compactMap(\.string)
    closing = Closing(value)
  }

  var json: JSONValue {
    .object([JSONMember("findings", .array(findings.map { .string($0) }))] + closing.members)
  }
}

/// What `<slug>.md` holds, and what the digest is of.
func text(of draft: PullRequestDraft) -> String {
  let title = draft.title.split(whereSeparator: \.isNewline).joined(separator: " ")
  return "# \(title)\n\n\(draft.body)\n"
}
