import COpenSSL
import Git

/// Names why libssl refuses a certificate. `store` is what it hands to its callback.
func refusedCertificate(_ store: OpaquePointer, of host: String) -> TransportFailure {
  let reason = X509_STORE_CTX_get_error(store)
  guard let certificate = X509_STORE_CTX_get_current_cert(store) else {
    return TransportFailure(.certificate, "the certificate of \"\(host)\" is refused: \(words(for: reason))")
  }
  let isItsOwn = X509_STORE_CTX_get_error_depth(store) == 0
  let subject = isItsOwn ? "the certificate of \"\(host)\"" : "an authority's certificate that \"\(host)\" shows"
  switch reason {
  case X509_V_ERR_CERT_HAS_EXPIRED:
    let end = written { ASN1_TIME_print_ex($0, X509_get0_notAfter(certificate), iso8601) }
    return TransportFailure(.certificateTime, "\(subject) expired at \(end)")
  case X509_V_ERR_CERT_NOT_YET_VALID:
    let start = written { ASN1_TIME_print_ex($0, X509_get0_notBefore(certificate), iso8601) }
    return TransportFailure(.certificateTime, "\(subject) is not valid before \(start)")
  case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
    let names = names(of: certificate)
    return TransportFailure(
      .certificateHost, "the certificate is for \(names.isEmpty ? "another host" : names), not for \"\(host)\"")
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    return TransportFailure(.authority, "\(subject) is self-signed and not among those that are trusted")
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    let issuer = written { X509_NAME_print_ex($0, X509_get_issuer_name(certificate), 0, copenssl_rfc2253) }
    return TransportFailure(
      .authority, "the certificate of \"\(host)\" comes from \"\(issuer)\", an authority that is not trusted")
  default:
    return TransportFailure(.certificate, "\(subject) is refused: \(words(for: reason))")
  }
}

private func words(for reason: Int32) -> String {
  printable(String(cString: X509_verify_cert_error_string(Int(reason))))
}

/// `2031-01-01 00:00:00Z`.
private let iso8601 = UInt(ASN1_DTFLGS_ISO8601)

/// The names that a certificate is for, as libcrypto prints them: `DNS:example.com, IP Address:192.0.2.1`.
private func names(of certificate: OpaquePointer) -> String {
  let place = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1)
  guard place >= 0 else { return "" }
  return written { X509V3_EXT_print($0, X509_get_ext(certificate, place), 0, 0) }
}

/// What libcrypto prints, without control characters and not too long: much of it is the host's.
private func written(_ print: (OpaquePointer) -> Int32) -> String {
  guard let output = BIO_new(BIO_s_mem()) else { return "" }
  defer { BIO_free(output) }
  _ = print(output)
  var bytes = [UInt8](repeating: 0, count: 200)
  let count = BIO_read(output, &bytes, Int32(bytes.count))
  return printable(String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self))
}
