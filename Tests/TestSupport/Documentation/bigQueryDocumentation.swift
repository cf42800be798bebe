extension ForgeDocumentation {
  /// BigQuery's REST interface, version 2 (cloud.google.com/bigquery/docs/reference/rest/v2, read 2026-11).
  package static let bigQuery = ForgeDocumentation(
    bases: ["/bigquery/v2"],
    headers: [("accept", "application/json", true), ("authorization", "Bearer ", false)],
    requests: [
      Request(
        "POST /projects/{projectId}/queries",
        fields: [
          "query": .required(.text), "useLegacySql": .required(.truth), "location": .text, "requestId": .text,
          "timeoutMs": .number, "maxResults": .number, "parameterMode": .one(of: ["POSITIONAL", "NAMED"]),
          "queryParameters": .list(.object), "labels": .object, "dryRun": .truth, "jobTimeoutMs": .text,
          "defaultDataset": .object, "maximumBytesBilled": .text,
        ]),
      Request(
        "GET /projects/{projectId}/queries/{jobId}",
        query: [
          "startIndex": .number, "pageToken": .text, "maxResults": .number, "timeoutMs": .number,
          "location": .required(.text),
        ]),
      Request(
        "POST /projects/{projectId}/jobs", fields: ["jobReference": .object, "configuration": .required(.object)]),
      Request("GET /projects/{projectId}/jobs/{jobId}", query: ["location": .required(.text)]),
      Request("POST /projects/{projectId}/jobs/{jobId}/cancel", query: ["location": .required(.text)]),
      Request("GET /projects/{projectId}/datasets/{datasetId}", query: ["datasetView": .text]),
      Request(
        "GET /projects/{projectId}/datasets/{datasetId}/tables/{tableId}",
        query: ["selectedFields": .text, "view": .text]),
    ])
}
