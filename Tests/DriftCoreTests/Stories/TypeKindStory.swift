import DriftCore

/// One kind of change of a type, as it happens to a column of `Scene`.
struct TypeKindStory: Sendable, CustomStringConvertible {
  let rule: String
  var column = "seats"
  /// Each dialect takes the first pair that it can tell apart and that is of this kind there.
  let pairs: [(from: ColumnType, to: ColumnType)]

  /// The folder of what people see.
  var description: String { column == "seats" ? rule : "\(rule)-key" }

  /// The scene after the change; nil where the dialect has no such change.
  func scene(_ dialect: Dialect) -> Scene? {
    for (from, to) in pairs {
      guard let before = dialect.spelled(from), let after = dialect.spelled(to) else { continue }
      var scene = Scene(dialect)
      let name = ColumnName(dialect.folded(column))
      scene.observed(column) { ($0.type, $0.physicalType) = (from, before) }
      scene.contract = contract(promising: scene.table, connection: "crm")
      if dialect.typeName(from) == nil {
        // A target has no column of a type that is not written.
        scene.mapping.columns.removeAll { $0.target == name }
        scene.target?.columns.removeAll { $0.name == name }
      }
      for index in scene.mapping.columns.indices where scene.mapping.columns[index].target == name {
        scene.mapping.columns[index].type = before
        scene.target?.columns[index].physicalType = before
      }
      scene.render()
      scene.observed(column) { ($0.type, $0.physicalType) = (to, after) }
      if scene.judged().map(\.verdict.rule) == [rule] { return scene }
    }
    return nil
  }

  static let all: [TypeKindStory] = numbers + texts + moments + others + nested + keys

  private static let keys: [TypeKindStory] = [
    TypeKindStory(
      rule: "type.precisionWidened", column: "id",
      pairs: [(.decimal(precision: 10, scale: 0), .decimal(precision: 12, scale: 0))])
  ]

  private static let numbers: [TypeKindStory] = [
    TypeKindStory("type.precisionWidened", .decimal(precision: 10, scale: 2), .decimal(precision: 12, scale: 2)),
    TypeKindStory("type.scaleWidened", .decimal(precision: 10, scale: 2), .decimal(precision: 12, scale: 4)),
    TypeKindStory("type.scaleWidened.digitsLost", .decimal(precision: 18, scale: 2), .decimal(precision: 18, scale: 6)),
    TypeKindStory("type.scaleNarrowed", .decimal(precision: nil, scale: nil), .decimal(precision: 10, scale: 2)).or(
      .decimal(precision: 18, scale: 4), .decimal(precision: 18, scale: 2)),
    TypeKindStory("type.precisionNarrowed", .decimal(precision: 18, scale: 2), .decimal(precision: 12, scale: 2)),
    TypeKindStory("type.integerWidened", .integer(bits: 32), .integer(bits: 64)),
    TypeKindStory("type.integerNarrowed", .integer(bits: 64), .integer(bits: 32)),
    TypeKindStory("type.integerToDecimal", .integer(bits: 64), .decimal(precision: 38, scale: 9)),
    TypeKindStory("type.integerToFloat", .integer(bits: 32), .float(bits: 64)).or(.integer(bits: 64), .float(bits: 64)),
    TypeKindStory("type.floatWidened", .float(bits: 32), .float(bits: 64)),
    TypeKindStory("type.floatNarrowed", .float(bits: 64), .float(bits: 32)),
    TypeKindStory("type.decimalToFloat", .decimal(precision: 18, scale: 2), .float(bits: 64)),
    TypeKindStory("type.floatToDecimal", .float(bits: 64), .decimal(precision: 18, scale: 2)),
    TypeKindStory("type.booleanToInteger", .boolean, .integer(bits: 64)),
    TypeKindStory("type.integerToBoolean", .integer(bits: 64), .boolean),
  ]

  private static let texts: [TypeKindStory] = [
    TypeKindStory("type.lengthWidened", .character(length: 5), .character(length: 10)).or(
      .text(length: 40), .text(length: 80)),
    TypeKindStory("type.lengthNarrowed", .text(length: 80), .text(length: 40)),
    TypeKindStory("type.paddingAdded", .text(length: 10), .character(length: 10)),
    TypeKindStory("type.paddingDropped", .character(length: 10), .text(length: 10)),
    TypeKindStory("type.binaryLengthWidened", .binary(length: 10), .binary(length: 20)),
    TypeKindStory("type.binaryLengthNarrowed", .binary(length: 20), .binary(length: 10)),
    TypeKindStory("type.toString.tooShort", .integer(bits: 64), .text(length: 5)),
    TypeKindStory("type.toString", .integer(bits: 64), .text(length: nil)),
    TypeKindStory("type.fromString", .text(length: nil), .integer(bits: 64)),
  ]

