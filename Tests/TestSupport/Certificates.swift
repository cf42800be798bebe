import Foundation

/// A certificate authority of a test's own, and a server's certificate that it signed, for `localhost` unless told
/// otherwise. Made by the `openssl` program; PEM files.
package final class Certificates: Sendable {
  private let folder: TemporaryFolder

  package var authority: String { folder.path("authority.pem") }
  /// The server's certificate alone.
  package var server: String { folder.path("server.pem") }
  package var identity: TLSIdentity {
    get throws { try TLSIdentity(certificate: server, key: folder.path("server.key")) }
  }
  /// The authority's own certificate, which nobody signed but itself.
  package var authorityIdentity: TLSIdentity {
    get throws { try TLSIdentity(certificate: authority, key: folder.path("authority.key")) }
  }

  /// Of the server's certificate.
  package enum Validity: Sendable { case now, over, notYet }

  package func identity(atMost version: TLSIdentity.Version) throws -> TLSIdentity {
    try TLSIdentity(certificate: server, key: folder.path("server.key"), newest: version)
  }

  /// Of all certificates. A server shows a weak one at the lowest level of security alone: `identity(atMost:)`.
  package enum Strength: Sendable { case usual, weak }

  /// `names` is what the server's certificate is for: `DNS:NAME` or `IP:ADDRESS`, separated by commas.
  package init(validity: Validity = .now, names: String = "DNS:localhost", strength: Strength = .usual) throws {
    folder = try TemporaryFolder("certificates")
    let key = strength == .usual ? ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"] : ["rsa:1024"]
    let common = ["-newkey"] + key + ["-nodes", "-days", "2"]
    try run(
      ["req", "-x509", "-subj", "/CN=Test authority", "-keyout", "authority.key", "-out", "authority.pem"]
        + common)
    if validity != .now {
      try sign(names, between: validity == .over ? (2020, 2021) : (2090, 2091), common)
      return
    }
    try run(
      ["req", "-x509", "-subj", "/CN=localhost", "-CA", "authority.pem", "-CAkey", "authority.key"]
        + ["-addext", "subjectAltName=\(names)", "-addext", "basicConstraints=critical,CA:FALSE"]
        + ["-keyout", "server.key", "-out", "server.pem"] + common)
  }

  /// From one new year to another.
  private func sign(_ names: String, between years: (Int, Int), _ common: [String]) throws {
    let settings = """
      [ca]
      default_ca = own
      [own]
      database = index.txt
      serial = serial
      new_certs_dir = .
      certificate = authority.pem
      private_key = authority.key
      default_md = sha256
      policy = any
      copy_extensions = copy
      [any]
      commonName = supplied
      """
    try folder.write(settings, to: "ca.cnf")
    try folder.write("", to: "index.txt")
    try folder.write("01\n", to: "serial")
    try run(
      ["req", "-new", "-subj", "/CN=localhost", "-addext", "subjectAltName=\(names)"]
        + ["-keyout", "server.key", "-out", "server.csr"] + common)
    try run(
      ["ca", "-batch", "-notext", "-config", "ca.cnf", "-in", "server.csr", "-out", "server.pem"]
        + ["-startdate", "\(years.0)0101000000Z", "-enddate", "\(years.1)0101000000Z"])
  }

  private func run(_ arguments: [String]) throws {
    let (status, errors) = try runProgram("openssl", arguments, in: folder.path)
    if status != 0 { throw GitProgram.Failure(description: "openssl \(arguments): \(errors)") }
  }
}
