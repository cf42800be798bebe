import JSON

/// What the interface answers, made of the state.
extension FakeDatabricks {
  func described(_ id: String, _ state: State, announced: Int) -> LoopbackServer.Answer {
    guard let statement = state.statements[id] else { return error(404, "NOT_FOUND", "no such statement") }
    if statement.isCancelled {
      return .json(200, ["statement_id": .string(id), "status": ["state": "CANCELED"]])
    }
    switch statement.outcome {
    case .failure(let refusal):
      return .json(200, ["statement_id": .string(id), "status": refusal.databricksStatus])
    case .success(let result):
      let parts = chunks(of: result.rows, state)
      let columns = result.columns.enumerated().map { index, name -> JSONValue in
        ["name": .string(name), "type_text": "STRING", "type_name": "STRING", "position": JSONValue(index)]
      }
      let infos = parts.enumerated().map { index, part -> JSONValue in
        [
          "chunk_index": JSONValue(index), "row_offset": JSONValue(index * state.chunkSize),
          "row_count": JSONValue(part.count),
        ]
      }
      let manifest: JSONValue = [
        "format": "JSON_ARRAY",
        "schema": ["column_count": JSONValue(columns.count), "columns": .array(columns)],
        "total_chunk_count": JSONValue(parts.count), "chunks": .array(infos),
        "total_row_count": JSONValue(result.rows.count + announced), "truncated": false,
      ]
      let first = parts.isEmpty ? [:] : content(0, parts, state)
      return .json(
        200,
        ["statement_id": .string(id), "status": ["state": "SUCCEEDED"], "manifest": manifest, "result": first])
    }
  }

  func chunk(_ index: Int, of id: String, _ state: State) -> LoopbackServer.Answer {
    guard case .success(let result)? = state.statements[id]?.outcome,
      case let parts = chunks(of: result.rows, state), parts.indices.contains(index)
    else { return error(404, "NOT_FOUND", "no such chunk") }
    return .json(200, content(index, parts, state))
  }

  func error(_ status: Int, _ code: String, _ message: String) -> LoopbackServer.Answer {
    .json(status, ["error_code": .string(code), "message": .string(message)])
  }

  private func chunks(of rows: [[String?]], _ state: State) -> [[[String?]]] {
    stride(from: 0, to: rows.count, by: state.chunkSize).map {
      Array(rows[$0..<min($0 + state.chunkSize, rows.count)])
    }
  }

  private func content(_ index: Int, _ parts: [[[String?]]], _ state: State) -> JSONValue {
    let data = JSONValue.array(parts[index].map { .array($0.map { value in value.map { .string($0) } ?? .null }) })
    var members = [
      JSONMember("chunk_index", JSONValue(index)), JSONMember("row_offset", JSONValue(index * state.chunkSize)),
      JSONMember("row_count", JSONValue(parts[index].count)), JSONMember("data_array", data),
    ]
    if index + 1 < parts.count { members.append(JSONMember("next_chunk_index", JSONValue(index + 1))) }
    return .object(members)
  }
}

extension SQLRefusal {
  /// Conditions and states as Databricks' and Delta Lake's documentation lists them.
  fileprivate var databricksStatus: JSONValue {
    let (condition, state) =
      switch kind {
      case .syntax: ("PARSE_SYNTAX_ERROR", "42601")
      case .missingTable: ("TABLE_OR_VIEW_NOT_FOUND", "42P01")
      case .missingColumn: ("UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703")
      case .tableExists: ("TABLE_OR_VIEW_ALREADY_EXISTS", "42P07")
      case .columnExists: ("FIELD_ALREADY_EXISTS", "42710")
      case .typeChange: ("DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP", "0AKDC")
      case .notEmpty, .notNull: ("DELTA_NOT_NULL_CONSTRAINT_VIOLATED", "23502")
      case .forbidden: ("INSUFFICIENT_PERMISSIONS", "42501")
      }
    let message = "[\(condition)] \(self.message) SQLSTATE: \(state)"
    return [
      "state": "FAILED", "sql_state": .string(state),
      "error": ["error_code": "BAD_REQUEST", "message": .string(message)],
    ]
  }
}
