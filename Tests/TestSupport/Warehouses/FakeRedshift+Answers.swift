import JSON

/// What the interface answers, made of the state.
extension FakeRedshift {
  static func error(_ name: String, _ message: String) -> LoopbackServer.Answer {
    .json(400, ["__type": .string(name), "message": .string(message)])
  }

  static func submitted(_ id: String, _ state: State) -> LoopbackServer.Answer {
    .json(
      200,
      [
        "Id": .string(id), "CreatedAt": 1_767_225_600, "Database": .string(database),
        "WorkgroupName": .string(workgroup),
      ])
  }

  static func described(_ id: String, _ state: State) -> LoopbackServer.Answer {
    guard let statement = state.statements[id] else { return error("ResourceNotFoundException", "no such query") }
    var members = [JSONMember("Id", .string(id)), JSONMember("Status", .string(statement.status))]
    let failed = statement.parts.first { $0.error != nil }?.error
    if statement.texts.count == 1 {
      members.append(JSONMember("HasResultSet", .bool(statement.parts.first?.result.columns.isEmpty == false)))
      if let failed { members.append(JSONMember("Error", .string(failed))) }
    } else {
      let parts = statement.parts.enumerated().map { index, part -> JSONValue in
        var members = [
          JSONMember("Id", .string("\(id):\(index + 1)")), JSONMember("Status", .string(part.status)),
          JSONMember("HasResultSet", .bool(!part.result.columns.isEmpty)),
        ]
        if let error = part.error { members.append(JSONMember("Error", .string(error))) }
        return .object(members)
      }
      members.append(JSONMember("SubStatements", .array(parts)))
      if failed != nil { members.append(JSONMember("Error", "One of the queries failed")) }
    }
    return .json(200, .object(members))
  }

  func result(_ body: JSONValue, _ state: State) -> LoopbackServer.Answer {
    let parts = (body["Id"]?.string ?? "").split(separator: ":").map(String.init)
    let index = parts.count > 1 ? (Int(parts[1]) ?? 0) - 1 : 0
    guard let statement = parts.first.flatMap({ state.statements[$0] }), statement.parts.indices.contains(index),
      statement.status == "FINISHED", case let result = statement.parts[index].result, !result.columns.isEmpty
    else { return Self.error("ResourceNotFoundException", "Query does not have result.") }
    let from = body["NextToken"]?.string.flatMap { Int($0.dropFirst(4)) } ?? 0
    let rows = statement.isHalved ? result.rows.dropLast() : result.rows[...]
    let page = rows.dropFirst(from).prefix(state.pageSize)
    let columns = result.columns.map { name -> JSONValue in ["name": .string(name), "typeName": "varchar"] }
    var members = [
      JSONMember("ColumnMetadata", .array(columns)), JSONMember("TotalNumRows", JSONValue(result.rows.count)),
      JSONMember("Records", .array(page.map { .array($0.map(Self.field)) })),
    ]
    if from + page.count < rows.count {
      members.append(JSONMember("NextToken", .string("page\(from + page.count)")))
    }
    return .json(200, .object(members))
  }

  private static func field(_ value: String?) -> JSONValue {
    guard let value else { return ["isNull": true] }
    if let number = Int(value), String(number) == value { return ["longValue": JSONValue(number)] }
    return ["stringValue": .string(value)]
  }

  /// Those of the last day whose name begins so; without a status only what is finished, as documented.
  func list(_ body: JSONValue, _ state: State) -> LoopbackServer.Answer {
    let found = state.order.reversed().compactMap { id -> JSONValue? in
      guard let statement = state.statements[id], statement.name.hasPrefix(body["StatementName"]?.string ?? ""),
        state.engine.now - statement.start < 86_400_000_000,
        body["Status"]?.string == "ALL" || statement.status == body["Status"]?.string ?? "FINISHED"
      else { return nil }
      return ["Id": .string(id), "Status": .string(statement.status), "StatementName": .string(statement.name)]
    }
    let from = body["NextToken"]?.string.flatMap { Int($0.dropFirst(4)) } ?? 0
    let page = found.dropFirst(from).prefix(state.pageSize)
    var members = [JSONMember("Statements", .array(Array(page)))]
    if from + page.count < found.count {
      members.append(JSONMember("NextToken", .string("page\(from + page.count)")))
    }
    return .json(200, .object(members))
  }
}

