package import DriftCore

/// What a git host is shown to let us in, and how long a call may take. Not used where the remote is a folder.
package struct RemoteAccess: Sendable {
  /// The user name that goes with the token. GitHub and Gitea take this one, GitLab wants `oauth2`.
  package var user: String
  /// For https.
  package var token: Secret?
  /// For ssh.
  package var key: SSHKey?
  /// File of the certificates that are trusted instead of the system's: those of a private authority.
  package var certificates: String?
  /// What https goes through; nil: straight to the host.
  package var proxy: ProxyAddress?
  /// For one call: connect, negotiate and transfer.
  package var deadline: Duration
  /// Path of `mooring-git`; nil: beside the running program.
  package var program: String?

  package init(
    user: String = "x-access-token", token: Secret? = nil, key: SSHKey? = nil, certificates: String? = nil,
    proxy: ProxyAddress? = nil, deadline: Duration = .seconds(120), program: String? = nil
  ) {
    self.user = user
    self.token = token
    self.key = key
    self.certificates = certificates
    self.proxy = proxy
    self.deadline = deadline
    self.program = program
  }
}

/// A private key for ssh, and the hosts that it may be shown to.
package struct SSHKey: Sendable {
  /// An OpenSSH or PEM file.
  package var path: String
  package var passphrase: Secret?
  /// A file in the form of OpenSSH's `known_hosts`. A host that is not in it is refused.
  package var knownHosts: String

  package init(path: String, passphrase: Secret? = nil, knownHosts: String) {
    self.path = path
    self.passphrase = passphrase
    self.knownHosts = knownHosts
  }
}