  private static let moments: [TypeKindStory] = [
    TypeKindStory("type.dateToTimestamp", .date, .timestamp(zoned: false)),
    TypeKindStory("type.timestampToDate", .timestamp(zoned: true), .date),
    TypeKindStory("type.timezoneAdded", .timestamp(zoned: false), .timestamp(zoned: true)),
    TypeKindStory("type.timezoneDropped", .timestamp(zoned: true), .timestamp(zoned: false)),
    TypeKindStory(
      "type.fractionalSecondsChanged", .timestamp(zoned: false), .timestamp(zoned: false, digits: 3)),
  ]

  private static let others: [TypeKindStory] = [
    TypeKindStory("type.unknown", .unrecognized("blob_of(3)"), .text(length: nil)),
    TypeKindStory("type.toJson", .integer(bits: 64), .json),
    TypeKindStory("type.fromJson", .json, .integer(bits: 64)),
    TypeKindStory("type.vectorDimensionsChanged", .vector(dimensions: 768), .vector(dimensions: 1024)),
    TypeKindStory("type.scalarToArray", .date, .array(.date)),
    TypeKindStory("type.arrayToScalar", .array(.date), .date),
    TypeKindStory("type.incompatible", .boolean, .date),
  ]

  private static let nested: [TypeKindStory] = [
    TypeKindStory("type.structFieldAdded", structure(("zip", .text(length: nil))), address),
    TypeKindStory("type.structFieldRemoved", address, structure(("zip", .text(length: nil)))),
    TypeKindStory(
      "type.structFieldRenamed", structure(("zipCode", .text(length: nil))), structure(("zip_code", .text(length: nil)))
    ),
    TypeKindStory(
      "type.structFieldTypeChanged", structure(("floor", .integer(bits: 32))), structure(("floor", .integer(bits: 64)))
    )
    .or(structure(("floor", .integer(bits: 64))), structure(("floor", .text(length: nil)))),
    TypeKindStory(
      "type.structFieldMoved", address, structure(("floor", .integer(bits: 64)), ("zip", .text(length: nil)))),
    TypeKindStory("type.arrayElementChanged", .array(.integer(bits: 32)), .array(.integer(bits: 64))).or(
      .array(.integer(bits: 64)), .array(.text(length: nil))),
    TypeKindStory(
      "type.mapKeyChanged", .map(key: .text(length: nil), value: .date), .map(key: .integer(bits: 64), value: .date)),
    TypeKindStory(
      "type.mapValueChanged", .map(key: .text(length: nil), value: .integer(bits: 64)),
      .map(key: .text(length: nil), value: .text(length: nil))),
  ]

  private static let address = structure(("zip", .text(length: nil)), ("floor", .integer(bits: 64)))

  private static func structure(_ fields: (String, ColumnType)...) -> ColumnType {
    .structure(fields.map { StructureField(ColumnName($0.0), $0.1) })
  }

  private init(_ rule: String, _ from: ColumnType, _ to: ColumnType) {
    self.rule = rule
    pairs = [(from, to)]
  }

  private init(rule: String, column: String, pairs: [(from: ColumnType, to: ColumnType)]) {
    self.rule = rule
    self.column = column
    self.pairs = pairs
  }

  /// Another pair, where a dialect has not the first.
  private func or(_ from: ColumnType, _ to: ColumnType) -> TypeKindStory {
    TypeKindStory(rule: rule, column: column, pairs: pairs + [(from, to)])
  }
}

extension Dialect {
  /// As a column of the type is spelled in the catalogue; nil where the warehouse has none.
  fileprivate func spelled(_ type: ColumnType) -> String? {
    if case .unrecognized(let spelled) = type { return spelled }
    if let name = typeName(type) { return stored(type) == type ? name : nil }
    // No statement writes an array of PostgreSQL's.
    guard case .array(let element) = type, let name = typeName(element), parseType("\(name)[]") == type else {
      return nil
    }
    return "\(name)[]"
  }
}
