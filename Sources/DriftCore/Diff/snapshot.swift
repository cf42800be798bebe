/// Where the types of landed columns were read.
package enum LandedTypes: Sendable {
  /// The destination's catalogue. What it does not list is not landed.
  case catalogue([TableName: CatalogueTable])
  /// Fivetran's metadata endpoint. What it does not list is unknown.
  case metadata([TableName: [ColumnName: String]])
}

/// The source's own columns of a table, from the columns endpoint.
package struct ColumnList: Hashable, Sendable {
  package var columns: [ColumnSetting]
  /// How often the endpoint was asked. A column that is missing counts as gone only from the second time on.
  package var looks: Int

  package init(columns: [ColumnSetting], looks: Int) {
    self.columns = columns
    self.looks = looks
  }
}

extension ColumnList {
  /// Columns of the table, as observed, that the list lacks.
  package func missing(from table: ObservedTable, dialect: Dialect) -> [ColumnName] {
    let listed = Set(dialect.catalogueNames(self).columns.map(\.name))
    return table.columns.filter { $0.inSource != .absent && !listed.contains($0.name) }.map(\.name)
  }

  /// Whether the list shows what the table, as observed without it, does not: a column that is gone, or one kept out.
  package func tellsMore(than table: ObservedTable, dialect: Dialect) -> Bool {
    let known = Set(table.columns.map(\.name))
    return !missing(from: table, dialect: dialect).isEmpty
      || dialect.catalogueNames(self).columns.contains { !$0.isEnabled && !known.contains($0.name) }
  }
}

/// Joins what Fivetran says of a connection with what its destination holds.
///
/// Absence proves nothing here: a column that settings do not list follows its table's default, and a table that they
/// do not list is left out. Only the source's own word (`DELETED`, or a columns list that lacks it twice) says `absent`.
package func snapshot(
  of connection: ConnectionName, settings: ConnectionSettings, types: LandedTypes,
  columnLists: [SourceTable: ColumnList], scope: Scope, dialect: Dialect
) -> SchemaSnapshot {
  var tables: [ObservedTable] = []
  var reader = TypeReader(dialect: dialect)
  let types = dialect.catalogueNames(types)
  for setting in settings.tables {
    // The scope is written in Fivetran's names; what is observed has those of the catalogue.
    if isSystemTable(setting.name.name) || !scope.contains(setting.name) { continue }
    tables.append(
      table(
        dialect.catalogueNames(setting), types: types, list: columnLists[setting.source].map(dialect.catalogueNames),
        reader: &reader))
  }
  tables.sort { $0.name < $1.name }
  return SchemaSnapshot(
    connection: connection, changeHandling: settings.changeHandling,
    schemas: schemas(in: settings, scope: scope), tables: tables)
}

/// The schemas in which something may land. Two sources of one name are one here.
private func schemas(in settings: ConnectionSettings, scope: Scope) -> [ObservedSchema] {
  let tables = Dictionary(grouping: settings.tables, by: \.name.schema)
  let byName = Dictionary(grouping: settings.schemas, by: \.name)
  return byName.sorted { $0.key < $1.key }.compactMap { name, sources in
    let listed = (tables[name] ?? []).filter { !isSystemTable($0.name.name) }
    let isInScope =
      listed.isEmpty ? scope.contains(TableName(schema: name, name: "*")) : listed.contains { scope.contains($0.name) }
    if !isInScope { return nil }
    let isGone = !listed.isEmpty && listed.allSatisfy(\.isDeleted)
    return ObservedSchema(
      name: name, isEnabled: sources.contains(where: \.isEnabled),
      inSource: isGone ? .absent : listed.isEmpty ? .unknown : .present)
  }
}

