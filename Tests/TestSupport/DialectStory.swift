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

  package static func all(_ dialect: Dialect) -> [DialectStory] {
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
              sources: ["settings"], target: "plan", type: text, conversion: .jsonField("it's")),
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
        name: "view-dropped", mapping: account([key], kind: .view), landed: landed,
        systemColumns: [], actions: [.dropView]),
      DialectStory(
        name: "names-hostile",
        mapping: Mapping(
          connection: "crm", source: TableName(schema: "crm", name: #"we"ird; DROP TABLE canary"#),
          target: Target(table: TableName(schema: "analytics", name: "plain"), kind: .table),
          columns: [
            MappingColumn(sources: [#"Id"]"#], target: "id", type: text, isKey: true),
            MappingColumn(
              sources: [#""; drop table canary --"#], target: "first", type: text),
            MappingColumn(sources: ["select"], target: "order", type: text),
            MappingColumn(sources: ["straße/*"], target: "street", type: text),
          ]),
        landed: [
          #"Id"]"#: .text(length: nil), #""; drop table canary --"#: .text(length: nil),
          "select": .text(length: nil), "straße/*": .text(length: nil),
        ],
        systemColumns: [],
        actions: [
          .addColumn("order", .text(length: nil)), .dropColumn(#"old "name"; --"#),
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

extension Dialect: CustomTestStringConvertible {
  package var testDescription: String { id }
}
