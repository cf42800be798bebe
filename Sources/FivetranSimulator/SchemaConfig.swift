package import DriftCore

/// Fivetran's own model of a connection: what it has seen of the source, what people have set, and what has landed.
package struct SchemaConfig: Sendable {
  package var changeHandling: ChangeHandling
  /// Types of landed columns never change; values that do not fit become NULL.
  package var isTypeLocked = false
  package var schemas: [Schema] = []

  package init(changeHandling: ChangeHandling) { self.changeHandling = changeHandling }

  package struct Schema: Sendable {
    package var name: SourceName
    package var landedName: String
    package var isEnabled: Bool
    package var tables: [Table] = []
  }

  package struct Table: Sendable {
    package var name: SourceName
    package var landedName: String
    package var isEnabled: Bool
    /// The source no longer has it.
    package var isDeleted = false
    package var lock: Lock?
    package var supportsColumnSettings: Bool
    /// Nil where the mode cannot be switched.
    package var syncMode: SyncMode?
    package var columns: [Column] = []
    /// Nil until it is in the destination.
    package var landed: LandedTable?

    package var hasKey: Bool { columns.contains { $0.isPrimaryKey } }
  }

  package struct Column: Sendable {
    package var name: SourceName
    package var landedName: String
    package var type: String
    package var isPrimaryKey: Bool
    package var lock: Lock?
    package var isEnabled: Bool
    package var isHashed = false
    /// The source no longer has it.
    package var isDeleted = false
    /// Somebody or something has set its state, so the config lists it for ever.
    package var isTouched = false
    /// Blocked, and somebody asked to drop it; the next sync does it.
    package var isDropAsked = false
    /// The first row that carries values; nil until it has landed.
    package var firstRow: Int?
    /// The first row whose value is hashed; nil while none is.
    package var hashedFrom: Int?
  }
}

extension SchemaConfig {
  /// Brings the model up to what the source holds. What is new is enabled as the change handling says; at the first
  /// look everything is.
  mutating func discover(_ source: Source, isFirst: Bool) {
    let takesNew = isFirst || changeHandling == .allowAll
    var known: [SourcePath: (schema: Int, table: Int)] = [:]
    for schema in schemas.indices {
      for table in schemas[schema].tables.indices {
        known[SourcePath(schema: schemas[schema].name, table: schemas[schema].tables[table].name)] = (schema, table)
        // Until the source shows it again.
        schemas[schema].tables[table].isDeleted = true
      }
    }
    for table in source.tables {
      if let at = known[SourcePath(schema: table.schema, table: table.name)] {
        schemas[at.schema].tables[at.table].discover(table, handling: changeHandling)
      } else {
        let schema = schemaIndex(of: table, isEnabled: takesNew)
        schemas[schema].tables.append(Table(table, isEnabled: takesNew && table.startsEnabled))
      }
    }
  }

  private mutating func schemaIndex(of table: Source.Table, isEnabled: Bool) -> Int {
    if let index = schemas.firstIndex(where: { $0.name == table.schema }) { return index }
    schemas.append(Schema(name: table.schema, landedName: table.landedSchema, isEnabled: isEnabled))
    return schemas.count - 1
  }

  func position(of schema: SourceName, _ table: SourceName) -> (schema: Int, table: Int)? {
    guard let at = schemas.firstIndex(where: { $0.name == schema }),
      let index = schemas[at].tables.firstIndex(where: { $0.name == table })
    else { return nil }
    return (at, index)
  }

  /// Tables that a sync loads, with the schema where they land.
  var active: [(schema: Int, table: Int)] {
    schemas.indices.filter { schemas[$0].isEnabled }.flatMap { schema in
      schemas[schema].tables.indices
        .filter { schemas[schema].tables[$0].isEnabled && !schemas[schema].tables[$0].isDeleted }
        .map { (schema, $0) }
    }
  }
}

extension SchemaConfig.Table {
  fileprivate init(_ source: Source.Table, isEnabled: Bool) {
    self.init(
      name: source.name, landedName: source.landedName, isEnabled: isEnabled, lock: source.lock,
      supportsColumnSettings: source.supportsColumnSettings, syncMode: source.syncMode)
    columns = source.columns.map { SchemaConfig.Column($0) }
  }

  fileprivate mutating func discover(_ source: Source.Table, handling: ChangeHandling) {
    isDeleted = false
    var seen = Set<Int>()
    for (place, column) in source.columns.enumerated() {
      if let index = index(of: column.name, near: place) {
        columns[index].isDeleted = false
        columns[index].type = column.type
        seen.insert(index)
      } else {
        var new = SchemaConfig.Column(column)
        // Under BLOCK_ALL a new column is written into the config as disabled.
        if handling == .blockAll, !column.isPrimaryKey, column.lock == nil {
          new.isEnabled = false
          new.isTouched = true
        }
        seen.insert(columns.count)
        columns.append(new)
      }
    }
    for index in columns.indices where !seen.contains(index) {
      columns[index].isDeleted = true
      columns[index].isTouched = true
    }
  }

  /// Most columns are where they were.
  private func index(of name: SourceName, near place: Int) -> Int? {
    if columns.indices.contains(place), columns[place].name == name { return place }
    return columns.firstIndex { $0.name == name }
  }
}

extension SchemaConfig.Column {
  init(_ source: Source.Column) {
    self.init(
      name: source.name, landedName: source.landedName, type: source.type,
      isPrimaryKey: source.isPrimaryKey, lock: source.lock, isEnabled: source.startsEnabled,
      isHashed: source.startsHashed, isTouched: !source.startsEnabled || source.startsHashed)
  }

  /// `enabled` cannot be changed.
  var isLocked: Bool { isPrimaryKey || isDeleted || lock != nil }
}
