import COpenSSL
import Git
import Glibc

/// A connection over TLS to one host. Its calls block; the deadline is the caller's, who ends the process.
final class TLSConnection {
  let host: String
  private let port: String
  private let proxy: ProxyAddress?
  private let session: OpaquePointer
  private var descriptor: Int32 = -1
  /// Whether the session may be ended in due form.
  private var isOpen = false
  /// Why the host's certificate is refused.
  var refusal: TransportFailure?

  /// Nothing is connected yet. `authorities` are trusted instead of the system's.
  init(to host: String, port: String, authorities: String?, proxy: ProxyAddress?) throws(TransportFailure) {
    self.host = host
    self.port = port
    self.proxy = proxy
    session = try makeSession(with: host, authorities: authorities)
    SSL_set_ex_data(session, connectionIndex, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    close()
    SSL_free(session)
  }

  /// Connects, and believes the host or throws, before a byte of the request is sent.
  func connect() throws(TransportFailure) {
    if let proxy {
      descriptor = try tunnel(to: host, port: port, through: proxy)
    } else {
      descriptor = try connectedSocket(to: host, port: port)
    }
    guard SSL_set_fd(session, descriptor) == 1 else {
      throw TransportFailure(.library, "libssl takes no socket: \(opensslReason())")
    }
    isOpen = try perform(or: { self.refusal ?? self.disagreement($0) }) { SSL_connect(session) }
  }

  /// Returns how many bytes came; 0 where the host has ended the session in due form. An end without one is an error: what
  /// came may be cut.
  func read(_ bytes: UnsafeMutableRawBufferPointer) throws(TransportFailure) -> Int {
    var count = 0
    let isMore = try perform(or: loss) { SSL_read_ex(session, bytes.baseAddress, bytes.count, &count) }
    return isMore ? count : 0
  }

  /// Sends all of it.
  func write(_ bytes: UnsafeRawBufferPointer) throws(TransportFailure) {
    var count = 0
    let isTaken = try perform(or: loss) { SSL_write_ex(session, bytes.baseAddress, bytes.count, &count) }
    if !isTaken || count != bytes.count { throw loss(SSL_ERROR_ZERO_RETURN) }
  }

  /// Says that nothing more comes, where that can be said, and does not wait for the host to say so too.
  func close() {
    if isOpen { SSL_shutdown(session) }
    isOpen = false
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Calls libssl until it is done; false where the host has ended the session in due form.
  private func perform(
    or failure: (Int32) -> TransportFailure, _ call: () -> Int32
  ) throws(TransportFailure) -> Bool {
    while true {
      ERR_clear_error()
      errno = 0
      let code = call()
      if code > 0 { return true }
      let kind = SSL_get_error(session, code)
      switch kind {
      // A signal came in between.
      case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: continue
      case SSL_ERROR_ZERO_RETURN: return false
      default:
        // Such a session is not to be spoken on again, not even to end it.
        isOpen = false
        throw failure(kind)
      }
    }
  }

  /// The connection broke, or what came on it is not what was sent.
  private func loss(_ kind: Int32) -> TransportFailure {
    let number = errno
    let reason = ERR_GET_REASON(ERR_peek_error())
    if kind == SSL_ERROR_SYSCALL && number != 0 {
      return TransportFailure(.lost, "the connection to \"\(host)\" broke: \(String(cString: strerror(number)))")
    }
    let isEnd = kind != SSL_ERROR_SSL || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING
    let finding = isEnd ? "ended the connection in the middle" : "broke the TLS session: \(opensslReason())"
    return TransportFailure(.lost, "\"\(host)\" \(finding)")
  }

  /// No session came about.
  private func disagreement(_ kind: Int32) -> TransportFailure {
    guard kind == SSL_ERROR_SSL else { return loss(kind) }
    switch ERR_GET_REASON(ERR_peek_error()) {
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: return loss(kind)
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_WRONG_SSL_VERSION:
      return TransportFailure(.tls, "\"\(host)\" offers no TLS 1.2 or newer")
    case SSL_R_WRONG_VERSION_NUMBER:
      return TransportFailure(.unreachable, "what answers at \"\(host)\", port \(port), does not speak TLS")
    default: return TransportFailure(.tls, "no TLS session with \"\(host)\" came about: \(opensslReason())")
    }
  }
}

/// Where a session keeps its connection: the index that libssl leaves to its users.
private let connectionIndex: Int32 = 0

/// Keeps why a certificate is refused. libssl's own judgement is returned as it is.
func noteRefusal(_ isGood: Int32, _ store: OpaquePointer?) -> Int32 {
  if isGood == 1 { return isGood }
  guard let store, let session = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
    let connection = SSL_get_ex_data(OpaquePointer(session), connectionIndex)
  else { return 0 }
  let its = Unmanaged<TLSConnection>.fromOpaque(connection).takeUnretainedValue()
  its.refusal = refusedCertificate(store, of: its.host)
  return 0
}
