extension ForgeDocumentation {
  /// Snowflake's SQL API, version 2 (docs.snowflake.com, "Snowflake SQL API reference", read 2026-11).
  package static let snowflake = ForgeDocumentation(
    bases: ["/api/v2"],
    headers: [
      ("accept", "application/json", true), ("authorization", "Bearer ", false),
      ("x-snowflake-authorization-token-type", "KEYPAIR_JWT", true),
    ],
    requests: [
      Request(
        "POST /statements", query: ["requestId": .text, "retry": .truth, "async": .truth, "nullable": .truth],
        fields: [
          "statement": .required(.text), "timeout": .number, "database": .text, "schema": .text, "warehouse": .text,
          "role": .text, "bindings": .object, "parameters": .object,
        ]),
      Request("GET /statements/{statementHandle}", query: ["requestId": .text, "partition": .number]),
      Request("POST /statements/{statementHandle}/cancel", query: ["requestId": .text]),
    ])
}
