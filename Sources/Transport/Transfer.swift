internal import CCurl
import DriftCore
import Glibc

/// One request in flight: its easy handle and what has come back so far. Used on the loop's thread only.
final class Transfer {
  /// Of all answers to one request together, interim ones included.
  static let maximumHeaderSize = 256 << 10

  let job: Job
  let easy: UnsafeMutableRawPointer
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var fields: [HTTPResponse.Field] = []
  private var isHeaderComplete = false
  private var headerSize = 0
  private var body: [UInt8] = []
  private var isTooLarge = false
  private var isAddressForbidden = false

  /// Nil where libcurl cannot make the handle or refuses an option.
  init?(_ job: Job, _ options: LiveTransport.Options) {
    guard let easy = curl_easy_init() else { return nil }
    self.job = job
    self.easy = easy
    guard prepare(options) else { return nil }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headerList)
  }

  func outcome(_ code: CURLcode) -> Result<HTTPResponse, any Error> {
    guard code == CURLE_OK else {
      let reason =
        isTooLarge
        ? .tooLarge
        // Another address of the host may have been taken, and failed later.
        : isAddressForbidden && code == CURLE_COULDNT_CONNECT ? .forbiddenAddress : TransportError.Code(code)
      return .failure(TransportError(reason, job.request))
    }
    // A connection that closes inside the header is a short answer to libcurl, and no answer to us.
    guard isHeaderComplete else {
      return .failure(TransportError(.lostConnection, job.request))
    }
    var status = 0
    ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    return .success(HTTPResponse(status: status, headers: fields, body: body))
  }

  private func prepare(_ options: LiveTransport.Options) -> Bool {
    let request = job.request
    let context = Unmanaged.passUnretained(self).toOpaque()
    var codes = [
      ccurl_set_text(easy, CURLOPT_URL, request.url),
      ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
      ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
      ccurl_set_long(easy, CURLOPT_PATH_AS_IS, 1),
      ccurl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)),
      ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1),
      ccurl_set_text(easy, CURLOPT_ACCEPT_ENCODING, "gzip"),
      ccurl_set_text(easy, CURLOPT_USERAGENT, options.userAgent),
      ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1),
      // Without it, giving up during a name lookup blocks the loop until the lookup ends.
      ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1),
      // The empty text keeps libcurl from reading the environment.
      ccurl_set_text(easy, CURLOPT_PROXY, options.proxy?.reveal() ?? ""),
      ccurl_set_text(easy, CURLOPT_NOPROXY, ""),
      ccurl_set_write(easy, writeBody, context),
      ccurl_set_header(easy, writeHeader, context),
      ccurl_set_opening(easy, openSocket, context),
      ccurl_set_pointer(easy, CURLOPT_PRIVATE, context),
    ]
    if let authorities = options.authorities {
      codes.append(ccurl_set_text(easy, CURLOPT_CAINFO, authorities))
    }
    // libcurl sends a request again by itself when a kept connection turns out to be dead, POST included.
    if !request.isRepeatable { codes.append(ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)) }
    codes += methodAndBody(request)
    return codes.allSatisfy { $0 == CURLE_OK } && addHeaders(request)
  }

  private func methodAndBody(_ request: HTTPRequest) -> [CURLcode] {
    guard request.method != "HEAD" else { return [ccurl_set_long(easy, CURLOPT_NOBODY, 1)] }
    var codes: [CURLcode] = []
    if let body = request.body ?? (request.method == "POST" ? [] : nil) {
      codes.append(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
      // COPYPOSTFIELDS takes an empty body as none unless the pointer is valid.
      let code = (body.isEmpty ? [0] : body).withUnsafeBytes { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          ccurl_set_text(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
        }
      }
      codes.append(code)
    }
    codes.append(ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method))
    return codes
  }

  private func addHeaders(_ request: HTTPRequest) -> Bool {
    var lines = request.headers.map { header in
      let value = header.value.revealed
      return value.isEmpty ? "\(header.name);" : "\(header.name): \(value)"
    }
    // Headers that libcurl would add by itself.
    lines.append("Expect:")
    if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      lines.append("Content-Type:")
    }
    for line in lines {
      guard let longer = curl_slist_append(headerList, line) else { return false }
      headerList = longer
    }
    return ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList) == CURLE_OK
  }

  /// The address that the name resolved to is the one that is connected to.
  fileprivate func opens(_ address: UnsafeRawBufferPointer) -> Bool {
    let isForbidden = MachineAddress.isAt(address)
    if isForbidden { isAddressForbidden = true }
    return !isForbidden
  }

  fileprivate func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard bytes.count <= job.request.maximumBodySize - body.count else {
      isTooLarge = true
      return 0
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  fileprivate func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    headerSize += bytes.count
    guard headerSize <= Self.maximumHeaderSize else {
      isTooLarge = true
      return 0
    }
    let line = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
    if line.hasPrefix("HTTP/") {
      // An interim answer came before this one.
      fields = []
      isHeaderComplete = false
    } else if line.isEmpty {
      isHeaderComplete = true
    } else if !isHeaderComplete, let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].trimmed
      fields.append(HTTPResponse.Field(String(line[..<colon]), String(value)))
    }
    return bytes.count
  }
}

private func openSocket(
  context: UnsafeMutableRawPointer?, purpose: curlsocktype, address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let context, let address, let start = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else {
    return CURL_SOCKET_BAD
  }
  // The address is longer than its declared type.
  let bytes = UnsafeRawBufferPointer(
    start: UnsafeRawPointer(address) + start, count: Int(address.pointee.addrlen))
  guard Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().opens(bytes) else { return CURL_SOCKET_BAD }
  return socket(
    address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.`protocol`)
}

private func writeBody(
  bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
  guard let context else { return 0 }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  return transfer.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private func writeHeader(
  bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
  guard let context else { return 0 }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  return transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

extension Substring {
  /// Without spaces and tabs at either end.
  fileprivate var trimmed: Substring {
    let start = drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return start[...last]
  }
}

extension TransportError.Code {
  fileprivate init(_ code: CURLcode) {
    self =
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolvedHost
      case CURLE_COULDNT_CONNECT: .refused
      case CURLE_OPERATION_TIMEDOUT: .timedOut
      case CURLE_URL_MALFORMAT: .badURL
      case CURLE_BAD_CONTENT_ENCODING: .badEncoding
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
        CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
        CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
        .tls
      // The first of these is what libcurl says of an answer without a status line, the scheme being checked before.
      case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_PARTIAL_FILE,
        CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
        .lostConnection
      default: .failed(Int(code.rawValue))
      }
  }
}
