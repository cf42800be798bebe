import JSON

/// What the interface answers, made of the state.
extension FakeBigQuery {
  func results(
    of id: String, _ request: LoopbackServer.Request, _ state: inout State, isHalf: Bool = false
  ) -> LoopbackServer.Answer {
    guard let job = state.jobs[id] else { return error(404, "notFound", "Not found: Job \(Self.project):\(id)") }
    let reference: JSONValue = ["projectId": .string(Self.project), "jobId": .string(id), "location": "EU"]
    if job.looksLeft > 0 {
      state.jobs[id]?.looksLeft -= 1
      return .json(200, ["jobComplete": false, "jobReference": reference])
    }
    switch job.outcome {
    case .failure(let refusal): return error(400, refusal.bigQueryReason, refusal.bigQueryMessage)
    case .success(let result):
      if kind(job.text) != "SELECT" {
        return .json(200, ["jobComplete": true, "jobReference": reference, "numDmlAffectedRows": "1"])
      }
      let start = request.parameter("pageToken").flatMap { Int($0) } ?? 0
      let end = min(start + state.pageSize, result.rows.count)
      let rows = result.rows[start..<end].map { row -> JSONValue in
        ["f": .array(row.map { ["v": $0.map { .string($0) } ?? .null] })]
      }
      let fields = result.columns.map { name -> JSONValue in ["name": .string(name), "type": "STRING"] }
      var members: [JSONMember] = [
        JSONMember("jobComplete", true), JSONMember("jobReference", reference),
        JSONMember("schema", ["fields": .array(fields)]),
        JSONMember("totalRows", .string("\(result.rows.count + (isHalf ? 1 : 0))")), JSONMember("rows", .array(rows)),
      ]
      if end < result.rows.count { members.append(JSONMember("pageToken", .string("\(end)"))) }
      return .json(200, .object(members))
    }
  }

  func table(_ dataset: String, _ name: String, _ state: State) -> LoopbackServer.Answer {
    guard let table = state.engine.tables[[dataset, name]] else {
      return error(404, "notFound", "Not found: Table \(Self.project):\(dataset).\(name)")
    }
    let fields = table.columns.map { column -> JSONValue in
      let type = SQLType(column.type)
      let legacy = ["INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN"][type.base] ?? type.base
      var members: [JSONMember] = [
        JSONMember("name", .string(column.name)), JSONMember("type", .string(legacy)),
        JSONMember("mode", column.isNullable ? "NULLABLE" : "REQUIRED"),
      ]
      if type.base == "STRING", type.first > 0 { members.append(JSONMember("maxLength", .string("\(type.first)"))) }
      if type.base.hasSuffix("NUMERIC"), type.first > 0 {
        members += [
          JSONMember("precision", .string("\(type.first)")), JSONMember("scale", .string("\(type.second)")),
        ]
      }
      return .object(members)
    }
    var members: [JSONMember] = [
      JSONMember(
        "tableReference",
        ["projectId": .string(Self.project), "datasetId": .string(dataset), "tableId": .string(name)]),
      JSONMember("type", table.isView ? "VIEW" : "TABLE"), JSONMember("schema", ["fields": .array(fields)]),
      JSONMember("numRows", .string("\(table.rows.count)")),
      JSONMember("numBytes", .string("\(table.rows.count * 64)")),
    ]
    if let comment = table.comment { members.append(JSONMember("description", .string(comment))) }
    if !table.key.isEmpty {
      let key = JSONValue.array(table.key.map { .string($0) })
      members.append(JSONMember("tableConstraints", ["primaryKey": ["columns": key]]))
    }
    return .json(200, .object(members))
  }

  func kind(_ text: String) -> String {
    if text.contains(";") { return "SCRIPT" }
    let words = text.split(separator: " ").prefix(2).map { $0.uppercased() }
    return ["SELECT", "INSERT", "MERGE", "UPDATE"].contains(words[0]) ? words[0] : words.joined(separator: "_")
  }

  func error(_ status: Int, _ reason: String, _ message: String) -> LoopbackServer.Answer {
    let inner: JSONValue = ["domain": "global", "reason": .string(reason), "message": .string(message)]
    return .json(
      status, ["error": ["code": JSONValue(status), "message": .string(message), "errors": .array([inner])]])
  }
}

extension SQLRefusal {
  var bigQueryMessage: String {
    guard kind == .typeChange else { return message }
    return
      "ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type is assignable to the new type: "
      + message
  }

  /// As BigQuery's documentation names them.
  var bigQueryReason: String {
    switch kind {
    case .missingTable: "notFound"
    case .tableExists: "duplicate"
    case .forbidden: "accessDenied"
    case .syntax, .missingColumn, .columnExists, .typeChange, .notEmpty, .notNull: "invalidQuery"
    }
  }
}
