import Foundation
import Glibc
import Synchronization

/// An `sshd` on 127.0.0.1 for one user, this one, who signs in with one key. It is started anew for each connection, as
/// by inetd, and ends with it.
package final class SSHServer: Sendable {
  private static let program = "/usr/sbin/sshd"
  /// Where an sshd that root runs keeps nothing, and which it wants to be there.
  private static let emptyFolder = "/run/sshd"
  /// The servers that need that folder, and whether it was made for them.
  private static let users = Mutex((count: 0, isOurs: false))

  package let user: String
  private let listener: Listener
  private let folder: TemporaryFolder

  /// Why there can be no server on this machine; nil where there can.
  package static func obstacle() -> String? {
    if access(program, X_OK) != 0 { return "there is no \(program) (Debian: openssh-server)" }
    if getuid() != 0 || access(emptyFolder, F_OK) == 0 || access("/run", W_OK) == 0 { return nil }
    return "\(emptyFolder) is not there and cannot be made"
  }

  /// Lets in whoever has the private key to `authorized`, a public key file.
  package init(authorized: String) throws {
    let folder = try TemporaryFolder("sshd")
    self.folder = folder
    user = String(cString: getpwuid(getuid()).pointee.pw_name)
    try Self.makeKey("host", in: folder)
    let settings = """
      HostKey \(folder.path("host"))
      AuthorizedKeysFile \(authorized)
      PidFile none
      UsePAM no
      StrictModes no
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      PermitRootLogin prohibit-password
      LogLevel QUIET

      """
    let path = try folder.write(settings, to: "sshd_config")
    listener = try Listener { descriptor in
      Self.serve(descriptor, settings: path)
    }
    Self.users.withLock { users in
      users.count += 1
      if getuid() == 0, mkdir(Self.emptyFolder, 0o755) == 0 { users.isOurs = true }
    }
  }

  deinit {
    listener.stop()
    Self.users.withLock { users in
      users.count -= 1
      if users.count == 0, users.isOurs, rmdir(Self.emptyFolder) == 0 { users.isOurs = false }
    }
  }

  package func stop() { listener.stop() }

  package var port: UInt16 { listener.port }

  /// A line of `known_hosts`.
  package var knownHost: String {
    let key = folder.read("host.pub").map { String(decoding: $0, as: UTF8.self) } ?? ""
    return "[127.0.0.1]:\(port) \(key.split(separator: " ").prefix(2).joined(separator: " "))\n"
  }

  /// Makes an Ed25519 key, NAME and NAME.pub.
  package static func makeKey(_ name: String, in folder: TemporaryFolder, passphrase: String = "") throws {
    let arguments = ["-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f", name]
    let (status, errors) = try runProgram("ssh-keygen", arguments, in: folder.path)
    if status != 0 { throw GitProgram.Failure(description: "ssh-keygen: \(errors)") }
  }

  private static func serve(_ descriptor: Int32, settings: String) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
    posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let words = [program, "-i", "-e", "-f", settings]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for text in arguments { free(text) } }
    var variables: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
    defer { free(variables[0]) }
    var child: pid_t = 0
    guard posix_spawn(&child, program, &actions, nil, &arguments, &variables) == 0 else { return }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
  }
}
