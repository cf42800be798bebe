/// Whether every value that `from` can hold fits `to` unchanged.
///
/// Only what follows from "no value is lost". Where Fivetran's own promotion cannot be predicted (a clock reading to a
/// point in time, a 64-bit integer to a double, text to JSON) the answer is no.
package func widens(_ from: ColumnType, to: ColumnType) -> Bool {
  if from == to { return true }
  switch (from, to) {
  case (.unrecognized, _), (_, .unrecognized): return false
  case (.text(let old), .text(let new)): return isAtMost(old, new)
  // The spaces that fill it up are no part of a value; those at the end of other text are, and would become none.
  case (.character(let old), .character(let new)), (.character(let old), .text(let new)): return isAtMost(old, new)
  case (_, .text(let length)): return length == nil
  case (.integer(let old), .integer(let new)): return old < new
  case (.integer(let bits), .float(let mantissa)): return bits < (mantissa == 64 ? 53 : 24)
  case (.integer(let bits), .decimal(let precision, let scale)):
    guard let precision else { return true }
    return precision - (scale ?? 0) >= digits(ofInteger: bits)
  case (.decimal(let old, let oldScale), .decimal(let new, let newScale)):
    guard let new else { return true }
    guard let old else { return false }
    let (before, after) = (oldScale ?? 0, newScale ?? 0)
    return before <= after && old - before <= new - after
  case (.float(let old), .float(let new)): return old < new
  case (.date, .timestamp(let zoned, _)): return !zoned
  case (.timestamp(let wasZoned, let old), .timestamp(let zoned, let new)):
    return wasZoned == zoned && isAtMost(old, new)
  case (.binary(let old), .binary(let new)): return isAtMost(old, new)
  case (.array(let old), .array(let new)): return widens(old, to: new)
  case (.map(let oldKey, let old), .map(let newKey, let new)):
    return widens(oldKey, to: newKey) && widens(old, to: new)
  case (.structure(let old), .structure(let new)):
    return old.allSatisfy { field in
      new.contains { $0.name == field.name && widens(field.type, to: $0.type) }
    }
  case (.boolean, _), (.integer, _), (.decimal, _), (.float, _), (.date, _), (.time, _), (.timestamp, _),
    (.text, _), (.character, _), (.uuid, _), (.json, _), (.xml, _), (.binary, _), (.vector, _), (.array, _), (.map, _),
    (.structure, _):
    return false
  }
}

/// Decimal digits of the largest signed integer.
private func digits(ofInteger bits: Int) -> Int {
  switch bits {
  case ...8: 3
  case ...16: 5
  case ...32: 10
  default: 19
  }
}

/// Nil is without bound.
private func isAtMost(_ old: Int?, _ new: Int?) -> Bool {
  guard let new else { return true }
  guard let old else { return false }
  return old <= new
}
