/// What a column can hold, independent of how one warehouse spells it.
///
/// Two spellings of one type are equal here, so a synonym is never drift. A dialect reads and writes the spelling.
package enum ColumnType: Hashable, Sendable {
  case boolean
  /// 16, 32 or 64 bits.
  case integer(bits: Int)
  /// `nil` is "as wide as the warehouse allows".
  case decimal(precision: Int?, scale: Int?)
  /// 32 or 64 bits.
  case float(bits: Int)
  case date
  case time
  /// `zoned` is a point in time, the other a wall-clock reading.
  case timestamp(zoned: Bool)
  /// `length` in the warehouse's own unit; `nil` is unbounded.
  case text(length: Int?)
  case uuid
  case json
  case xml
  case binary
  /// Kept as it was spelled. Never guessed at and never sent to DDL.
  case unrecognized(String)
}
