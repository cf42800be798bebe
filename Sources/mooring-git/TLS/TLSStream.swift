import CGit2
import Git
import Synchronization

/// What libgit2 does over TLS goes over libssl: Debian's build of it speaks TLS 1.0 and 1.1 too.
///
/// Of proxies libgit2 knows nothing: a stream goes through the one that the request names.
func useTLS(authorities: String?, proxy: ProxyAddress?) throws(TransportFailure) {
  settings.withLock { $0 = (authorities, proxy) }
  var registration = git_stream_registration()
  registration.version = GIT_STREAM_VERSION
  registration.`init` = makeStream
  try check(git_stream_register(GIT_STREAM_TLS, &registration))
}

/// What the request names: libgit2 asks for a stream without saying for whom.
private let settings = Mutex<(authorities: String?, proxy: ProxyAddress?)>((nil, nil))

private func makeStream(
  _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_stream>?>?, _ host: UnsafePointer<CChar>?,
  _ port: UnsafePointer<CChar>?
) -> Int32 {
  guard let out, let host, let port else { return GIT_EUSER.rawValue }
  return handingOver { () throws(TransportFailure) in
    let (authorities, proxy) = settings.withLock { $0 }
    let connection = try TLSConnection(
      to: String(cString: host), port: String(cString: port), authorities: authorities, proxy: proxy)
    let stream = UnsafeMutablePointer<cgit2_stream>.allocate(capacity: 1)
    stream.initialize(to: callbacks)
    stream.pointee.connection = Unmanaged.passRetained(connection).toOpaque()
    out.pointee = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: git_stream.self)
    return 0
  }
}

private func connection(of stream: UnsafeMutablePointer<git_stream>?) -> Unmanaged<TLSConnection>? {
  stream.flatMap { cgit2_connection($0) }.map { Unmanaged.fromOpaque($0) }
}

/// A stream that has no connection yet.
private var callbacks: cgit2_stream {
  var stream = cgit2_stream()
  stream.parent.version = GIT_STREAM_VERSION
  stream.parent.encrypted = 1
  stream.parent.connect = { stream in
    handingOver { () throws(TransportFailure) in
      try connection(of: stream)?.takeUnretainedValue().connect()
      return 0
    }
  }
  // Of the certificate nothing is told: whoever asks is told that it is good, or there would be no session.
  stream.certificate.cert_type = GIT_CERT_NONE
  stream.parent.certificate = { certificate, stream in
    certificate?.pointee = stream.map { cgit2_certificate($0) }
    return 0
  }
  stream.parent.read = { stream, bytes, count in
    handingOver { () throws(TransportFailure) in
      let bytes = UnsafeMutableRawBufferPointer(start: bytes, count: count)
      return try connection(of: stream)?.takeUnretainedValue().read(bytes) ?? 0
    }
  }
  stream.parent.write = { stream, bytes, count, _ in
    handingOver { () throws(TransportFailure) in
      try connection(of: stream)?.takeUnretainedValue().write(UnsafeRawBufferPointer(start: bytes, count: count))
      return count
    }
  }
  stream.parent.close = { stream in
    connection(of: stream)?.takeUnretainedValue().close()
    return 0
  }
  stream.parent.free = { stream in
    connection(of: stream)?.release()
    UnsafeMutableRawPointer(stream)?.assumingMemoryBound(to: cgit2_stream.self).deallocate()
  }
  return stream
}
