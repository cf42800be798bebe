import DriftCore

/// Fivetran in memory: what the source has, what its settings say, and what a sync would land.
struct SourceSide {
  struct Column {
    /// As the destination spells it.
    var type: String
    var isEnabled = true
    var isHashed = false
    /// Untouched columns are hidden in the settings.
    var isTouched = false
    var isGone = false
  }

  static let schema = "crm"
  static let connection = ConnectionID("crm_id")

  var tables: [String: [String: Column]]
  var changeHandling = ChangeHandling.allowAll
  var succeededAt = 1
  var isSyncing = false
  var pause = PauseSide()
  var setupState = "connected"
  var schemaStatus: String?
  var hasSynced = true
  /// The source does not answer when it is asked for its columns.
  var isMute = false

  /// Three tables of four columns.
  init() {
    tables = Dictionary(
      uniqueKeysWithValues: ["account", "contact", "deal"].map { name in
        (
          name,
          [
            "id": Column(type: "text"), "name": Column(type: "text"),
            "amount": Column(type: "integer"), "score": Column(type: "numeric(10,2)"),
          ]
        )
      })
  }

  /// The tables that the settings list: all, or only the first half of them.
  func settings(isHalf: Bool) -> ConnectionSettings {
    let names = tables.keys.sorted()
    return ConnectionSettings(
      changeHandling: changeHandling,
      tables: names.prefix(isHalf ? names.count / 2 : names.count).map { name in
        TableSetting(
          source: Self.source(name), name: TableName(schema: Self.schema, name: name),
          isEnabled: true, syncMode: .softDelete,
          columns: (tables[name] ?? [:]).filter { $0.value.isTouched || $0.value.isGone }
            .sorted { $0.key < $1.key }.map(Self.setting))
      })
  }

  func columns(of table: SourceTable) -> [ColumnSetting] {
    (tables[table.name] ?? [:]).filter { !$0.value.isGone }.sorted { $0.key < $1.key }
      .map(Self.setting)
  }

  mutating func apply(_ patch: SettingsPatch) {
    guard let name = patch.column, tables[patch.table.name]?[name] != nil else { return }
    tables[patch.table.name]?[name]?.isTouched = true
    if let hashed = patch.hashed { tables[patch.table.name]?[name]?.isHashed = hashed }
    if let enabled = patch.enabled { tables[patch.table.name]?[name]?.isEnabled = enabled }
    // A change of settings cancels a running sync.
    isSyncing = false
  }

  /// Nothing begins while it is paused.
  mutating func beginSync() {
    if pause.owner == nil { isSyncing = true }
  }

  var status: ConnectionStatus {
    ConnectionStatus(
      id: Self.connection, schema: Self.schema, service: "salesforce", groupID: "group",
      isPaused: pause.owner != nil, setupState: setupState,
      syncState: pause.owner != nil ? "paused" : isSyncing ? "syncing" : "scheduled", schemaStatus: schemaStatus,
      succeededAt: hasSynced ? Timestamp(iso8601: Self.time(succeededAt)) : nil)
  }

  static func source(_ table: String) -> SourceTable { SourceTable(schema: "src", name: table) }

  private static func setting(_ name: String, _ column: Column) -> ColumnSetting {
    ColumnSetting(
      source: name, name: ColumnName(name), isEnabled: column.isEnabled, isHashed: column.isHashed,
      isDeleted: column.isGone)
  }

  private static func time(_ second: Int) -> String {
    let minutes = second / 60
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "2026-01-01T\(two(minutes / 60)):\(two(minutes % 60)):\(two(second % 60))Z"
  }
}
