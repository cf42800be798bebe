/// A destination of the account, as Fivetran has it.
package struct DestinationStatus: Hashable, Sendable {
  package var groupID: String
  /// `snowflake`, `big_query`, `postgres_rds_warehouse`, ...
  package var service: String
  /// What Fivetran is set to there, such as `host` and `database`; secrets are not among it.
  package var settings: [String: String]

  package init(groupID: String, service: String, settings: [String: String] = [:]) {
    self.groupID = groupID
    self.service = service
    self.settings = settings
  }

  /// The kind of destination that Mooring has a driver for; nil where it has none.
  ///
  /// Source: Fivetran's OpenAPI definition, the services of `DestinationExtendedResponse`, read in 2026.
  package var kind: DestinationKind? {
    switch service {
    case "snowflake": .snowflake
    case "big_query", "big_query_dts", "managed_big_query": .bigQuery
    case "redshift": .redshift
    case "databricks": .databricks
    case "postgres_warehouse", "postgres_rds_warehouse", "postgres_gcp_warehouse", "aurora_postgres_warehouse",
      "azure_postgres_warehouse":
      .postgres
    default: nil
    }
  }
}
