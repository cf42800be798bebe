import CGit2
import DriftCore
import Git

/// One connection to the remote, and what libgit2's callbacks learn while it is used.
final class Exchange {
  let request: TransportRequest
  let repository: OpaquePointer
  let remote: OpaquePointer
  /// What a callback found, which libgit2 cannot carry.
  var failure: TransportFailure?
  /// Credentials were shown once. Shown again they would be refused again: 15 times over HTTP, without end over SSH.
  var isOffered = false
  /// What the server says for people, in the bytes that came last.
  var remarks: [UInt8] = []
  /// Branches that the server answered for; nil: it moved them.
  var statuses: [String: String?] = [:]
  var isSent = false

  /// Opens the repository and connects to nothing yet. The process ends with the exchange: nothing is freed.
  init(_ request: TransportRequest) throws(TransportFailure) {
    self.request = request
    GitLibrary.start
    _ = cgit2_user_agent("mooring")
    try useTLS(authorities: request.certificates, proxy: request.proxy)
    var repository: OpaquePointer?
    try check(git_repository_open_bare(&repository, request.folder))
    guard let repository else { throw TransportFailure(.request, "there is no repository to work in") }
    self.repository = repository
    var options = git_remote_create_options()
    try check(git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION)))
    options.repository = repository
    options.flags =
      GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC.rawValue
    var remote: OpaquePointer?
    try check(git_remote_create_with_opts(&remote, request.url, &options))
    guard let remote else { throw TransportFailure(.request, "there is no remote to speak to") }
    self.remote = remote
  }

  /// Runs libgit2's call on this exchange and turns its code into a failure.
  func perform(_ call: () -> Int32) throws(TransportFailure) {
    let code = withExtendedLifetime(self) { call() }
    if code >= 0 { return }
    var failure = self.failure ?? libraryFailure(code, at: request.url)
    failure.isSent = isSent
    throw failure
  }

  /// Connects; returns every reference that the remote announces.
  func connect(_ direction: git_direction) throws(TransportFailure) -> [String: git_oid] {
    var options = git_remote_connect_options()
    try check(git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION)))
    options.callbacks = callbacks
    options.follow_redirects = Self.redirects
    try perform { git_remote_connect_ext(remote, direction, &options) }
    var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
    var count = 0
    try perform { git_remote_ls(&heads, &count, remote) }
    var tips: [String: git_oid] = [:]
    for index in 0..<count {
      guard let head = heads?[index]?.pointee, let name = head.name.flatMap({ String(validatingCString: $0) })
      else { continue }
      tips[name] = head.oid
    }
    return tips
  }

  /// Other paths of the same host are followed, other hosts never: none of ours is what `NONE` means to libgit2.
  static let redirects = GIT_REMOTE_REDIRECT_NONE

  var callbacks: git_remote_callbacks {
    var callbacks = git_remote_callbacks()
    callbacks.version = UInt32(GIT_REMOTE_CALLBACKS_VERSION)
    callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
    callbacks.credentials = offerCredentials
    callbacks.certificate_check = checkCertificate
    callbacks.sideband_progress = keepRemark
    callbacks.push_update_reference = keepStatus
    callbacks.push_negotiation = markSent
    return callbacks
  }
}

private func exchange(_ payload: UnsafeMutableRawPointer?) -> Exchange? {
  payload.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
}

private func offerCredentials(
  _ credential: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ url: UnsafePointer<CChar>?,
  _ user: UnsafePointer<CChar>?, _ allowed: UInt32, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
  guard let exchange = exchange(payload) else { return GIT_EUSER.rawValue }
  return exchange.offer(
    credential, at: url.map { String(cString: $0) } ?? "", user: user.map { String(cString: $0) },
    allowed: allowed)
}

private func checkCertificate(
  _ certificate: UnsafeMutablePointer<git_cert>?, _ isValid: Int32, _ host: UnsafePointer<CChar>?,
  _ payload: UnsafeMutableRawPointer?
) -> Int32 {
  if isValid == 1 { return 0 }
  guard let exchange = exchange(payload) else { return GIT_ECERTIFICATE.rawValue }
  let name = host.map { String(cString: $0) } ?? "the host"
  exchange.failure = refusedKey(certificate, of: name)
  return GIT_ECERTIFICATE.rawValue
}

private func keepRemark(
  _ text: UnsafePointer<CChar>?, _ count: Int32, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
  guard let text, count > 0, let exchange = exchange(payload) else { return 0 }
  exchange.remarks += UnsafeRawBufferPointer(start: text, count: Int(count))
  exchange.remarks = Array(exchange.remarks.suffix(longestText))
  return 0
}

private func keepStatus(
  _ name: UnsafePointer<CChar>?, _ status: UnsafePointer<CChar>?, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
  guard let name, let exchange = exchange(payload) else { return 0 }
  exchange.statuses[String(cString: name)] = .some(status.map { String(cString: $0) })
  return 0
}

private func markSent(
  _ updates: UnsafeMutablePointer<UnsafePointer<git_push_update>?>?, _ count: Int,
  _ payload: UnsafeMutableRawPointer?
) -> Int32 {
  guard let exchange = exchange(payload) else { return GIT_EUSER.rawValue }
  return exchange.confirm((0..<count).compactMap { updates?[$0]?.pointee })
}
