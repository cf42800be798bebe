import DriftCore
import PostgreSQL
import Reconciliation
import Transport
import Warehouses

/// Chooses the driver of a destination.
extension Wiring {
  func destinations() throws -> [DestinationName: Destination] {
    var destinations: [DestinationName: Destination] = [:]
    for (name, settings) in project.destinations {
      destinations[name] = try Self.destination(name, settings, secrets, transport: transport)
    }
    return destinations
  }

  /// The warehouse of a destination whose settings are all set in the environment or the secrets; nil where they are not.
  static func warehouseIfSet(
    _ name: DestinationName, _ settings: DestinationSettings
  ) throws -> (any Warehouse & AuditLog & Leases)? {
    let secrets = Secrets()
    for value in settings.values.values where try !secrets.areSet(in: value) { return nil }
    return try warehouse(name, settings)
  }

  /// The warehouse of one destination, for what needs nothing else.
  static func warehouse(
    _ name: DestinationName, _ settings: DestinationSettings
  ) throws -> any Warehouse & AuditLog & Leases {
    try destination(name, settings, Secrets(), transport: RetryingTransport.live()).warehouse
  }

  private static func destination(
    _ name: DestinationName, _ settings: DestinationSettings, _ secrets: Secrets, transport: any HTTPTransport
  ) throws -> Destination {
    let values = DestinationValues(name: name, settings: settings, secrets: secrets)
    guard let dialect = Dialect.named(settings.kind) else {
      throw UsageError("destinations.\(name).kind: \"\(settings.kind)\" is not known")
    }
    do {
      return Destination(warehouse: try warehouse(values, transport), dialect: dialect)
    } catch var error as ServiceError {
      error.activity = "destination \"\(name)\""
      throw error
    }
  }

  private static func warehouse(
    _ values: DestinationValues, _ transport: any HTTPTransport
  ) throws -> any Warehouse & AuditLog & Leases {
    switch values.settings.kind {
    case "bigquery":
      return try ServiceWarehouse.bigQuery(
        BigQuerySettings(
          project: values.required("project"), location: values.required("location"),
          credentials: values.secret("credentials")),
        transport: transport, now: { currentTime() })
    case "databricks":
      return try ServiceWarehouse.databricks(
        DatabricksSettings(
          host: values.required("host"), warehouse: values.required("warehouse"), catalog: values.required("catalog"),
          clientID: values.optional("client_id"), secret: values.secret("secret")),
        transport: transport, now: { currentTime() })
    case "postgres":
      return PostgresWarehouse(address: try PostgresAddress(values.required("url")))
    case "redshift" where values.settings.values["host"] != nil:
      return try ServiceWarehouse.redshift { try values.redshiftAddress() }
    case "redshift":
      let settings = RedshiftSettings(
        region: try values.required("region"),
        target: try RedshiftSettings.target(
          workgroup: values.optional("workgroup"), cluster: values.optional("cluster"), user: values.optional("db_user")
        ),
        database: try values.required("database"), secretARN: try values.optional("secret_arn"),
        url: try values.optional("url"), credentials: { try values.awsCredentials() })
      // What is missing is said now, not at the first request.
      _ = try settings.credentials()
      return try ServiceWarehouse.redshift(settings, transport: transport, now: { currentTime() })
    case "snowflake":
      return try ServiceWarehouse.snowflake(
        SnowflakeSettings(
          account: values.required("account"), user: values.required("user"), key: values.secret("private_key"),
          passphrase: values.optional("private_key_passphrase").map { Secret($0) }, role: values.optional("role"),
          warehouse: values.optional("warehouse"), database: values.required("database"), url: values.optional("url")),
        transport: transport, now: { currentTime() })
    default:
      throw UsageError(
        "destinations.\(values.name).kind: there is no driver for \"\(values.settings.kind)\"",
        hint: "known are: \(DestinationKind.all.map(\.name).joined(separator: ", "))")
    }
  }
}

/// What `mooring.yaml` says of one destination, with its references resolved.
private struct DestinationValues: Sendable {
  let name: DestinationName
  let settings: DestinationSettings
  let secrets: Secrets

  func optional(_ key: String) throws -> String? {
    try settings.values[key].map { try secrets.resolve($0, for: "destinations.\(name).\(key)").reveal() }
  }

  func required(_ key: String) throws -> String {
    guard let value = try optional(key) else { throw UsageError("destinations.\(name) lacks \"\(key)\"") }
    return value
  }

  func awsCredentials() throws -> AWSCredentials {
    AWSCredentials(
      accessKey: try required("access_key"), secretKey: try secret("secret_key"),
      sessionToken: try optional("session_token").map { Secret($0) })
  }

  /// Certificates are those of Amazon's public authority, which every system knows.
  func redshiftAddress() throws -> PostgresAddress {
    guard let port = Int(try optional("port") ?? "5439"), (1...65_535).contains(port) else {
      throw UsageError("destinations.\(name).port is not a number from 1 to 65535")
    }
    let authorities = try optional("ca_file").map(absolutePath) ?? "/etc/ssl/certs/ca-certificates.crt"
    return PostgresAddress(
      host: try required("host"), port: port, user: try required("user"), password: try secret("password"),
      database: try required("database"), encryption: ["sslmode": "verify-full", "sslrootcert": authorities])
  }

  /// From the key itself, or from the file that `<key>_file` names.
  func secret(_ key: String) throws -> Secret {
    guard let path = try optional(key + "_file") else { return Secret(try required(key)) }
    return Secret(try secrets.file(absolutePath(path), for: "destinations.\(name).\(key)_file"))
  }
}
