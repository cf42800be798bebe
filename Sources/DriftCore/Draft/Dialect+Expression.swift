/// How a dialect turns one value into another. Arguments are SQL that is already quoted.
struct Conversions: Sendable {
  /// Fails where the value does not fit: value, type it has, spelling of the type it gets.
  let cast: @Sendable (String, ColumnType, String) -> String
  /// Whether the warehouse has a cast at all: from a type, to a type. Where nothing is said, it is asked.
  var casts: @Sendable (ColumnType, ColumnType) -> Bool = { _, _ in true }
  /// NULL where the value does not fit: value, type it has, type it gets, that type's spelling. Nil: no way.
  let tryCast: @Sendable (String, ColumnType, ColumnType, String) -> String?
  /// One top-level field as text: value, type it has, field as a literal. Nil: no way.
  let jsonField: @Sendable (String, ColumnType, String) -> String?
  /// Seconds since 1970: value, type it gets. Nil: no way.
  let epoch: @Sendable (String, ColumnType) -> String?
  /// The words of `Conversion.booleanFromText`.
  let boolean: @Sendable (String) -> String
}

/// Where a converted value goes.
enum ValueUse {
  /// Into a view, where text is cut in silence if a cast says so.
  case view
  /// Into a column, whose own type then refuses longer text.
  case assignment
}

extension Dialect {
  /// What feeds one target column, read from the landed table as `l`.
  func expression(
    for column: MappingColumn, landed: [ColumnName: ColumnType], use: ValueUse
  ) throws(DraftRefusal) -> String {
    var values: [(sql: String, type: ColumnType)] = []
    for name in column.sources {
      guard let type = landed[name] else { throw .notLanded(name) }
      let quoted = try naming { () throws(NameRefusal) in try quote(name) }
      values.append(("l." + quoted, type))
    }
    guard let first = values.first else { throw .noSource(column.target) }
    if values.count == 1 {
      return try converted(first.sql, from: first.type, for: column, use: use)
    }
    if let type = commonType(values.map(\.type)) {
      // Two JSON columns may differ in how the engine stores them.
      let operands = values.map { value in
        guard type == .json, let name = typeName(.json) else { return value.sql }
        return conversions.cast(value.sql, type, name)
      }
      let value = "COALESCE(\(operands.joined(separator: ", ")))"
      return try bounded(converted(value, from: type, for: column, use: use), for: column, use: use)
    }
    // A value that cannot be converted must not bring back an older one, so the choice comes before the conversion.
    var text = "CASE"
    for value in values {
      let result = try converted(value.sql, from: value.type, for: column, use: use)
      text += " WHEN \(value.sql) IS NOT NULL THEN \(result)"
    }
    return try bounded(text + " END", for: column, use: use)
  }

  /// A choice among values of one type has that type without its bounds: a view's column is given them again.
  private func bounded(
    _ choice: String, for column: MappingColumn, use: ValueUse
  ) throws(DraftRefusal) -> String {
    let (type, name) = try targetType(of: column)
    return switch type {
    case .text(_?) where use == .view, .character where use == .view, .decimal(_?, _) where use == .view:
      conversions.cast(choice, type, name)
    default: choice
    }
  }

  /// The target's type, which must be one that can be written.
  func targetType(of column: MappingColumn) throws(DraftRefusal) -> (type: ColumnType, name: String) {
    let type = parseType(column.type)
    guard let name = typeName(type) else { throw .unrecognizedType(column.target, column.type) }
    return (type, name)
  }

  private func converted(
    _ value: String, from: ColumnType, for column: MappingColumn, use: ValueUse
  ) throws(DraftRefusal) -> String {
    let (type, name) = try targetType(of: column)
    if losesShape(from, type) { throw .unconvertible(column.target, to: name) }
    func fitted(_ value: String, _ from: ColumnType) throws(DraftRefusal) -> String {
      try fit(value, from: from, to: type, name: name, column: column, use: use)
    }
    /// The value as text, with the bound it has.
    func textual() -> (sql: String, type: ColumnType) {
      if case .text = from { return (value, from) }
      return (conversions.cast(value, from, typeName(.text(length: nil)) ?? ""), .text(length: nil))
    }
    switch column.conversion {
    case .none:
      guard widens(from, to: type) else {
        throw .needsConversion(column.target, from: spelling(of: from), to: name)
      }
      return try fitted(value, from)
    case .cast: return try fitted(value, from)
    case .tryCast:
      if from == type { return value }
      guard let result = conversions.tryCast(value, from, type, name) else {
        throw .unconvertible(column.target, to: name)
      }
      return result
    case .jsonField(let field):
      guard [.json, .text].contains(from.family) else { throw .unconvertible(column.target, to: name) }
      guard let result = conversions.jsonField(value, from, try literal(field)) else {
        throw .literal(field)
      }
      return try fitted(result, .text(length: nil))
    case .trim:
      let text = textual()
      return try fitted("TRIM(\(text.sql))", text.type)
    case .lower:
      let text = textual()
      return try fitted("LOWER(\(text.sql))", text.type)
    case .upper:
      let text = textual()
      return try fitted("UPPER(\(text.sql))", text.type)
    case .epochToTimestamp:
      guard [.integer, .decimal, .float, .text].contains(from.family),
        let result = conversions.epoch(value, type)
      else {
        throw .unconvertible(column.target, to: name)
      }
      return result
    case .booleanFromText:
      guard type == .boolean else { throw .unconvertible(column.target, to: name) }
      return conversions.boolean(textual().sql)
    }
  }

  /// Whether what is inside a value would be lost or mixed up: a structure is cast by the order of its fields, and no
  /// single value is made of several.
  private func losesShape(_ from: ColumnType, _ type: ColumnType) -> Bool {
    if !from.isNested || from == type || type.isText || type == .json { return false }
    return from.family != type.family || from.family == .structure
  }

  /// A cast where one is needed, so that no text is cut in silence.
  private func fit(
    _ value: String, from: ColumnType, to type: ColumnType, name: String, column: MappingColumn,
    use: ValueUse
  ) throws(DraftRefusal) -> String {
    if from == type { return value }
    if let length = type.textLength, !widens(from, to: type), from.textLength.map({ $0 > length }) ?? true {
      if use == .view { throw .wouldCut(column.target, length: length) }
      if from.isText { return value }
      return conversions.cast(value, from, typeName(.text(length: nil)) ?? "")
    }
    guard conversions.casts(from, type) else { throw .unconvertible(column.target, to: name) }
    return conversions.cast(value, from, name)
  }

  private func spelling(of type: ColumnType) -> String {
    if case .unrecognized(let text) = type { return text }
    return typeName(type) ?? "\(type)"
  }

  /// One type for all of them: equal, or text of the greatest length.
  private func commonType(_ types: [ColumnType]) -> ColumnType? {
    guard let first = types.first, first.family != .unrecognized else { return nil }
    if types.allSatisfy({ $0 == first }) { return first }
    guard types.allSatisfy({ $0.family == .text }) else { return nil }
    return types.first { candidate in types.allSatisfy { widens($0, to: candidate) } }
  }
}

/// TRUE or FALSE for the words of `Conversion.booleanFromText`, NULL for any other; `word` is SQL of lower-case text.
func booleanOfWord(_ word: String) -> String {
  "CASE WHEN \(word) IN ('true', 't', 'yes', 'y', '1', 'on') THEN TRUE "
    + "WHEN \(word) IN ('false', 'f', 'no', 'n', '0', 'off') THEN FALSE END"
}
