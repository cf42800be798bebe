import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Of a request, in bytes: a schema config may name 100,000 columns.
private let maximumBody = 32 << 20

/// Serves a simulator over HTTP until the task is cancelled or, where it may, a signal ends it.
///
/// - Parameter port: 0 picks one; `onListening` is told which.
package func serve(
  _ simulator: Simulator, host: String, port: Int, obeysSignals: Bool = true,
  onListening: @escaping @Sendable (Int) -> Void
) async throws {
  let responder = CallbackResponder<BasicRequestContext> { request, _ in
    let body = try await request.body.collect(upTo: maximumBody)
    var query: [String: String] = [:]
    for (key, value) in request.uri.queryParameters { query[String(key)] = String(value) }
    var headers: [String: String] = [:]
    for field in request.headers { headers[field.name.canonicalName] = field.value }
    let answer = await simulator.respond(
      to: APIRequest(
        method: request.method.rawValue, path: request.uri.path, query: query, headers: headers,
        body: Array(body.readableBytesView)))
    return try await response(from: answer)
  }
  var logger = Logger(label: "fivetran-simulator")
  logger.logLevel = .error
  let application = Application(
    responder: responder,
    server: .http1(configuration: .init(idleTimeout: .seconds(30))),
    configuration: .init(address: .hostname(host, port: port), serverName: nil),
    onServerRunning: { channel in onListening(channel.localAddress?.port ?? port) },
    logger: logger)
  if obeysSignals {
    try await application.runService()
  } else {
    try await application.run()
  }
}

private func response(from answer: APIResponse) async throws -> Response {
  var headers = HTTPFields()
  for (name, value) in answer.headers {
    if let name = HTTPField.Name(name) { headers[name] = value }
  }
  let status = HTTPResponse.Status(code: answer.status)
  let bytes = Array(answer.body.utf8)
  switch answer.fault {
  case .drop: return cut(status, headers, [], of: bytes.count)
  case .truncate(let count): return cut(status, headers, Array(bytes.prefix(count)), of: bytes.count)
  case .delay(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
  case .status, .halfListing, nil: break
  }
  return Response(
    status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
}

/// An answer that ends before its length.
private func cut(
  _ status: HTTPResponse.Status, _ headers: HTTPFields, _ part: [UInt8], of length: Int
) -> Response {
  var headers = headers
  headers[.contentLength] = String(length)
  return Response(
    status: status, headers: headers,
    body: ResponseBody { writer in
      if !part.isEmpty { try await writer.write(ByteBuffer(bytes: part)) }
      throw DroppedConnection()
    })
}

/// Ends a response in the middle, on request.
private struct DroppedConnection: Error {}
