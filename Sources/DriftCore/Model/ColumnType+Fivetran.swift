extension ColumnType {
  /// Reads a neutral type name in either of Fivetran's spellings: `LONG`, `DECIMAL(12,2)`, `BIGDECIMAL`, `STRING(64)`.
  ///
  /// Case and spaces do not matter. What is not known is kept as `.unrecognized`, never guessed at.
  /// Source: Fivetran documentation, "Data types"; the partner SDK's `DataType`.
  package init(fivetran spelled: String) {
    self = Self.read(fivetran: spelled) ?? .unrecognized(spelled)
  }

  private static func read(fivetran spelled: String) -> ColumnType? {
    guard let (base, parameters) = TypeText(spelled)?.simple else { return nil }
    switch (base, parameters.count) {
    case ("decimal", 0), ("bigdecimal", 0): return .decimal(precision: nil, scale: nil)
    case ("decimal", 1...2), ("bigdecimal", 1...2):
      let scale = parameters.count == 2 ? parameters[1] : 0
      guard (1...1000).contains(parameters[0]), scale <= parameters[0] else { return nil }
      return .decimal(precision: parameters[0], scale: scale)
    case ("string", 1):
      return parameters[0] > 0 ? .text(length: parameters[0]) : nil
    case (_, 0): return fivetranTypes.first { $0.names.contains(base) }?.type
    default: return nil
    }
  }

  /// The neutral name, as the interface for two schemas spells it; nil for a type that Fivetran does not have.
  package var fivetranName: String? {
    switch self {
    case .decimal(let precision?, let scale): "DECIMAL(\(precision),\(scale ?? 0))"
    case .decimal(nil, _): "DECIMAL"
    case .text(let length?): "STRING(\(length))"
    case .boolean, .integer, .float, .date, .time, .timestamp, .text(nil), .character, .uuid, .json, .xml,
      .binary, .vector, .array, .map, .structure, .unrecognized:
      fivetranTypes.first { $0.type == self }?.names[0].uppercased()
    }
  }
}

/// The first name is the one that is written.
private let fivetranTypes: [(type: ColumnType, names: [String])] = [
  (.boolean, ["boolean"]),
  (.integer(bits: 16), ["short"]),
  (.integer(bits: 32), ["int", "integer"]),
  (.integer(bits: 64), ["long"]),
  (.float(bits: 32), ["float"]),
  (.float(bits: 64), ["double"]),
  (.date, ["localdate", "naive_date"]),
  (.time, ["localtime", "naive_time"]),
  (.timestamp(zoned: false), ["localdatetime", "naive_datetime"]),
  (.timestamp(zoned: true), ["instant", "utc_datetime"]),
  (.text(length: nil), ["string"]),
  (.json, ["json"]),
  (.xml, ["xml"]),
  (.binary(length: nil), ["binary"]),
]
