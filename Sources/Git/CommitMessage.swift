import Cryptography
import DriftCore

private let trailerKey = "Mooring-Tree: "

/// The message of a commit of ours: the draft's, made safe for a mail, and the trailer that certifies the commit.
func commitMessage(_ draft: String, parent: String, tree: String) -> String {
  let text = sanitized(draft)
  let subject = text.isEmpty ? "Update contracts" : text
  return "\(subject)\n\n\(trailerKey)\(certificate(parent: parent, tree: tree))\n"
}

/// Whether the message ends with the trailer for this parent and tree. A commit that was amended, rebased or put on top
/// carries another pair, so its trailer does not hold.
func isCertified(_ message: String, parent: String, tree: String) -> Bool {
  message.hasSuffix("\n\n\(trailerKey)\(certificate(parent: parent, tree: tree))\n")
}

private func certificate(parent: String, tree: String) -> String {
  sha256Hex("\(parent)\n\(tree)")
}

/// Takes out control characters, trailing space and runs of blank lines, as git itself does, and quotes lines that would
/// end or head the message when the commit travels as a mail.
func sanitized(_ message: String) -> String {
  var lines: [String] = []
  for part in message.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    let kept = String(decoding: part, as: UTF8.self).unicodeScalars.filter {
      !($0.value < 0x20 && $0 != "\t") && !(0x7F...0x9F).contains($0.value)
    }
    var line = String(String.UnicodeScalarView(kept))
    while let last = line.unicodeScalars.last, last == " " || last == "\t" {
      line.unicodeScalars.removeLast()
    }
    if line.isEmpty, lines.last?.isEmpty ?? true { continue }
    // A space in front would not do: readers of mails trim it off the first line of a body.
    lines.append(readsAsMail(line) ? "> \(line)" : line)
  }
  while lines.last?.isEmpty ?? false { lines.removeLast() }
  return lines.joined(separator: "\n")
}

/// Lines at which `git am` ends the message, splits the mail or takes out a header.
private func readsAsMail(_ line: String) -> Bool {
  let text = line.drop { $0 == " " || $0 == "\t" }
  if ["---", "diff -", "Index: ", "From ", ">From "].contains(where: { text.hasPrefix($0) }) {
    return true
  }
  let lowered = text.lowercased()
  return ["from:", "date:", "subject:", "[patch]"].contains { lowered.hasPrefix($0) }
}