/// What a request has that is not documented, and what it lacks (Amazon Redshift Data API reference, read 2026-11).
func redshiftProblems(_ action: String, _ body: JSONValue, _ request: LoopbackServer.Request) -> [String] {
  var found: [String] = []
  if request.method != "POST" || request.target != "/" { found.append("\(request.method) \(request.target)") }
  if request.header("content-type") != "application/x-amz-json-1.1" { found.append("content type") }
  if request.header("user-agent") == nil { found.append("no user agent") }
  let place: Set = ["Database", "WorkgroupName", "ClusterIdentifier", "DbUser", "SecretArn"]
  let identity = place.union(["ClientToken", "StatementName"])
  let allowed: Set<String>? =
    switch action {
    case "ExecuteStatement": identity.union(["Sql"])
    case "BatchExecuteStatement": identity.union(["Sqls"])
    case "DescribeStatement", "CancelStatement": ["Id"]
    case "GetStatementResult": ["Id", "NextToken"]
    case "ListStatements": ["StatementName", "Status", "NextToken"]
    default: nil
    }
  guard let allowed, let members = body.members else { return found + ["there is no action \(action)"] }
  for member in members where !allowed.contains(member.name) { found.append("\(action) has no \(member.name)") }
  if allowed.contains("Id"), body["Id"]?.string == nil { found.append("no Id") }
  if allowed.contains("Sql") || allowed.contains("Sqls") {
    let texts = (body["Sqls"]?.array ?? [body["Sql"] ?? .null]).map { $0.string?.utf8.count ?? 0 }
    if !(1...40).contains(texts.count) || texts.contains(where: { !(1...102_400).contains($0) }) { found.append("Sql") }
    if body["Database"]?.string?.isEmpty != false { found.append("no Database") }
    if (body["WorkgroupName"] == nil) == (body["ClusterIdentifier"] == nil) { found.append("workgroup or cluster") }
    if body["WorkgroupName"] != nil, body["DbUser"] != nil { found.append("a workgroup has no DbUser") }
    if !(1...64).contains(body["ClientToken"]?.string?.utf8.count ?? 0) { found.append("ClientToken") }
    if body["StatementName"]?.string?.utf8.count ?? 0 > 500 { found.append("StatementName") }
  }
  return found
}

extension SQLRefusal.Kind {
  /// As the database gives it over PostgreSQL's protocol.
  var sqlState: String {
    switch self {
    case .syntax: "42601"
    case .missingTable: "42P01"
    case .missingColumn: "42703"
    case .tableExists: "42P07"
    case .columnExists: "42701"
    case .typeChange, .notEmpty: "0A000"
    case .forbidden: "42501"
    case .notNull: "23502"
    }
  }
}

extension SQLRefusal {
  /// As the database says it: the Data API gives no state.
  var redshift: String {
    switch kind {
    case .syntax: "ERROR: syntax error at or near \"\(message)\""
    case .missingTable: "ERROR: relation \"\(message)\" does not exist"
    case .missingColumn: "ERROR: column \"\(message)\" does not exist"
    case .tableExists: "ERROR: Relation \"\(message)\" already exists"
    case .columnExists: "ERROR: column \"\(message)\" of relation already exists"
    case .typeChange where message.hasPrefix("cannot change"):
      "ERROR: cannot alter column, target data type is not supported: \(message)"
    case .typeChange, .forbidden: "ERROR: \(message)"
    case .notEmpty: "ERROR: ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression"
    case .notNull: "ERROR: Cannot insert a NULL value into column"
    }
  }
}
