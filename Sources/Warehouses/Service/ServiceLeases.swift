import DriftCore

/// Leases of a warehouse without transactions: a row a target, which changes by UPDATE from the token that was seen.
///
/// Its moments are the service's own, as text, and are compared with the service's now.
struct ServiceLeases: Sendable {
  private let table: ServiceTable

  init(service: any StatementService) {
    table = ServiceTable(
      service: service, name: "lease", texts: ["table_schema", "table_name", "holder", "since", "renewed"],
      integers: ["token"])
  }

  private struct Row {
    var token: Int
    var holder: String
    var since: Timestamp
    var renewed: Timestamp
    var now: Timestamp

    var isLive: Bool {
      !holder.isEmpty && now < renewed.adding(seconds: Lease.duration.components.seconds)
    }
  }

  func take(_ target: TableName, as holder: String, over token: Int?) async throws -> LeaseAnswer {
    guard var row = try await row(of: target) else {
      let values: [(String, BoundSQL)] = [
        ("table_schema", "\(target.schema)"), ("table_name", "\(target.name)"), ("token", table.integer(0)),
        ("holder", "\("")"), ("since", "\(sql: table.now)"), ("renewed", "\(sql: table.now)"),
      ]
      try await table.insert(values, unless: try key(of: target))
      return try await take(target, as: holder, over: token)
    }
    if row.isLive, row.token != token {
      return .held(by: row.holder, since: row.since, token: row.token)
    }
    let lease = Lease(target: target, holder: holder, token: row.token + 1)
    try await update(
      """
      \(sql: try table.column("token")) = \(table.integer(lease.token)), \
      \(sql: try table.column("holder")) = \(holder), \(sql: try table.column("since")) = \(sql: table.now), \
      \(sql: try table.column("renewed")) = \(sql: table.now)
      """, of: Lease(target: target, holder: row.holder, token: row.token))
    guard let found = try await self.row(of: target) else { throw LeaseLost(target) }
    row = found
    if row.token == lease.token, row.holder == holder { return .taken(lease) }
    return .held(by: row.holder, since: row.since, token: row.token)
  }

  /// Lets it last from now on; throws `LeaseLost` where somebody else has taken it.
  func keep(_ lease: Lease) async throws {
    try await update("\(sql: try table.column("renewed")) = \(sql: table.now)", of: lease)
    guard try await row(of: lease.target)?.token == lease.token else { throw LeaseLost(lease.target) }
  }

  func release(_ lease: Lease) async throws {
    try await update("\(sql: try table.column("holder")) = \("")", of: lease)
  }

  private func update(_ values: BoundSQL, of lease: Lease) async throws {
    try await table.update(
      values,
      where: "\(try key(of: lease.target)) AND \(sql: try table.column("token")) = \(table.integer(lease.token))")
  }

  /// The one with the highest token: a row that somebody made late is older than what there is.
  private func row(of target: TableName) async throws -> Row? {
    let rows = try await table.rows(
      of: """
        SELECT \(sql: try table.columns(["token", "holder", "since", "renewed"])), \(sql: table.now) \
        FROM \(sql: try table.path) WHERE \(try key(of: target)) ORDER BY \(sql: try table.column("token"))
        """)
    guard let row = rows.last else { return nil }
    guard row.count == 5, let token = row[0].flatMap({ Int($0) }), let holder = row[1],
      let since = row[2].flatMap({ Timestamp(iso8601: $0) }), let renewed = row[3].flatMap({ Timestamp(iso8601: $0) }),
      let now = row[4].flatMap({ Timestamp(iso8601: $0) })
    else { throw ServiceError(.unreadable, "mooring.lease is not in Mooring's form", hint: "was it written by hand?") }
    return Row(token: token, holder: holder, since: since, renewed: renewed, now: now)
  }

  private func key(of target: TableName) throws -> BoundSQL {
    """
    \(sql: try table.column("table_schema")) = \(target.schema) AND \(sql: try table.column("table_name")) = \(target.name)
    """
  }
}
