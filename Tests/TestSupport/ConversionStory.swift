package import DriftCore

/// One conversion of every landed type to every type that the dialect converts it to, as the columns of a view.
package struct ConversionStory: Sendable, CustomStringConvertible {
  package var description: String
  package var mapping: Mapping
  package var landed: [ColumnName: ColumnType]

  package static func all(_ dialect: Dialect) -> [ConversionStory] {
    [
      ("none", .none), ("cast", .cast), ("try_cast", .tryCast), ("json_field", .jsonField("plan")), ("trim", .trim),
      ("lower", .lower), ("upper", .upper), ("epoch_to_timestamp", .epochToTimestamp),
      ("boolean_from_text", .booleanFromText),
    ].map { (name: String, conversion: Conversion) in story(name, conversion, dialect) }
  }

  private static func story(_ name: String, _ conversion: Conversion, _ dialect: Dialect) -> ConversionStory {
    let all = types.filter { dialect.typeName($0.type) != nil && dialect.stored($0.type) == $0.type }
    var mapping = Mapping(
      connection: "crm", source: TableName(schema: dialect.folded("crm"), name: dialect.folded("account")),
      target: Target(table: TableName(schema: dialect.folded("analytics"), name: dialect.folded(name)), kind: .view),
      columns: [])
    var landed: [ColumnName: ColumnType] = [:]
    for from in all {
      let source = ColumnName(dialect.folded("a_\(from.name)"))
      landed[source] = from.type
      for to in all {
        var one = mapping
        one.columns = [
          MappingColumn(
            sources: [source], target: ColumnName(dialect.folded("\(from.name)_to_\(to.name)")),
            type: dialect.typeName(to.type) ?? "", conversion: conversion)
        ]
        // What the dialect refuses has no statement.
        if (try? dialect.statement(for: .replaceView, mapping: one, landed: landed)) != nil {
          mapping.columns += one.columns
        }
      }
    }
    return ConversionStory(description: name, mapping: mapping, landed: landed)
  }

  /// One of each family.
  private static let types: [(name: String, type: ColumnType)] = [
    ("boolean", .boolean), ("integer", .integer(bits: 64)), ("decimal", .decimal(precision: 12, scale: 2)),
    ("float", .float(bits: 64)), ("date", .date), ("time", .time), ("reading", .timestamp(zoned: false)),
    ("instant", .timestamp(zoned: true)), ("text", .text(length: nil)), ("character", .character(length: 40)),
    ("uuid", .uuid), ("json", .json),
    ("xml", .xml), ("binary", .binary(length: nil)),
  ]
}
