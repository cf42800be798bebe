import DriftCore
import JSON

/// A connection's schema config with every `enabled` as it stands there.
struct SchemaConfig {
  struct Entry {
    var isSchemaEnabled: Bool
    /// `isEnabled` is the table's own.
    var table: TableSetting
  }

  var changeHandling: ChangeHandling
  /// Sorted by destination name.
  var schemas: [SchemaSetting]
  /// Sorted by destination name.
  var tables: [Entry]

  /// As the port gives them: a table is enabled only if its schema is.
  var settings: ConnectionSettings {
    ConnectionSettings(
      changeHandling: changeHandling, schemas: schemas,
      tables: tables.map { entry in
        var table = entry.table
        table.isEnabled = table.isEnabled && entry.isSchemaEnabled
        return table
      })
  }
}

/// Reads the answers that may hold 100,000 columns, without making values of what is not kept.
struct ConfigReader {
  private var reader: JSONReader
  /// Keys that lead to the value being read.
  private var path: [JSONText] = []
  private let connection: ConnectionID

  private init(_ body: [UInt8], _ connection: ConnectionID) {
    reader = JSONReader(body)
    self.connection = connection
  }

  static func config(
    _ body: [UInt8], of connection: ConnectionID
  ) throws(UnreadableBody) -> SchemaConfig {
    var reader = ConfigReader(body, connection)
    return try reader.answer { (reader) throws(Problem) in try reader.config() }
  }

  /// Sorted by destination name.
  static func columns(
    _ body: [UInt8], of connection: ConnectionID
  ) throws(UnreadableBody) -> [ColumnSetting] {
    var reader = ConfigReader(body, connection)
    return try reader.answer { (reader) throws(Problem) in
      var columns: [ColumnSetting]?
      try reader.members { (reader, key) throws(Problem) in
        if reader.reader.matches(key, "columns") {
          columns = try reader.columns()
        } else {
          try reader.ignore()
        }
      }
      guard let columns else { throw .missing("columns") }
      return columns
    }
  }

  /// What is wrong at the value that `path` leads to.
  private enum Problem: Error {
    case json(JSONError)
    case missing(String)
    case words(String)
  }

  // MARK: The envelope

  private mutating func answer<Value>(
    _ data: (inout ConfigReader) throws(Problem) -> Value
  ) throws(UnreadableBody) -> Value {
    if reader.bytes.count == 0 { throw UnreadableBody("it is empty") }
    var code: String?
    var value: Value?
    do {
      try members { (reader, key) throws(Problem) in
        if reader.reader.matches(key, "code") {
          code = try reader.string()
        } else if reader.reader.matches(key, "data") {
          value = try data(&reader)
        } else {
          try reader.ignore()
        }
      }
      try attempt { (reader) throws(JSONError) in try reader.end() }
    } catch {
      throw UnreadableBody(words(error))
    }
    guard let code else { throw UnreadableBody("code is missing") }
    try checkSuccess(code)
    guard let value else { throw UnreadableBody("data is missing") }
    return value
  }

