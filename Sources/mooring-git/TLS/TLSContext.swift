import COpenSSL
import Git

/// Which hosts are believed, and what is spoken with them: TLS 1.2 or newer. It verifies always; there is no switch.
///
/// Nothing in it changes after it was made, and libssl counts its users itself.
final class TLSContext: @unchecked Sendable {
  private let raw: OpaquePointer

  /// `authorities` is a file of certificates in PEM, which are trusted instead of the system's: those of authorities, or
  /// a host's own.
  init(authorities: String?) throws(TransportFailure) {
    guard let raw = SSL_CTX_new(TLS_client_method()) else {
      throw TransportFailure(.library, "libssl gives no context: \(opensslReason())")
    }
    self.raw = raw
    // The system's settings may ask for more than TLS 1.2, never for less.
    if copenssl_oldest(raw) < Int(TLS1_2_VERSION) { copenssl_versions(raw, TLS1_2_VERSION, 0) }
    // As libcurl has it, which speaks to the forge: what is named is trusted, be it no root.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(raw), UInt(X509_V_FLAG_PARTIAL_CHAIN))
    guard let authorities else {
      SSL_CTX_set_default_verify_paths(raw)
      return
    }
    if SSL_CTX_load_verify_file(raw, authorities) != 1 {
      throw TransportFailure(.authority, "\(authorities) holds no certificate that can be read")
    }
  }

  deinit { SSL_CTX_free(raw) }

  /// A session that accepts certificates for `host` alone, a name or an IP address.
  func session(with host: String) throws(TransportFailure) -> OpaquePointer {
    // libssl takes no name for any name, and a dot in front for every name below it.
    guard !host.isEmpty, !host.hasPrefix("."), let session = SSL_new(raw) else {
      throw TransportFailure(.request, "\"\(printable(host))\" is no host")
    }
    SSL_set_verify(session, SSL_VERIFY_PEER, noteRefusal)
    SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1
    guard isAddress || SSL_set1_host(session, host) == 1 && copenssl_server_name(session, host) == 1 else {
      SSL_free(session)
      throw TransportFailure(.request, "\"\(printable(host))\" is no host")
    }
    return session
  }
}

/// What libssl or libcrypto said last, in its words.
func opensslReason() -> String {
  ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "no reason given"
}
