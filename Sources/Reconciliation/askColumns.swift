package import DriftCore

/// What the source said of its columns in one look.
struct AskedColumns: Sendable {
  var lists: [SourceTable: ColumnList] = [:]
  /// Tables whose drift cannot be told without an answer that did not come.
  var unanswered: [TableName] = []
  var calls = 0
  var gaps: [String] = []
  var warnings: [String] = []
}

extension Reconciler {
  private var budgetKey: String { "column-calls" }

  /// Asks the source for the columns of tables: first of those that gained one, since a rename shows only there, and of those
  /// in an open pull request, which may answer what only the source shows; then of those whose turn it is.
  ///
  /// A source that does not answer is a gap, not a failure: the rest of the drift is known without it. It is not asked
  /// again in this run, since the same quota or broken source would answer.
  func askColumns(
    for changes: [TableName: [SchemaChange]], _ snapshot: SchemaSnapshot, _ connection: Observed,
    opened: inout OpenedTables, dialect: Dialect, work: Work, sweeps: Bool
  ) async throws -> AskedColumns {
    let proposed = Set(work.openWork(of: connection.name).keys.compactMap { work.branches[$0] }.flatMap(work.places))
    var needed: [ObservedTable] = []
    var others: [TableName] = []
    for table in snapshot.tables where table.supportsColumnSettings && table.inSource != .absent {
      if !opened.hasContract(table.name) { continue }
      if changes[table.name]?.contains(where: \.isAddition) ?? false
        || isIn(proposed, table, of: connection, work: work)
      {
        needed.append(table)
      } else if sweeps, table.isEnabled, table.landed == .present {
        others.append(table.name)
      }
    }
    var asked = AskedColumns()
    if needed.isEmpty, others.isEmpty { return asked }
    var budget = ColumnBudget(try await cache.value(for: budgetKey), at: now())
    for (index, table) in needed.enumerated() {
      do {
        if try await ask(table, connection, dialect, opened: &opened, work: work, budget: &budget, into: &asked) {
          continue
        }
        asked.gaps.append(
          "\(counted(needed.count - index, "table")) not asked for columns: this hour's calls are spent; later runs go on"
        )
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        asked.gaps.append("the source did not list the columns of \(table.name): \(error)")
      }
      asked.unanswered = needed[index...].map(\.name)
      break
    }
    if asked.unanswered.isEmpty {
      try await sweep(
        others, in: snapshot, connection, dialect, opened: &opened, work: work, budget: &budget, into: &asked)
    }
    if asked.calls > 0 { try await cache.set(budget.text, for: budgetKey) }
    return asked
  }

  /// Whether a place in the repository is the folder of a table.
  private func isIn(_ places: Set<String>, _ table: ObservedTable, of connection: Observed, work: Work) -> Bool {
    !places.isEmpty && places.contains(folders(of: connection.name, in: work.tree)[table.name].path)
  }

  private func sweep(
    _ tables: [TableName], in snapshot: SchemaSnapshot, _ connection: Observed, _ dialect: Dialect,
    opened: inout OpenedTables, work: Work, budget: inout ColumnBudget, into asked: inout AskedColumns
  ) async throws {
    var sweep = try await ColumnSweep.kept(of: connection.name, in: cache)
    let before = sweep
    for name in sweep.take(of: tables, at: now(), atMost: min(columnsSweptALook, budget.left / 2)) {
      guard let table = snapshot.tables.first(where: { $0.name == name }) else { continue }
      do {
        if try await ask(table, connection, dialect, opened: &opened, work: work, budget: &budget, into: &asked) {
          continue
        }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        asked.warnings.append(
          "\(connection.name): the source did not list the columns of \(name), so that a removal would not show; it is asked again within a day: \(error)"
        )
      }
      sweep.stop(at: name)
      break
    }
    if sweep != before { try await cache.set(sweep.text, for: ColumnSweep.key(of: connection.name)) }
  }

  /// Asks for one table, and opens its contract where the answer and what was observed differ. What is missing is looked for
  /// twice before it counts as gone. False where no call is left.
  private func ask(
    _ table: ObservedTable, _ connection: Observed, _ dialect: Dialect, opened: inout OpenedTables, work: Work,
    budget: inout ColumnBudget, into asked: inout AskedColumns
  ) async throws -> Bool {
    func call() async throws -> [ColumnSetting]? {
      guard budget.spend() else { return nil }
      asked.calls += 1
      progress("\(connection.name): reading the columns of \(table.name)")
      return try await source.columns(of: table.source, in: connection.policy.id)
    }
    guard let columns = try await call() else { return false }
    let list = ColumnList(columns: columns, looks: 1)
    if opened.byTable[table.name] == nil {
      if opened.stillSettled[table.name] == nil || !list.tellsMore(than: table, dialect: dialect) { return true }
      try await open(table.name, of: connection.name, work: work, into: &opened)
    }
    guard let contract = opened.byTable[table.name]?.contract else { return true }
    let missing = Set(list.missing(from: table, dialect: dialect))
    asked.lists[table.source] = list
    if !contract.columns.contains(where: { !$0.isDeprecated && missing.contains($0.name) }) { return true }
    guard let again = try await call() else { return false }
    let names = Set(columns.map(\.name))
    asked.lists[table.source] = ColumnList(columns: columns + again.filter { !names.contains($0.name) }, looks: 2)
    return true
  }

}

extension ColumnSweep {
  /// As the last run that kept a cache left it.
  package static func kept(of connection: ConnectionName, in cache: any Cache) async throws -> ColumnSweep {
    ColumnSweep(try await cache.value(for: key(of: connection)))
  }

  static func key(of connection: ConnectionName) -> String { "columns/\(connection)" }
}

/// Calls in one look at a connection besides those that its drift asks for: each takes as long as the source does.
private let columnsSweptALook = 200

extension SchemaChange {
  fileprivate var isAddition: Bool {
    switch self {
    case .columnAdded, .columnRenamed: true
    default: false
    }
  }
}
