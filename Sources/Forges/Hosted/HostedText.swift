import DriftCore

/// Title and body of a draft as a hosted forge gets them.
struct HostedText: Hashable, Sendable {
  var title: String
  var body: String
  var marker: PullRequestMarker

  /// - Parameters:
  ///   - state: what the marker says of it.
  ///   - closing: what was said with its refusal.
  init(
    _ draft: PullRequestDraft, state: PullRequestMarker.State = .open, closing: Closing? = nil,
    for product: HostedProduct, _ activity: String
  ) throws(ForgeError) {
    let words = draft.title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let line = visible(words).unicodeScalars.prefix(product.titleLimit)
    title = String(String.UnicodeScalarView(line)).split(separator: " ").joined(separator: " ")
    marker = PullRequestMarker(draft, title: title, labels: labels(for: draft.colour))
    marker.state = state
    marker.closing = closing
    let pointer =
      "**This text is cut: it is longer than \(product.name) takes.** All of it follows from the files of this pull request; the SQL is in `up.sql` of each change folder."
    let opening = marker.line
    let room = product.bodyLimit - opening.utf8.count - 2
    guard room > 4 * pointer.utf8.count else {
      throw ForgeError(
        .tooLarge, activity, at: draft.branch,
        "\(draft.findings.count) findings are more than one pull request on \(product.name) can hold",
        wayOut: "take fewer tables at once: narrow include or set new_tables: report for the connection")
    }
    let text = product.obeysText ? withoutOrders(draft.body) : draft.body
    body = "\(opening)\n\n\(cut(text, to: room, pointer: pointer))"
  }

  /// Whether a title that is there now is a person's and stays.
  static func isForeign(title: String, marker: PullRequestMarker?) -> Bool {
    marker.map { $0.titleDigest != titleDigest(title) } ?? true
  }
}

/// Whether a forge gives back what it was given: it may end lines otherwise, and drop what is blank at the end.
func isSameText(_ left: String, _ right: String) -> Bool { plainLines(left) == plainLines(right) }

private func plainLines(_ text: String) -> [UInt8] {
  var bytes = text.utf8.filter { $0 != 0x0D }
  while let last = bytes.last, last == 0x0A || last == 0x20 { bytes.removeLast() }
  return bytes
}

/// The text with every line that GitLab would carry out as an order, such as `/merge`, made plain.
func withoutOrders(_ text: String) -> String {
  var result: [UInt8] = []
  var isLineStart = true
  for byte in text.utf8 {
    if isLineStart, byte == UInt8(ascii: "/") { result.append(UInt8(ascii: "\\")) }
    // Blanks before the slash do not make it harmless.
    isLineStart = byte == 0x0A || byte == 0x0D || (isLineStart && (byte == 0x20 || byte == 0x09))
    result.append(byte)
  }
  return String(decoding: result, as: UTF8.self)
}
