import DriftCore
import Git
import Glibc

/// Seconds after which an address of a host that does not answer gives way to its next one.
private let patience = 10

/// Connects to the first address of a host that answers, and returns the socket. `port` is a number.
func connectedSocket(to host: String, port: String) throws(TransportFailure) -> Int32 {
  var hints = addrinfo()
  hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  var addresses: UnsafeMutablePointer<addrinfo>?
  let code = getaddrinfo(host, port, &hints, &addresses)
  guard code == 0 else {
    throw TransportFailure(.unreachable, "\"\(host)\" has no address: \(String(cString: gai_strerror(code)))")
  }
  defer { freeaddrinfo(addresses) }
  var number: Int32 = 0
  var next = addresses
  while let address = next?.pointee {
    next = address.ai_next
    if MachineAddress.isAt(UnsafeRawBufferPointer(start: address.ai_addr, count: Int(address.ai_addrlen))) {
      throw TransportFailure(
        .unreachable, "\"\(host)\" is at a link-local or metadata address, to which nothing is sent")
    }
    let descriptor = socket(
      address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), address.ai_protocol)
    if descriptor >= 0 {
      setPatience(patience, on: descriptor)
      if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 {
        setPatience(0, on: descriptor)
        // A request is two writes, its head and its body: the second one would wait for the host's word on the first.
        var isOn: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
      }
    }
    number = errno
    close(descriptor)
  }
  // What the system answers where the patience is over.
  let finding = number == EINPROGRESS ? "no answer within \(patience) s" : String(cString: strerror(number))
  throw TransportFailure(.unreachable, "connecting to \"\(host)\", port \(port): \(finding)")
}

/// On Linux the time that a write may take is that of connecting too. 0: for ever.
private func setPatience(_ seconds: Int, on descriptor: Int32) {
  var time = timeval(tv_sec: seconds, tv_usec: 0)
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
}
