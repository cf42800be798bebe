package import DriftCore
import Testing

/// One change of one target, as every dialect must be able to write it.
package struct DialectStory: Sendable, CustomStringConvertible {
  package var name: String
  package var mapping: Mapping
  package var landed: [ColumnName: ColumnType]
  package var systemColumns: [ColumnName]
  package var actions: [AlterAction]

  package var description: String { name }

  /// The change that holds its actions.
  package var change: Change {
    Change(
      number: 1, slug: "story", connection: mapping.connection, table: mapping.source,
      target: mapping.target.table, actions: actions)
  }

  package static func named(_ name: String, _ dialect: Dialect) -> DialectStory? {
    all(dialect).first { $0.name == name }
  }

  /// Names are as the warehouse has them, types as it stores them, and only actions that it has.
  package static func all(_ dialect: Dialect) -> [DialectStory] {
    // Where every view is replaced in place, none is kept beside it.
    stories(dialect).filter { $0.name != "view-kept" || !dialect.takesEveryView }.map { $0.told(in: dialect) }
  }

  private static func stories(_ dialect: Dialect) -> [DialectStory] {
    /// The nastiest name that the warehouse takes.
    func hostile(_ names: String...) -> String { names.first { (try? dialect.quote($0)) != nil } ?? "" }
    let field = ["bigquery", "databricks"].contains(dialect.id) ? "it s -- #" : "it's"
    let oldName = ColumnName(hostile(#"old "name"; --"#, "old 'name' --"))
    let id = ColumnName(hostile(#"Id"]"#, "Id'#", #"id"]"#))
    let drop = ColumnName(hostile(#""; drop table canary --"#, "' or 1=1 -- drop table canary"))
    let street = ColumnName(hostile("straße/*", "straße"))
    func type(_ type: ColumnType) -> String { dialect.typeName(type) ?? "\(type)" }
    let text = type(.text(length: nil))
    let key = MappingColumn(sources: ["id"], target: "account_id", type: text, isKey: true)
    func account(_ columns: [MappingColumn], kind: Target.Kind = .table) -> Mapping {
      Mapping(
        connection: "salesforce", source: TableName(schema: "salesforce", name: "account"),
        target: Target(table: TableName(schema: "analytics", name: "account"), kind: kind),
        columns: columns)
    }
    let landed: [ColumnName: ColumnType] = [
      "id": .text(length: nil), "tier_c": .text(length: nil), "seats": .integer(bits: 64),
      "rep_c": .text(length: nil), "owner_rep_c": .text(length: nil), "old_count": .text(length: 20),
      "new_count": .integer(bits: 32), "revenue": .float(bits: 64), "settings": .json,
      "amount": .decimal(precision: 12, scale: 4),
      "created_epoch": .integer(bits: 64), "is_active": .text(length: nil), "closed_on": .text(length: nil),
    ]
    return [
      DialectStory(
        name: "column-added",
        mapping: account([key, MappingColumn(sources: ["tier_c"], target: "tier", type: text)]),
        landed: landed, systemColumns: ["_fivetran_deleted", "_fivetran_synced"],
        actions: [.addColumn("tier", .text(length: nil)), .backfill(["tier"])]),
      DialectStory(
        name: "type-widened",
        mapping: account([
          key, MappingColumn(sources: ["seats"], target: "seats", type: type(.integer(bits: 64))),
        ]),
        landed: landed, systemColumns: [], actions: [.setType("seats", .integer(bits: 64))]),
      DialectStory(
        name: "column-renamed",
        mapping: account([
          key,
          MappingColumn(sources: ["owner_rep_c", "rep_c"], target: "rep", type: text),
          MappingColumn(
            sources: ["new_count", "old_count"], target: "count", type: type(.integer(bits: 32)),
            conversion: .tryCast),
        ]),
        landed: landed, systemColumns: ["_fivetran_active", "_fivetran_deleted"],
        actions: [.backfill(["rep", "count"])]),
      DialectStory(
        name: "target-tidied", mapping: account([key]), landed: landed, systemColumns: [],
        actions: [
          .renameColumn(from: "rep", to: "owner_rep"), .dropColumn("fax"), .dropNotNull("seats"),
          .setNotNull("owner_rep"),
        ]),
      DialectStory(
        name: "type-swapped",
        mapping: account([
          key,
          MappingColumn(
            sources: ["amount"], target: "amount", type: type(.decimal(precision: 12, scale: 4))),
        ]),
        landed: landed, systemColumns: [],
        actions: [
          .addColumn("amount__new", .decimal(precision: 12, scale: 4)),
          .copyColumn(
            from: "amount", .decimal(precision: 10, scale: 2), to: "amount__new",
            .decimal(precision: 12, scale: 4)),
          .renameColumn(from: "amount", to: "amount__old"),
          .renameColumn(from: "amount__new", to: "amount"),
        ]),
      DialectStory(
        name: "target-described",
        mapping: account([MappingColumn(sources: ["tier_c"], target: "tier", type: text)]),
        landed: landed, systemColumns: [],
        actions: [
          .commentColumn("tier", "what they pay for; -- no more"), .commentTable("accounts /* of all"),
          .addPrimaryKey(["tier"]), .dropPrimaryKey, .renameTable(to: "moved"),
        ]),
      DialectStory(
        name: "composite-key",
        mapping: Mapping(
          connection: "orders", source: TableName(schema: "orders_public", name: "line"),
          target: Target(table: TableName(schema: "analytics", name: "order_line"), kind: .table),
          rows: RowRules(deleted: .include, history: .all),
          columns: [
            MappingColumn(
              sources: ["order_id"], target: "order_id", type: type(.uuid), isKey: true),
            MappingColumn(
              sources: ["line"], target: "line", type: type(.integer(bits: 64)), isKey: true),
            MappingColumn(
              sources: ["price"], target: "price",
              type: type(.decimal(precision: 18, scale: 2)), conversion: .cast),
            MappingColumn(sources: ["notes"], target: "notes", type: type(.json)),
          ]),
        landed: [
          "order_id": .uuid, "line": .integer(bits: 64), "price": .float(bits: 64), "notes": .json,
        ],
        systemColumns: ["_fivetran_deleted"], actions: [.backfill(["price", "notes"])]),
      DialectStory(
        name: "view-replaced",
        mapping: account(
          [
            key,
            MappingColumn(sources: ["owner_rep_c", "rep_c"], target: "rep", type: text),
            MappingColumn(
              sources: ["revenue"], target: "revenue",
              type: type(.decimal(precision: 18, scale: 2)), conversion: .cast),
            MappingColumn(
              sources: ["old_count"], target: "count", type: type(.integer(bits: 32)),
              conversion: .tryCast),
            MappingColumn(
              sources: ["closed_on"], target: "closed_on", type: type(.date), conversion: .tryCast),
            MappingColumn(
              sources: ["settings"], target: "plan", type: text, conversion: .jsonField(field)),
            MappingColumn(sources: ["tier_c"], target: "tier", type: text, conversion: .trim),
            MappingColumn(sources: ["tier_c"], target: "tier_key", type: text, conversion: .lower),
            MappingColumn(sources: ["tier_c"], target: "tier_sign", type: text, conversion: .upper),
            MappingColumn(
              sources: ["created_epoch"], target: "created_at",
              type: type(.timestamp(zoned: true)), conversion: .epochToTimestamp),
            MappingColumn(
              sources: ["is_active"], target: "is_active", type: type(.boolean),
              conversion: .booleanFromText),
          ], kind: .view),
        landed: landed, systemColumns: ["_fivetran_deleted", "_fivetran_active"],
        actions: [.replaceView]),
      DialectStory(
        name: "types-tried",
        mapping: account(
          [key]
            + [
              ("flag", .boolean), ("price", .decimal(precision: 18, scale: 2)),
              ("ratio", .float(bits: 64)), ("long", .integer(bits: 64)), ("clock", .time),
              ("reading", .timestamp(zoned: false)), ("instant", .timestamp(zoned: true)),
              ("short", .text(length: 5)), ("words", .text(length: nil)),
            ].map { (name: ColumnName, wanted: ColumnType) in
              MappingColumn(sources: ["tier_c"], target: name, type: type(wanted), conversion: .tryCast)
            }
            + [("made_on", .date), ("made_at", .timestamp(zoned: false))].map {
              (name: ColumnName, wanted: ColumnType) in
              MappingColumn(
                sources: ["created_epoch"], target: name, type: type(wanted), conversion: .epochToTimestamp)
            }
            + [
              MappingColumn(
                sources: ["amount", "seats"], target: "chosen", type: type(.decimal(precision: 23, scale: 4)),
                conversion: .cast),
              MappingColumn(
                sources: ["settings"], target: "settings_text", type: text, conversion: .cast),
              MappingColumn(
                sources: ["seats"], target: "seats_tried", type: type(.decimal(precision: 9, scale: 0)),
                conversion: .tryCast),
            ], kind: .view),
        landed: landed, systemColumns: [], actions: [.replaceView]),
      DialectStory(
        name: "view-dropped", mapping: account([key], kind: .view), landed: landed,
        systemColumns: [], actions: [.dropView]),
      DialectStory(
        name: "view-kept", mapping: account([key], kind: .view), landed: landed, systemColumns: [],
        actions: [
          .renameTable(to: "account_before_0007"), .replaceView, .grant(Grant([.select], to: .everyone)),
          .grant(Grant([.select, .insert], to: .named(.user, "mooring_analysts"))),
          .grant(Grant([.select], to: .named(.user, RoleName(hostile(#"mooring "x" TO PUBLIC; --"#, "x"))))),
          .grant(Grant([.select], to: .named(.user, "mooring_lead"), isGrantable: true)),
          .grant(Grant([.select], to: .named(.group, "finance"))),
          .grant(Grant([.select, .drop], to: .named(.role, "stewards"))),
        ]),
      DialectStory(
        name: "names-hostile",
        mapping: Mapping(
          connection: "crm",
          source: TableName(
            schema: "crm",
            name: hostile(
              #"we"ird; DROP TABLE canary"#, "we'ird -- DROP TABLE canary", #"we"ird; drop table canary"#)),
          target: Target(table: TableName(schema: "analytics", name: "plain"), kind: .table),
          columns: [
            MappingColumn(sources: [id], target: "id", type: text, isKey: true),
            MappingColumn(sources: [drop], target: "first", type: text),
            MappingColumn(sources: ["select"], target: "order", type: text),
            MappingColumn(sources: [street], target: "street", type: text),
          ]),
        landed: [
          id: .text(length: nil), drop: .text(length: nil),
          "select": .text(length: nil), street: .text(length: nil),
        ],
        systemColumns: [],
        actions: [
          .addColumn("order", .text(length: nil)), .dropColumn(oldName),
          .backfill(["first", "order", "street"]),
        ]),
      DialectStory(
        name: "key-missing",
        mapping: account([
          MappingColumn(sources: ["tier_c"], target: "tier", type: text),
          MappingColumn(sources: ["settings"], target: "settings", type: type(.json)),
        ]),
        landed: landed, systemColumns: ["_fivetran_deleted"],
        actions: [.addColumn("settings", .json)]),
    ]
  }
}

extension DialectStory {
  fileprivate func told(in dialect: Dialect) -> DialectStory {
    func name(_ name: ColumnName) -> ColumnName { ColumnName(dialect.folded(name.text)) }
    func table(_ table: TableName) -> TableName {
      TableName(schema: dialect.folded(table.schema), name: dialect.folded(table.name))
    }
    var story = self
    story.mapping.source = table(mapping.source)
    story.mapping.target.table = table(mapping.target.table)
    story.mapping.columns = mapping.columns.map { column in
      var column = column
      column.sources = column.sources.map(name)
      column.target = name(column.target)
      return column
    }
    story.landed = [:]
    for (column, type) in landed { story.landed[name(column)] = dialect.stored(type) }
    story.systemColumns = systemColumns.map(name)
    story.actions = actions.filter { $0.kind == .replaceView || $0.kind == .backfill || dialect.canWrite($0.kind) }
      .filter { if case .grant = $0 { (try? dialect.alter(mapping.target.table, $0)) != nil } else { true } }
      .map { action in
        switch action {
        case .addColumn(let column, let type): .addColumn(name(column), dialect.stored(type))
        case .setType(let column, let type): .setType(name(column), dialect.stored(type))
        case .renameColumn(let old, let new): .renameColumn(from: name(old), to: name(new))
        case .dropColumn(let column): .dropColumn(name(column))
        case .copyColumn(let old, let type, let new, let newType):
          .copyColumn(from: name(old), dialect.stored(type), to: name(new), dialect.stored(newType))
        case .commentColumn(let column, let text): .commentColumn(name(column), text)
        case .addPrimaryKey(let columns): .addPrimaryKey(columns.map(name))
        case .renameTable(let name): .renameTable(to: dialect.folded(name))
        case .dropNotNull(let column): .dropNotNull(name(column))
        case .setNotNull(let column): .setNotNull(name(column))
        case .backfill(let columns): .backfill(columns.map(name))
        case .replaceView, .dropView, .grant, .commentTable, .dropPrimaryKey: action
        }
      }
    return story
  }
}

extension Dialect: CustomTestStringConvertible {
  package var testDescription: String { id }
}
