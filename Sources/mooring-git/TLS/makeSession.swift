import COpenSSL
import Git

/// A session of libssl's for a connection to `host`, a name or an IP address: TLS 1.2 or newer, and a certificate for that
/// host alone. It verifies always; there is no switch. The caller frees it.
///
/// `authorities` is a file of certificates in PEM, which are trusted instead of the system's: those of authorities, or a
/// host's own.
func makeSession(with host: String, authorities: String?) throws(TransportFailure) -> OpaquePointer {
  // libssl takes no name for any name, and a dot in front for every name below it.
  guard !host.isEmpty, !host.hasPrefix(".") else {
    throw TransportFailure(.request, "\"\(printable(host))\" is no host")
  }
  guard let context = SSL_CTX_new(TLS_client_method()) else { throw failure("no context") }
  // The session keeps it.
  defer { SSL_CTX_free(context) }
  // The system's settings may ask for more than TLS 1.2, never for less.
  if copenssl_oldest(context) < Int(TLS1_2_VERSION) { copenssl_versions(context, TLS1_2_VERSION, 0) }
  try trust(authorities, context)
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, noteRefusal)
  guard let session = SSL_new(context) else { throw failure("no session") }
  SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
  let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1
  guard isAddress || SSL_set1_host(session, host) == 1 && copenssl_server_name(session, host) == 1 else {
    SSL_free(session)
    throw TransportFailure(.request, "\"\(printable(host))\" is no host")
  }
  return session
}

private func trust(_ authorities: String?, _ context: OpaquePointer) throws(TransportFailure) {
  // As libcurl has it, which speaks to the forge: what is named is trusted, be it no root.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), UInt(X509_V_FLAG_PARTIAL_CHAIN))
  guard let authorities else {
    SSL_CTX_set_default_verify_paths(context)
    return
  }
  if SSL_CTX_load_verify_file(context, authorities) != 1 {
    throw TransportFailure(.authority, "\(authorities) holds no certificate that can be read")
  }
}

/// What libssl or libcrypto said last, in its words.
func opensslReason() -> String {
  ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "no reason given"
}

private func failure(_ finding: String) -> TransportFailure {
  TransportFailure(.library, "libssl gives \(finding): \(opensslReason())")
}
