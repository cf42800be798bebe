import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Of a request, in bytes: a schema config may name 100,000 columns.
private let maximumBody = 32 << 20

/// Serves a simulator over HTTP until a signal ends it.
package func serve(
  _ simulator: Simulator, host: String, port: Int, onListening: @escaping @Sendable (Int) -> Void
) async throws {
  try await server(of: simulator, host: host, port: port, onListening: onListening).runService()
}

/// A simulator's server, to be run in a group of services. Port 0 picks one; `onListening` is told which.
///
/// End it gracefully: NIO does not live through a cancellation in the middle of an answer.
package func server(
  of simulator: Simulator, host: String, port: Int, onListening: @escaping @Sendable (Int) -> Void
) -> Application<CallbackResponder<BasicRequestContext>> {
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
    return await response(from: answer)
  }
  var logger = Logger(label: "fivetran-simulator")
  logger.logLevel = .error
  return Application(
    responder: responder,
    server: .http1(configuration: .init(idleTimeout: .seconds(30))),
    configuration: .init(address: .hostname(host, port: port), serverName: nil),
    onServerRunning: { channel in onListening(channel.localAddress?.port ?? port) },
    logger: logger)
}

private func response(from answer: APIResponse) async -> Response {
  var headers = HTTPFields()
  for (name, value) in answer.headers {
    if let name = HTTPField.Name(name) { headers[name] = value }
  }
  let status = HTTPResponse.Status(code: answer.status)
  let bytes = Array(answer.body.utf8)
  switch answer.fault {
  case .drop: return cut(status, headers, [], of: bytes.count)
  case .truncate(let count): return cut(status, headers, Array(bytes.prefix(count)), of: bytes.count)
  case .delay(let milliseconds):
    // Nobody waits for a delay at the end.
    try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(milliseconds)) }
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
