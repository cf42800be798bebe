internal import CCurl
package import DriftCore
import Glibc

/// HTTP/1.1 and HTTP/2 over libcurl, on one thread of its own.
///
/// Redirects are not followed, the environment's proxies are not used, and TLS is at least 1.2 with the certificate and
/// the host checked. The thread ends with `stop()` or with the last reference.
package final class LiveTransport: HTTPTransport {
  package struct Options: Sendable {
    /// A file with the certificate authorities to trust in PEM; nil for the system's.
    package var authorities: String?
    /// `http://proxy.example.com:3128`; nil for a direct connection.
    package var proxy: Secret?
    package var userAgent: String

    package init(authorities: String? = nil, proxy: Secret? = nil, userAgent: String = "mooring") {
      self.authorities = authorities
      self.proxy = proxy
      self.userAgent = userAgent
    }
  }

  /// Under way at once; the others wait in line.
  static let maximumRequests = 32
  /// The same, to one scheme, host and port.
  static let maximumRequestsPerOrigin = 8

  private let mailbox: Mailbox

  /// Throws where libcurl or the thread cannot be started.
  package init(_ options: Options = Options()) throws(TransportError) {
    if let missing = Self.missing { throw TransportError(.noLibrary(missing), request: "starting HTTP") }
    guard Self.library == CURLE_OK, let multi = curl_multi_init() else {
      throw TransportError(.failed(Int(CURLE_FAILED_INIT.rawValue)), request: "starting HTTP")
    }
    ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    mailbox = Mailbox(multi: multi)
    guard startThread(TransferLoop.Start(mailbox: mailbox, options: options)) else {
      curl_multi_cleanup(multi)
      throw TransportError(.failed(Int(CURLE_FAILED_INIT.rawValue)), request: "starting HTTP")
    }
  }

  deinit { mailbox.close() }

  /// Ends the thread and fails every request in flight, and every later one, with `stopped`. Does not wait.
  package func stop() { mailbox.close() }

  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.check()
    let id = mailbox.nextID()
    let deadline = ContinuousClock.now + request.timeout
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let job = Job(
          id: id, request: request, origin: request.origin.lowercased(), deadline: deadline,
          continuation: continuation)
        guard mailbox.post(.add(job)) else {
          continuation.resume(throwing: TransportError(.stopped, request))
          return
        }
        // The handler below may have run before the job was posted.
        if Task.isCancelled { mailbox.post(.cancel(id)) }
      }
    } onCancel: {
      mailbox.post(.cancel(id))
    }
  }

  /// Once in a process each, in this order.
  private static let missing = ccurl_open().map { String(cString: $0) }
  private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
}

/// Runs the loop on a new detached thread; false where the system has none to give.
private func startThread(_ start: TransferLoop.Start) -> Bool {
  let context = Unmanaged.passRetained(start)
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { context in
      guard let context else { return nil }
      let start = Unmanaged<TransferLoop.Start>.fromOpaque(context).takeRetainedValue()
      TransferLoop(start).run()
      return nil
    }, context.toOpaque())
  guard code == 0 else {
    context.release()
    return false
  }
  pthread_detach(thread)
  return true
}
