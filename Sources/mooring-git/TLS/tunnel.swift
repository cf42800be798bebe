import Cryptography
import DriftCore
import Git
import Glibc

/// Has a proxy open a connection to a host, and returns the socket at whose other end that host is from then on. The proxy
/// learns the host's name and port alone: what follows is between the host and us.
func tunnel(to host: String, port: String, through proxy: ProxyAddress) throws(TransportFailure) -> Int32 {
  let descriptor: Int32
  do throws(TransportFailure) {
    descriptor = try connectedSocket(to: proxy.host, port: proxy.port)
  } catch {
    throw TransportFailure(.proxy, "the proxy does not answer: \(error.text)")
  }
  do throws(TransportFailure) {
    let place = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]:\(port)" : "\(host):\(port)"
    try ask(proxy, for: place, on: descriptor)
    return descriptor
  } catch {
    close(descriptor)
    throw error
  }
}

private func ask(_ proxy: ProxyAddress, for place: String, on descriptor: Int32) throws(TransportFailure) {
  let name = "the proxy \"\(proxy.host):\(proxy.port)\""
  var lines = ["CONNECT \(place) HTTP/1.1", "Host: \(place)", "User-Agent: mooring"]
  if let credentials = proxy.credentials {
    lines.append("Proxy-Authorization: Basic \(base64(Array(credentials.reveal().utf8)))")
  }
  guard send(lines.joined(separator: "\r\n") + "\r\n\r\n", on: descriptor), let head = readHead(descriptor) else {
    throw TransportFailure(.proxy, "\(name) ended the connection in the middle")
  }
  guard let status = status(of: head) else {
    throw TransportFailure(.proxy, "what answers at \"\(proxy.host):\(proxy.port)\" is no proxy")
  }
  switch status {
  case 200..<300: return
  case 407 where proxy.credentials == nil:
    throw TransportFailure(.proxyCredentials, "\(name) wants a user and a password")
  case 407: throw TransportFailure(.proxyCredentials, "\(name) refuses the user or the password")
  default: throw TransportFailure(.proxy, "\(name), asked for \"\(place)\", answered \(status)")
  }
}

private func send(_ text: String, on descriptor: Int32) -> Bool {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return false }
    rest = rest.dropFirst(count)
  }
  return true
}

/// Bytes of an answer's head that are read.
private let longestHead = 16_384

/// The head of the answer, and not a byte of what is behind it; nil where the connection ends before. What is too long comes
/// back as it is.
private func readHead(_ descriptor: Int32) -> [UInt8]? {
  var head: [UInt8] = []
  let end = Array("\r\n\r\n".utf8)
  while head.count < longestHead {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, 0)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return nil }
    head.append(byte)
    if head.suffix(end.count).elementsEqual(end) { return head }
  }
  return []
}

/// Of `HTTP/1.1 200 Connection established`; nil for anything else.
private func status(of head: [UInt8]) -> Int? {
  let line = String(decoding: head.prefix { $0 != 0x0D }, as: UTF8.self)
  let words = line.split(separator: " ", maxSplits: 2)
  guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3 else { return nil }
  return Int(words[1])
}
