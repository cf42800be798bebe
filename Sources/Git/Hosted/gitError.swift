/// What a person is told of a failure of `mooring-git`.
func gitError(
  for failure: TransportFailure, access: RemoteAccess, _ activity: Activity
) -> GitError {
  func error(_ code: GitError.Code, _ finding: String, _ wayOut: String?) -> GitError {
    activity.error(code, finding, wayOut: wayOut)
  }
  let text = failure.text
  switch failure.kind {
  case .unauthorized where access.token == nil && access.key == nil:
    return error(
      .unauthorized, "the remote asks for credentials, and none are set",
      "set MOORING_GIT_TOKEN (https), or give a key with --ssh-key (ssh)")
  case .unauthorized:
    let shown = access.key == nil ? "token in MOORING_GIT_TOKEN" : "token or key"
    return error(
      .unauthorized, text, "look whether the \(shown) is still valid and may read and write this repository")
  case .forbidden:
    return error(.forbidden, text, "let the token or key read and write the contents of this repository")
  case .notFound:
    return error(
      .remoteNotFound, text, "check the address; hosts also say so of a repository that the token may not see")
  case .redirected:
    return error(
      .redirected, text, "credentials follow to no other host: write the address that the repository has now")
  case .authority:
    return error(
      .certificate, text, "name the file with the authority's certificate with --git-authorities")
  case .certificateTime:
    return error(.certificate, text, "have the host's certificate renewed, or set this machine's clock")
  case .certificateHost:
    return error(.certificate, text, "write the address with a name that the certificate is for")
  case .certificate:
    return error(.certificate, text, "have another certificate made for the host")
  case .tls:
    return error(.tls, text, "let the host offer TLS 1.2 or newer: nothing older is spoken, and nothing weak")
  case .proxyCredentials:
    return error(
      .proxy, text, "write MOORING_GIT_PROXY as http://USER:PASSWORD@HOST:PORT, with the user and password of the proxy"
    )
  case .proxy:
    return error(
      .proxy, text, "let the proxy connect to this host and port, or look whether MOORING_GIT_PROXY names the right one"
    )
  case .hostKey:
    return error(
      .hostKey, "\(text), which is not the one in known_hosts",
      "compare it with what the host's makers publish, then add it to the file that --known-hosts names")
  case .key:
    return error(.key, text, "give a key file that only its owner may read (chmod 600)")
  case .unreachable:
    return error(.unreachable, text, "check the address and the network; nothing was changed")
  case .unusable:
    return error(
      .unusableRepository, text, "use a repository with SHA-1 ids, git's default: others cannot be read")
  case .answered:
    return error(.answered(failure.status ?? 0), text, "the host is busy or broken; it is asked again next time")
  case .lost:
    return error(.connectionLost, text, "what was not done is tried again next time")
  case .request, .library:
    return error(.transport, text, nil)
  }
}
