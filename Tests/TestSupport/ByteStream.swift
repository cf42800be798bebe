import COpenSSL
import Glibc

/// A connection, in clear text or over TLS.
struct ByteStream {
  /// Returns nil at the end of the connection.
  let read: () -> [UInt8]?
  /// Returns false when the client has gone.
  let write: ([UInt8]) -> Bool

  init(descriptor: Int32) {
    read = {
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &bytes, bytes.count, 0)
      return count > 0 ? Array(bytes[..<count]) : nil
    }
    write = { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
          send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  /// Nil where the client does not agree to a session.
  init?(descriptor: Int32, session: TLSSession) {
    guard SSL_set_fd(session.raw, descriptor) == 1, SSL_accept(session.raw) == 1 else { return nil }
    read = {
      var bytes = [UInt8](repeating: 0, count: 16_384)
      let count = SSL_read(session.raw, &bytes, Int32(bytes.count))
      return count > 0 ? Array(bytes[..<Int(count)]) : nil
    }
    write = { bytes in bytes.isEmpty || SSL_write(session.raw, bytes, Int32(bytes.count)) > 0 }
  }
}

/// The server's side of TLS, with one certificate.
package final class TLSIdentity: @unchecked Sendable {
  package struct Unusable: Error {
    package var path: String
  }

  private let context: OpaquePointer

  package enum Version: Int, Sendable {
    case tls10 = 0x0301
    case tls11 = 0x0302
    case tls12 = 0x0303
    case tls13 = 0x0304
  }

  /// Paths of PEM files. `newest` is the newest version that is spoken, and then every older one is.
  package init(certificate: String, key: String, newest: Version? = nil) throws {
    // A client that left would end the tests: libssl writes without the flag that holds the signal back.
    signal(SIGPIPE, SIG_IGN)
    guard let context = SSL_CTX_new(TLS_server_method()) else { throw Unusable(path: "TLS") }
    self.context = context
    if let newest {
      // libssl speaks the old versions at its lowest level of security alone.
      SSL_CTX_set_security_level(context, 0)
      copenssl_versions(context, Int32(Version.tls10.rawValue), Int32(newest.rawValue))
    }
    guard SSL_CTX_use_certificate_chain_file(context, certificate) == 1 else {
      throw Unusable(path: certificate)
    }
    guard SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 else { throw Unusable(path: key) }
  }

  deinit { SSL_CTX_free(context) }

  func session() -> TLSSession? { SSL_new(context).map { TLSSession($0) } }
}

final class TLSSession {
  let raw: OpaquePointer

  init(_ raw: OpaquePointer) { self.raw = raw }

  deinit { SSL_free(raw) }

  /// The name that the client asked for, if it did.
  var serverName: String? { SSL_get_servername(raw, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) } }
}
