import DriftCore

/// The ledger of a warehouse without transactions. Lines are only added; one that says what an earlier one said is not read.
struct ServiceLedger: Sendable {
  static let comment = "mooring ledger 1"
  static let columns = [
    "destination", "connection", "table_schema", "table_name", "change_number", "step", "part", "state", "kind",
    "digest", "commit_id", "detail",
  ]

  let service: any StatementService

  private var form: LedgerForm { service.ledgerForm }

  /// Whether the ledger is there, in a form that this version knows.
  func exists() async throws -> Bool {
    guard let comment = try await service.ledgerComment() else { return false }
    guard comment == Self.comment else {
      throw ServiceError(
        .unreadable, "mooring.ledger is not in the form \"\(Self.comment)\" but \"\(ServiceError.said(comment))\"",
        hint: "use the newer Mooring that wrote it; a table that is somebody else's must be renamed")
    }
    return true
  }

  func create() async throws {
    if try await !exists() { try await service.createLedger() }
  }

  func isDone(_ step: StepID) async throws -> Bool {
    let state = try column("state")
    return try await !service.rows(
      of: "SELECT 1 FROM \(sql: form.table) WHERE \(key(of: step)) AND \(sql: state) = 'done'"
    )
    .isEmpty
  }

  /// Adds the line, unless the same one is there, from whichever commit, or the step is done already.
  func insert(_ entry: LedgerEntry) async throws {
    let state = try column("state")
    var same: BoundSQL = "\(sql: state) = \(entry.state.rawValue)"
    if entry.state != .done {
      let (kind, digest, detail) = (try column("kind"), try column("digest"), try column("detail"))
      same =
        "\(same) AND \(sql: kind) = \(entry.kind) AND \(sql: digest) = \(entry.digest) AND \(sql: detail) = \(entry.detail)"
    }
    _ = try await service.rows(
      of: """
        \(addition(of: entry)) FROM (SELECT 1 AS one) one \
        WHERE NOT EXISTS (SELECT 1 FROM \(sql: form.table) WHERE \(key(of: entry.step)) AND \(same))
        """)
  }

  /// The statement that adds the line whatever is there.
  func addition(of entry: LedgerEntry) throws -> BoundSQL {
    let names = try (Self.columns + ["written_at"]).map(column).joined(separator: ", ")
    let step = entry.step
    return """
      INSERT INTO \(sql: form.table) (\(sql: names)) SELECT \(step.destination.text), \(step.connection.text), \
      \(step.table.schema), \(step.table.name), \(integer(step.change)), \(integer(step.step)), \(integer(step.part)), \
      \(entry.state.rawValue), \(entry.kind), \(entry.digest), \(entry.commit), \(entry.detail), \(sql: form.now)
      """
  }

  /// Oldest first; none where there is no ledger.
  func lines() async throws -> [LedgerEntry] {
    guard try await exists() else { return [] }
    let written = try column("written_at")
    let names = try Self.columns.map(column).joined(separator: ", ")
    let rows = try await service.rows(
      of: "SELECT \(sql: names), \(sql: form.timeText(written)) FROM \(sql: form.table) ORDER BY \(sql: written)")
    // Two processes may each add a line that neither saw of the other.
    var seen: Set<LedgerEntry> = []
    return try rows.map(line).filter { entry in
      var same = entry
      same.at = nil
      same.commit = ""
      if entry.state == .done { (same.kind, same.digest, same.detail) = ("", "", "") }
      return seen.insert(same).inserted
    }
  }

  private func line(_ row: [String?]) throws(ServiceError) -> LedgerEntry {
    let values = row.map { $0 ?? "" }
    guard values.count == 13, let change = Int(values[4]), let step = Int(values[5]), let part = Int(values[6]),
      let state = LedgerEntry.State(rawValue: values[7]), let at = Timestamp(iso8601: values[12])
    else {
      throw ServiceError(
        .unreadable, "a line of mooring.ledger is not in Mooring's form",
        hint: "was it written by a newer version, or by hand?")
    }
    return LedgerEntry(
      step: StepID(
        destination: DestinationName(values[0]), connection: ConnectionName(values[1]),
        table: TableName(schema: values[2], name: values[3]), change: change, step: step, part: part),
      state: state, kind: values[8], digest: values[9], commit: values[10], detail: values[11], at: at)
  }

  private func key(of step: StepID) throws -> BoundSQL {
    let names = try Self.columns.prefix(7).map(column)
    return """
      \(sql: names[0]) = \(step.destination.text) AND \(sql: names[1]) = \(step.connection.text) \
      AND \(sql: names[2]) = \(step.table.schema) AND \(sql: names[3]) = \(step.table.name) \
      AND \(sql: names[4]) = \(integer(step.change)) AND \(sql: names[5]) = \(integer(step.step)) \
      AND \(sql: names[6]) = \(integer(step.part))
      """
  }

  private func integer(_ value: Int) -> BoundSQL { "CAST(\(value) AS \(sql: form.integer))" }

  private func column(_ name: String) throws -> String { try service.dialect.quote(service.dialect.folded(name)) }
}
