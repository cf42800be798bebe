import DriftCore
import TestSupport
import Testing

/// The `mooring.yaml` that `mooring init` writes first.
struct FirstProjectTests {
  private func connection(_ schema: String, in group: String) -> ConnectionStatus {
    ConnectionStatus(id: ConnectionID("\(group)_\(schema)"), schema: schema, service: "s", groupID: group)
  }

  @Test func eachDestinationHasItsKindAndWhatFivetranKnowsOfIt() throws {
    let connections = [
      connection("crm", in: "lake"), connection("shop", in: "lake"), connection("shop", in: "pg"),
      connection("ads.clicks", in: "bq"), connection("old", in: "my"), connection("geo", in: "pg2"),
      connection("ops", in: "snow"), connection("bi", in: "red"),
    ]
    let destinations = [
      DestinationStatus(groupID: "lake", service: "databricks", settings: ["catalog": "main"]),
      DestinationStatus(groupID: "pg", service: "postgres_rds_warehouse", settings: ["host": "h", "database": "d"]),
      DestinationStatus(groupID: "pg2", service: "aurora_postgres_warehouse"),
      DestinationStatus(
        groupID: "bq", service: "big_query", settings: ["project_id": "acme-prod", "data_set_location": "EU"]),
      DestinationStatus(groupID: "my", service: "mysql_warehouse"),
      DestinationStatus(
        groupID: "snow", service: "snowflake",
        settings: ["host": "acme-prod.snowflakecomputing.com", "database": "${FIVETRAN_API_SECRET}"]),
      DestinationStatus(groupID: "red", service: "redshift", settings: ["host": "r.example", "database": "dev"]),
    ]
    let text = renderProject(connections, in: destinations, api: "https://api.fivetran.com")
    try expectGolden(text, "contracts/first-mooring.yaml")
    let (project, problems) = parseProject(Array(text.utf8), path: "contracts/mooring.yaml")
    #expect(problems.isEmpty, "\(problems)")
    #expect(project?.destinations.count == 6 && project?.connections.count == 7)
    #expect(variables(in: text).contains("SNOWFLAKE_DATABASE"), "a reference in an answer is none of ours")
  }

  @Test func whereTheKeyMayNotListDestinationsTheKindIsLeftToThePerson() throws {
    let text = renderProject([connection("crm", in: "g")], in: nil, api: "https://api.fivetran.com")
    #expect(text.contains("    kind: postgres         # Fivetran does not tell this key: "))
    #expect(text.contains("    url: ${WAREHOUSE_URL}\n"))
    #expect(parseProject(Array(text.utf8), path: "contracts/mooring.yaml").1.isEmpty)
  }

  /// An id is an answer like any other: it ends no line and begins no key.
  @Test(arguments: ["postgres_rds_warehouse", "mysql_warehouse"]) func anIdWritesNoLineOfItsOwn(service: String) {
    let connections = ["a", "b\n  mode: automate", "c: d #"].map {
      ConnectionStatus(id: ConnectionID($0), schema: "crm", service: "s", groupID: "g")
    }
    let text = renderProject(
      connections, in: [DestinationStatus(groupID: "g", service: service)], api: "https://api.fivetran.com")
    #expect(!text.contains("\n  mode: automate"), "\(text)")
    if service == "mysql_warehouse" { return }
    let (project, problems) = parseProject(Array(text.utf8), path: "contracts/mooring.yaml")
    #expect(problems.isEmpty, "\(problems)")
    #expect(Set(project?.connections.values.map(\.id) ?? []) == Set(connections.map(\.id)))
  }
}
