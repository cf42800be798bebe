import Cryptography
import DriftCore

/// A comment with its own marker in the first line, by which it is found again.
struct HostedComment: Hashable, Sendable {
  var opening: String
  var digest: String
  var body: String

  init(_ purpose: CommentPurpose, _ text: Markdown, for product: HostedProduct) {
    opening = "<!-- mooring:v1 kind=\(purpose.rawValue) digest="
    let room = product.bodyLimit - opening.utf8.count - 70
    let text = cut("\(text)", to: room, pointer: "**This comment is cut: it is longer than \(product.name) takes.**")
    digest = sha256Hex(text)
    body = "\(opening)\(digest) -->\n\n\(product.obeysText ? withoutOrders(text) : text)"
  }

  /// Whether this body is a comment for the same purpose.
  func isSamePurpose(as body: String) -> Bool { body.hasPrefix(opening) }

  func isSameText(as body: String) -> Bool { body.dropFirst(opening.count).prefix(64) == digest }
}
