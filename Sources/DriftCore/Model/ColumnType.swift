/// What a column can hold, independent of how one warehouse spells it.
///
/// Two spellings of one type are equal here, so a synonym is never drift. A dialect reads and writes the spelling.
package indirect enum ColumnType: Hashable, Sendable {
  case boolean
  /// 8, 16, 32 or 64 bits.
  case integer(bits: Int)
  /// `nil` is "as wide as the warehouse allows".
  case decimal(precision: Int?, scale: Int?)
  /// 32 or 64 bits.
  case float(bits: Int)
  case date
  case time
  /// `zoned` is a point in time, the other a wall-clock reading. `digits` of a second; `nil` is all that the warehouse
  /// keeps.
  case timestamp(zoned: Bool, digits: Int? = nil)
  /// `length` in the warehouse's own unit; `nil` is unbounded.
  case text(length: Int?)
  /// Text of one length, in the warehouse's own unit: what is shorter is filled up with spaces, and spaces at the end do not
  /// count where two are compared. `nil` is without bound, and nothing is filled up.
  case character(length: Int?)
  case uuid
  case json
  case xml
  /// `length` in bytes; `nil` is unbounded.
  case binary(length: Int?)
  case vector(dimensions: Int)
  case array(ColumnType)
  case map(key: ColumnType, value: ColumnType)
  /// Named fields in order; no name twice.
  case structure([StructureField])
  /// Kept as it was spelled. Never guessed at and never sent to DDL.
  case unrecognized(String)
}

package struct StructureField: Hashable, Sendable {
  package var name: ColumnName
  package var type: ColumnType

  package init(_ name: ColumnName, _ type: ColumnType) {
    self.name = name
    self.type = type
  }
}

extension ColumnType {
  package var isUnrecognized: Bool {
    if case .unrecognized = self { true } else { false }
  }

  /// Be it of one length or not.
  package var isText: Bool {
    switch self {
    case .text, .character: true
    case .boolean, .integer, .decimal, .float, .date, .time, .timestamp, .uuid, .json, .xml, .binary, .vector, .array,
      .map, .structure, .unrecognized:
      false
    }
  }

  /// The longest text that fits; nil where there is no bound, and for what is no text.
  var textLength: Int? {
    switch self {
    case .text(let length), .character(let length): length
    case .boolean, .integer, .decimal, .float, .date, .time, .timestamp, .uuid, .json, .xml, .binary, .vector, .array,
      .map, .structure, .unrecognized:
      nil
    }
  }

  /// Whether other types are inside it.
  package var isNested: Bool {
    switch self {
    case .array, .map, .structure: true
    case .boolean, .integer, .decimal, .float, .date, .time, .timestamp, .text, .character, .uuid, .json, .xml,
      .binary, .vector, .unrecognized:
      false
    }
  }
}
