extension ForgeDocumentation {
  /// Databricks' REST interface (docs.databricks.com/api, "Statement Execution" and "Query History", read 2026-11).
  package static let databricks = ForgeDocumentation(
    bases: ["/api/2.0/sql"],
    headers: [("accept", "application/json", true), ("authorization", "Bearer ", false)],
    requests: [
      Request(
        "POST /statements",
        fields: [
          "statement": .required(.text), "warehouse_id": .required(.text), "catalog": .text, "schema": .text,
          "parameters": .list(.object), "row_limit": .number, "byte_limit": .number,
          "disposition": .one(of: ["INLINE", "EXTERNAL_LINKS"]), "format": .one(of: ["JSON_ARRAY"]),
          "wait_timeout": .text, "on_wait_timeout": .one(of: ["CONTINUE", "CANCEL"]), "query_tags": .list(.object),
        ]),
      Request("GET /statements/{statement_id}"),
      Request("POST /statements/{statement_id}/cancel"),
      Request("GET /statements/{statement_id}/result/chunks/{chunk_index}"),
      Request(
        "GET /history/queries",
        query: [
          "filter_by.query_start_time_range.start_time_ms": .number,
          "filter_by.query_start_time_range.end_time_ms": .number, "filter_by.warehouse_ids": .text,
          "filter_by.statement_ids": .text, "filter_by.user_ids": .number, "filter_by.statuses": .text,
          "include_metrics": .truth, "max_results": .number, "page_token": .text,
        ]),
    ])
}
