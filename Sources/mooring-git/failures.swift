import CGit2
import Git

/// Bytes of somebody else's text that are kept.
let longestText = 2_000

/// Throws the failure that belongs to a negative code.
func check(_ code: Int32) throws(TransportFailure) {
  if code < 0 { throw libraryFailure(code, at: "") }
}

/// Calls what libgit2 asks for. A failure travels through libgit2 as its own errors do, by class and text: it is forgotten
/// where libgit2 forgets it, and named again by `libraryFailure`.
func handingOver<Number: FixedWidthInteger>(_ call: () throws(TransportFailure) -> Number) -> Number {
  do throws(TransportFailure) {
    return try call()
  } catch {
    let index = TransportFailure.Kind.allCases.firstIndex(of: error.kind) ?? 0
    git_error_set_str(firstClass + Int32(index), error.text)
    return Number(truncatingIfNeeded: GIT_ERROR.rawValue)
  }
}

/// libgit2's own classes are fewer.
private let firstClass: Int32 = 1_000

private func handedOver(_ last: UnsafePointer<git_error>?) -> TransportFailure? {
  guard let last, let message = last.pointee.message else { return nil }
  let index = Int(last.pointee.klass - firstClass)
  let kinds = TransportFailure.Kind.allCases
  return kinds.indices.contains(index) ? TransportFailure(kinds[index], String(cString: message)) : nil
}

/// Names what libgit2 met. Its codes are few; the rest is in the class and the wording of its message.
func libraryFailure(_ code: Int32, at url: String) -> TransportFailure {
  let last = git_error_last()
  if let failure = handedOver(last) { return failure }
  let message = last.flatMap { $0.pointee.message.map { String(cString: $0) } } ?? ""
  let kind = git_error_t(rawValue: UInt32(bitPattern: last?.pointee.klass ?? 0))
  let text = printable(message.isEmpty ? "libgit2 answered \(code) without a message" : message)
  if code == GIT_EAUTH.rawValue { return TransportFailure(.unauthorized, "the credentials were refused") }
  if code == GIT_ECERTIFICATE.rawValue { return TransportFailure(.certificate, text) }
  if let status = status(in: message) { return answered(status, text) }
  if message.hasPrefix("cannot redirect from") || message.contains("redirect") {
    return TransportFailure(.redirected, text)
  }
  if message.contains("parsing REF pkt-line") {
    return TransportFailure(.unusable, "its branches are not announced with SHA-1 ids")
  }
  let folded = message.lowercased()
  if folded.contains("not appear to be a git repository") || folded.contains("repository not found") {
    return TransportFailure(.notFound, text)
  }
  switch kind {
  case GIT_ERROR_OS, GIT_ERROR_NET: return TransportFailure(.unreachable, text)
  case GIT_ERROR_HTTP, GIT_ERROR_SSL: return TransportFailure(.lost, text)
  case GIT_ERROR_SSH where folded.contains("private key"): return TransportFailure(.key, text)
  default: return TransportFailure(.library, text)
  }
}

private func status(in message: String) -> Int? {
  let prefix = "unexpected http status code: "
  return message.hasPrefix(prefix) ? Int(message.dropFirst(prefix.count)) : nil
}

private func answered(_ status: Int, _ text: String) -> TransportFailure {
  switch status {
  case 401: TransportFailure(.unauthorized, text, status: status)
  case 403: TransportFailure(.forbidden, text, status: status)
  case 404, 410: TransportFailure(.notFound, text, status: status)
  default: TransportFailure(.answered, text, status: status)
  }
}

/// Without control characters, trimmed, and not too long.
func printable(_ text: String) -> String {
  var kept = String.UnicodeScalarView()
  for scalar in text.unicodeScalars.prefix(longestText) {
    let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    kept.append(isControl ? " " : scalar)
  }
  return kept.split { $0 == " " }.map { String($0) }.joined(separator: " ")
}
