internal import CPostgres
import DriftCore
import Glibc

/// Returns libpq's connection string, in which every parameter that has an environment variable is named, so that no
/// PG... variable leaks in.
///
/// The exception is PGSERVICE, which libpq reads whatever the string says; with it set, connecting is refused.
/// `passfile` is a path that cannot exist, because an empty one means `~/.pgpass`.
func connectionText(
  _ address: PostgresAddress, _ settings: PostgresSettings
) throws(PostgresError) -> String {
  if getenv("PGSERVICE") != nil {
    throw PostgresError(
      .connection, "the environment variable PGSERVICE is set, which would change the address",
      hint: "unset PGSERVICE")
  }
  var values = address.encryption
  values["host"] = address.host
  values["port"] = String(address.port)
  values["user"] = address.user
  values["password"] = address.password?.reveal() ?? ""
  values["passfile"] = "/dev/null/none"
  values["dbname"] = address.database
  values["application_name"] = settings.applicationName
  values["client_encoding"] = "UTF8"
  values["connect_timeout"] = String(max(2, settings.connectTimeout.components.seconds))
  values["keepalives"] = "1"
  values["keepalives_idle"] = "30"
  values["keepalives_interval"] = "10"
  values["keepalives_count"] = "3"
  values["tcp_user_timeout"] = "60000"
  for (keyword, fallback) in try optionsWithEnvironmentVariables() where values[keyword] == nil {
    values[keyword] = fallback
  }
  return values.sorted { $0.key < $1.key }
    .map { "\($0.key)='\(escaped($0.value))'" }
    .joined(separator: " ")
}

/// Options that libpq would look up in the environment, with the values that it was built with.
func optionsWithEnvironmentVariables() throws(PostgresError) -> [String: String] {
  if let missingLibrary {
    throw PostgresError(.connection, missingLibrary, hint: "install libpq (Debian, Ubuntu: libpq5)")
  }
  guard let options = PQconndefaults() else { return [:] }
  defer { PQconninfoFree(options) }
  var values: [String: String] = [:]
  var index = 0
  while let keyword = options[index].keyword {
    let name = String(cString: keyword)
    if options[index].envvar != nil, name != "service" {
      values[name] = options[index].compiled.map { String(cString: $0) } ?? ""
    }
    index += 1
  }
  return values
}

/// Why libpq cannot be opened; looked at once in a process. Every session begins with its connection's text, and so here.
private let missingLibrary = cpostgres_open().map { String(cString: $0) }

private func escaped(_ value: String) -> String {
  var bytes: [UInt8] = []
  for byte in value.utf8 {
    if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
    bytes.append(byte)
  }
  return String(decoding: bytes, as: UTF8.self)
}
