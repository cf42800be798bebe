import Foundation

/// A certificate authority of a test's own, and a server's certificate for `localhost` that it signed. Made by the
/// `openssl` program; PEM files.
package final class Certificates: Sendable {
  private let folder: TemporaryFolder

  package var authority: String { folder.path("authority.pem") }
  package var identity: TLSIdentity {
    get throws { try TLSIdentity(certificate: folder.path("server.pem"), key: folder.path("server.key")) }
  }

  package init() throws {
    folder = try TemporaryFolder("certificates")
    let common = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    try run(
      ["req", "-x509", "-subj", "/CN=Test authority", "-keyout", "authority.key", "-out", "authority.pem"]
        + common)
    try run(
      ["req", "-x509", "-subj", "/CN=localhost", "-CA", "authority.pem", "-CAkey", "authority.key"]
        + ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
        + ["-keyout", "server.key", "-out", "server.pem"] + common)
  }

  private func run(_ arguments: [String]) throws {
    let (status, errors) = try runProgram("openssl", arguments, in: folder.path)
    if status != 0 { throw GitProgram.Failure(description: "openssl \(arguments): \(errors)") }
  }
}