  private func words(_ problem: Problem) -> String {
    let place = path.map { step in
      let name = reader.string(of: step)
      let isPlain = name.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x5F
      }
      return isPlain && !name.isEmpty ? name : JSONValue.string(plain(name)).text
    }.joined(separator: ".")
    let prefix = place.isEmpty ? "" : "\(place): "
    switch problem {
    case .json(let error): return "\(prefix)\(error.problem) (byte \(error.offset))"
    case .missing(let name): return "\(prefix)\(name) is missing"
    case .words(let words): return "\(prefix)\(words)"
    }
  }

  // MARK: The config

  private mutating func config() throws(Problem) -> SchemaConfig {
    var changeHandling: ChangeHandling?
    var schemas: [SchemaSetting] = []
    var entries: [SchemaConfig.Entry]?
    try members { (reader, key) throws(Problem) in
      if reader.reader.matches(key, "schema_change_handling") {
        let text = try reader.string()
        changeHandling = ChangeHandling(rawValue: text)
        if changeHandling == nil { throw .words("\"\(plain(text))\" is not known") }
      } else if reader.reader.matches(key, "schemas") {
        var found: [SchemaConfig.Entry] = []
        try reader.members { (reader, schema) throws(Problem) in
          let (setting, tables) = try reader.schema(named: reader.reader.string(of: schema))
          schemas.append(setting)
          found += tables
        }
        entries = found
      } else if reader.reader.matches(key, "id") || reader.reader.matches(key, "connection_id") {
        let id = try reader.string()
        if ConnectionID(id) != reader.connection {
          throw .words("the answer is about another connection, \"\(plain(id))\"")
        }
      } else {
        try reader.ignore()
      }
    }
    guard let changeHandling else { throw .missing("schema_change_handling") }
    guard let entries else { throw .missing("schemas") }
    return SchemaConfig(
      changeHandling: changeHandling, schemas: schemas.sorted { $0.name < $1.name },
      tables: entries.sorted { $0.table.name < $1.table.name })
  }

  private mutating func schema(
    named source: String
  ) throws(Problem) -> (setting: SchemaSetting, tables: [SchemaConfig.Entry]) {
    var destination: String?
    var isEnabled: Bool?
    // A table's full name needs the schema's, which may come after the tables.
    var tables: [(name: String, setting: TableSetting)] = []
    try members { (reader, key) throws(Problem) in
      if reader.reader.matches(key, "name_in_destination") {
        destination = try reader.string()
      } else if reader.reader.matches(key, "enabled") {
        isEnabled = try reader.bool()
      } else if reader.reader.matches(key, "tables") {
        if try reader.takeNull() { return }
        try reader.members { (reader, table) throws(Problem) in
          let name = reader.reader.string(of: table)
          tables.append(try reader.table(SourceTable(schema: source, name: name)))
        }
      } else {
        try reader.ignore()
      }
    }
    guard let destination else { throw .missing("name_in_destination") }
    guard let isEnabled else { throw .missing("enabled") }
    let entries = tables.map { name, setting in
      var setting = setting
      setting.name = TableName(schema: destination, name: name)
      return SchemaConfig.Entry(isSchemaEnabled: isEnabled, table: setting)
    }
    return (SchemaSetting(name: destination, isEnabled: isEnabled), entries)
  }

  private mutating func table(
    _ source: SourceTable
  ) throws(Problem) -> (name: String, setting: TableSetting) {
    var destination: String?
    var isEnabled: Bool?
    var setting = TableSetting(
      source: source, name: TableName(schema: "", name: ""), isEnabled: false)
    try members { (reader, key) throws(Problem) in
      if reader.reader.matches(key, "name_in_destination") {
        destination = try reader.string()
      } else if reader.reader.matches(key, "enabled") {
        isEnabled = try reader.bool()
      } else if reader.reader.matches(key, "columns") {
        if try !reader.takeNull() { setting.columns = try reader.columns() }
      } else if reader.reader.matches(key, "sync_mode") {
        if try !reader.takeNull() { setting.syncMode = SyncMode(rawValue: try reader.string()) }
      } else if reader.reader.matches(key, "supports_columns_config") {
        if try !reader.takeNull() { setting.supportsColumnSettings = try reader.bool() }
      } else if reader.reader.matches(key, "enabled_patch_settings") {
        setting.isDeleted = try reader.patchSettings().isDeleted
      } else {
        try reader.ignore()
      }
    }
    guard let destination else { throw .missing("name_in_destination") }
    guard let isEnabled else { throw .missing("enabled") }
    setting.isEnabled = isEnabled
    return (destination, setting)
  }

  private mutating func columns() throws(Problem) -> [ColumnSetting] {
    var columns: [ColumnSetting] = []
    try members { (reader, key) throws(Problem) in
      columns.append(try reader.column(named: reader.reader.string(of: key)))
    }
    return columns.sorted { $0.name < $1.name }
  }

  private mutating func column(named source: String) throws(Problem) -> ColumnSetting {
    var destination: String?
    var isEnabled: Bool?
    var setting = ColumnSetting(source: source, name: "")
    try members { (reader, key) throws(Problem) in
      if reader.reader.matches(key, "name_in_destination") {
        destination = try reader.string()
      } else if reader.reader.matches(key, "enabled") {
        isEnabled = try reader.bool()
      } else if reader.reader.matches(key, "hashed") {
        if try !reader.takeNull() { setting.isHashed = try reader.bool() }
      } else if reader.reader.matches(key, "is_primary_key") {
        if try !reader.takeNull() { setting.isPrimaryKey = try reader.bool() }
      } else if reader.reader.matches(key, "enabled_patch_settings") {
        (setting.canPatch, setting.isDeleted) = try reader.patchSettings()
      } else {
        try reader.ignore()
      }
    }
    guard let destination else { throw .missing("name_in_destination") }
    guard let isEnabled else { throw .missing("enabled") }
    setting.name = ColumnName(destination)
    setting.isEnabled = isEnabled
    return setting
  }

  private mutating func patchSettings() throws(Problem) -> (isAllowed: Bool, isDeleted: Bool) {
    var result = (isAllowed: true, isDeleted: false)
    if try takeNull() { return result }
    try members { (reader, key) throws(Problem) in
      if reader.reader.matches(key, "allowed") {
        result.isAllowed = try reader.bool()
      } else if reader.reader.matches(key, "reason_code") {
        if try !reader.takeNull() { result.isDeleted = try reader.string() == "DELETED" }
      } else {
        try reader.ignore()
      }
    }
    return result
  }

  // MARK: Steps

  /// Gives each key of the object to `each`, which reads or ignores its value.
  private mutating func members(
    _ each: (inout ConfigReader, JSONText) throws(Problem) -> Void
  ) throws(Problem) {
    try attempt { (reader) throws(JSONError) in try reader.beginObject() }
    while let key = try attempt({ (reader) throws(JSONError) in try reader.nextKey() }) {
      path.append(key)
      try each(&self, key)
      path.removeLast()
    }
  }

  private mutating func string() throws(Problem) -> String {
    try attempt { (reader) throws(JSONError) in try reader.string() }
  }

  private mutating func bool() throws(Problem) -> Bool {
    try attempt { (reader) throws(JSONError) in try reader.bool() }
  }

  private mutating func takeNull() throws(Problem) -> Bool {
    try attempt { (reader) throws(JSONError) in try reader.takeNull() }
  }

  private mutating func ignore() throws(Problem) {
    _ = try attempt { (reader) throws(JSONError) in try reader.skip() }
  }

  private mutating func attempt<Value>(
    _ step: (inout JSONReader) throws(JSONError) -> Value
  ) throws(Problem) -> Value {
    do {
      return try step(&reader)
    } catch {
      throw .json(error)
    }
  }
}