private func table(
  _ setting: TableSetting, types: LandedTypes, list: ColumnList?, reader: inout TypeReader
) -> ObservedTable {
  var table = ObservedTable(
    name: setting.name, source: setting.source, isEnabled: setting.isEnabled,
    syncMode: setting.syncMode, inSource: setting.isDeleted ? .absent : .present,
    columns: [], supportsColumnSettings: setting.supportsColumnSettings)
  addLanded(to: &table, types: types, reader: &reader)
  // Most tables of most connections: nobody has touched a column.
  if setting.columns.isEmpty, list == nil { return table }
  var columns = Dictionary(
    table.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  for column in setting.columns where !isSystemColumn(column.name.text) {
    add(column, to: &columns, table: table)
  }
  if let list {
    for column in list.columns where !isSystemColumn(column.name.text) {
      add(column, to: &columns, table: table)
    }
    if list.looks >= 2 {
      let listed = Set(list.columns.map(\.name))
      for name in columns.keys where !listed.contains(name) { columns[name]?.inSource = .absent }
    }
  }
  table.columns = columns.values.sorted { $0.name < $1.name }
  return table
}

/// Reads each spelling of a type once: a destination has few of them and many columns.
struct TypeReader {
  let dialect: Dialect
  private var known: [String: ColumnType] = [:]

  init(dialect: Dialect) { self.dialect = dialect }

  mutating func type(_ spelled: String) -> ColumnType {
    if let type = known[spelled] { return type }
    let type = dialect.parseType(spelled)
    known[spelled] = type
    return type
  }
}

/// Adds the landed columns, ordered by name. Their places are sorted rather than themselves: a column is large to move.
private func addLanded(
  to table: inout ObservedTable, types: LandedTypes, reader: inout TypeReader
) {
  switch types {
  case .catalogue(let catalogue):
    guard let landed = catalogue[table.name] else {
      table.landed = .absent
      return
    }
    table.landed = .present
    table.isView = landed.isView
    table.uniqueKeys = landed.uniqueKeys.map { $0.sorted() }
    let key = Set(landed.columns.lazy.filter(\.isPrimaryKey).map(\.name))
    table.primaryKey = landed.uniqueKeys.first { Set($0) == key }
    table.rowEstimate = landed.rowEstimate
    table.columns.reserveCapacity(landed.columns.count)
    let names = landed.columns.map(\.name)
    for index in placesByName(names) {
      if isSystemColumn(names[index].text) {
        table.systemColumns.append(names[index])
        continue
      }
      let spelled = landed.columns[index].physicalType
      table.columns.append(
        ObservedColumn(
          name: names[index], type: reader.type(spelled), physicalType: spelled,
          isNullable: landed.columns[index].isNullable, isPrimaryKey: landed.columns[index].isPrimaryKey,
          landed: .present))
    }
  case .metadata(let tables):
    guard let landed = tables[table.name] else { return }
    table.landed = .present
    for (name, physicalType) in landed.sorted(by: { $0.key < $1.key }) {
      if isSystemColumn(name.text) {
        table.systemColumns.append(name)
        continue
      }
      table.columns.append(
        ObservedColumn(
          name: name, type: reader.type(physicalType), physicalType: physicalType,
          landed: .present))
    }
  }
}

/// The places of `names` in the order of the names. Their first 16 bytes, as a number, decide nearly always.
private func placesByName(_ names: [ColumnName]) -> [Int] {
  let heads = names.map { name in
    var head: UInt128 = 0
    withUnsafeMutableBytes(of: &head) { $0.copyBytes(from: name.text.utf8.prefix(16)) }
    return UInt128(bigEndian: head)
  }
  return names.indices.sorted { heads[$0] == heads[$1] ? names[$0] < names[$1] : heads[$0] < heads[$1] }
}

private func add(
  _ setting: ColumnSetting, to columns: inout [ColumnName: ObservedColumn], table: ObservedTable
) {
  var column =
    columns[setting.name]
    ?? ObservedColumn(name: setting.name, landed: table.landed == .unknown ? .unknown : .absent)
  column.sourceName = setting.source
  column.isEnabled = setting.isEnabled
  column.isHashed = setting.isHashed
  if column.isPrimaryKey == nil { column.isPrimaryKey = setting.isPrimaryKey }
  column.inSource = setting.isDeleted ? .absent : .present
  columns[setting.name] = column
}

/// Which tables of a connection are looked at: `include` and `exclude` globs over `schema.table`.
package struct Scope: Hashable, Sendable {
  package var include: [String]
  package var exclude: [String]

  package init(include: [String] = [], exclude: [String] = []) {
    self.include = include
    self.exclude = exclude
  }

  package func contains(_ table: TableName) -> Bool {
    let name = table.description
    if exclude.contains(where: { matches(name, glob: $0) }) { return false }
    return include.isEmpty || include.contains { matches(name, glob: $0) }
  }
}

/// Whether `text` matches a glob of `*` (any run) and `?` (any one character). Linear in time for each star.
package func matches(_ text: String, glob: String) -> Bool {
  let text = Array(text.utf8)
  let glob = Array(glob.utf8)
  var (at, pattern) = (0, 0)
  var star: (pattern: Int, text: Int)?
  while at < text.count {
    if pattern < glob.count, glob[pattern] == UInt8(ascii: "*") {
      star = (pattern, at)
      pattern += 1
    } else if pattern < glob.count, glob[pattern] == text[at] || glob[pattern] == UInt8(ascii: "?") {
      at += 1
      pattern += 1
    } else if let last = star {
      pattern = last.pattern + 1
      star = (last.pattern, last.text + 1)
      at = last.text + 1
    } else {
      return false
    }
  }
  return glob[pattern...].allSatisfy { $0 == UInt8(ascii: "*") }
}

extension ObservedTable {
  /// A landed table as its destination alone shows it: what the source has is unknown.
  package init(landed table: CatalogueTable, dialect: Dialect) {
    self.init(name: table.name, source: SourceTable(schema: "", name: ""), columns: [])
    var reader = TypeReader(dialect: dialect)
    addLanded(to: &self, types: .catalogue([table.name: table]), reader: &reader)
  }
}
