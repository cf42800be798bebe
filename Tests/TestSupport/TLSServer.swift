import Synchronization

/// Answers every request over TLS with 204, and keeps what it was asked.
package final class TLSServer: Sendable {
  package let url: String
  private let listener: Listener
  private let kept: Collected<HTTPMessage>
  private let names: Collected<String?>

  package init(_ identity: TLSIdentity) throws {
    let kept = Collected<HTTPMessage>()
    self.kept = kept
    let names = Collected<String?>()
    self.names = names
    listener = try Listener { descriptor in
      guard let session = identity.session(), let stream = ByteStream(descriptor: descriptor, session: session)
      else { return }
      names.append(session.serverName)
      var rest: [UInt8] = []
      while let message = HTTPMessage(from: stream, rest: &rest) {
        kept.append(message)
        guard stream.write(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)) else { return }
      }
    }
    url = "https://localhost:\(listener.port)"
  }

  deinit { listener.stop() }

  package var requests: [HTTPMessage] { kept.values }
  /// The host that each session was for, as its client said; nil where it did not.
  package var serverNames: [String?] { names.values }
}
