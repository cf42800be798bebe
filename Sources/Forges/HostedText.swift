import Cryptography
import DriftCore

/// What a forge can hold of a text.
struct TextLimits: Hashable, Sendable {
  var product: String
  /// In Unicode scalars.
  var title: Int
  /// In bytes, the marker included.
  var body: Int
}

/// Title and body of a draft as a hosted forge gets them.
struct HostedText: Hashable, Sendable {
  var title: String
  var body: String
  var marker: PullRequestMarker

  /// - Parameters:
  ///   - digest: of the text as Mooring wrote it, where the forge needs it otherwise.
  ///   - state: what the marker says of it.
  init(
    _ draft: PullRequestDraft, digest: String? = nil, state: PullRequestMarker.State = .open, limits: TextLimits,
    _ activity: String
  ) throws(ForgeError) {
    let words = draft.title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let line = visible(words).unicodeScalars.prefix(limits.title)
    title = String(String.UnicodeScalarView(line)).split(separator: " ").joined(separator: " ")
    marker = PullRequestMarker(draft, title: title, labels: labels(for: draft.colour))
    marker.state = state
    if let digest { marker.textDigest = digest }
    let pointer =
      "**This text is cut: it is longer than \(limits.product) takes.** All of it follows from the files of this pull request; the SQL is in `up.sql` of each change folder."
    let opening = marker.line
    let room = limits.body - opening.utf8.count - 2
    guard room > 4 * pointer.utf8.count else {
      throw ForgeError(
        .tooLarge, activity, at: draft.branch,
        "\(draft.findings.count) findings are more than one pull request on \(limits.product) can hold",
        wayOut: "take fewer tables at once: narrow include or set new_tables: report for the connection")
    }
    body = "\(opening)\n\n\(cut(draft.body, to: room, pointer: pointer))"
  }

  /// Whether a title that is there now is a person's and stays.
  static func isForeign(title: String, marker: PullRequestMarker?) -> Bool {
    marker.map { $0.titleDigest != titleDigest(title) } ?? true
  }
}

/// What a comment is for. A pull request has at most one for each purpose.
enum CommentKind: String {
  case closed
}

/// A comment with its own marker in the first line, by which it is found again.
struct HostedComment: Hashable, Sendable {
  var opening: String
  var digest: String
  var body: String

  init(_ kind: CommentKind, _ reason: String) {
    let text = "Mooring closed this: \(Markdown("\(reason)")).\n"
    opening = "<!-- mooring:v1 kind=\(kind.rawValue) digest="
    digest = sha256Hex(text)
    body = "\(opening)\(digest) -->\n\n\(text)"
  }

  /// Whether this body is a comment for the same purpose.
  func isSamePurpose(as body: String) -> Bool { body.hasPrefix(opening) }

  func isSameText(as body: String) -> Bool { body.dropFirst(opening.count).prefix(64) == digest }
}

/// Whether a forge gives back what it was given: it may end lines otherwise, and drop what is blank at the end.
func isSameText(_ left: String, _ right: String) -> Bool { plainLines(left) == plainLines(right) }

private func plainLines(_ text: String) -> [UInt8] {
  var bytes = text.utf8.filter { $0 != 0x0D }
  while let last = bytes.last, last == 0x0A || last == 0x20 { bytes.removeLast() }
  return bytes
}
