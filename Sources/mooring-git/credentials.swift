import CGit2
import Cryptography
import DriftCore
import Git
import Glibc

extension Exchange {
  /// Answers the remote's question for credentials, once, and only for the host that the request names.
  func offer(
    _ credential: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, at url: String, user: String?,
    allowed: UInt32
  ) -> Int32 {
    let user = user ?? defaultUser
    if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
      return git_credential_username_new(credential, user)
    }
    guard origin(of: url) == origin(of: request.url) else {
      return refuse(.redirected, "another place, \(origin(of: url)), asks for credentials")
    }
    if isOffered { return refuse(.unauthorized, "the credentials were refused") }
    isOffered = true
    if let key = request.keyPath, allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 {
      if let problem = problem(ofKey: key) { return refuse(.key, problem) }
      return git_credential_ssh_key_new(credential, user, nil, key, request.passphrase?.reveal())
    }
    if let token = request.token, allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0,
      request.url.hasPrefix("http")
    {
      return git_credential_userpass_plaintext_new(credential, request.user, token.reveal())
    }
    return refuse(.unauthorized, "credentials are asked for, and none of that kind is set")
  }

  private var defaultUser: String { request.url.hasPrefix("http") ? request.user : "git" }

  private func refuse(_ kind: TransportFailure.Kind, _ text: String) -> Int32 {
    failure = TransportFailure(kind, text)
    return GIT_EAUTH.rawValue
  }

  private func problem(ofKey path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return "\(path): \(String(cString: strerror(errno)))" }
    if status.st_mode & S_IFMT != S_IFREG { return "\(path) is no file" }
    return status.st_mode & 0o077 == 0 ? nil : "others may read \(path)"
  }
}

/// Scheme, host and port, as they are written.
private func origin(of url: String) -> String {
  guard let end = url.firstRange(of: "://") else { return String(url.prefix { $0 != ":" }) }
  return String(url[..<end.upperBound] + url[end.upperBound...].prefix { $0 != "/" })
}

/// Names the key that the remote showed, for a person to compare.
func refusedKey(_ certificate: UnsafeMutablePointer<git_cert>?, of host: String) -> TransportFailure {
  guard let certificate, certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else {
    return TransportFailure(.certificate, "the certificate of \"\(printable(host))\" is not trusted")
  }
  let digest = certificate.withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) {
    withUnsafeBytes(of: $0.pointee.hash_sha256) { base64(Array($0)) }
  }
  // As `ssh-keygen -l` prints it: without padding.
  return TransportFailure(.hostKey, "\(host) showed the key SHA256:\(digest.prefix { $0 != "=" })")
}
