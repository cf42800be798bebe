/// What a warehouse can do about a column that should have another type.
package enum TypeChange: Hashable, Sendable {
  /// The warehouse stores both alike.
  case same
  /// One statement; `rewrites` where every row is written again under the lock.
  case inPlace(rewrites: Bool)
  /// A new column, a copy, a swap of names; the old column stays.
  case addCopySwap
  /// Values could be lost or fail: a person chooses.
  case needsPerson
  /// One of the types is not recognized.
  case unknown
}

/// A type without its bounds.
enum TypeFamily: Hashable, Sendable {
  case boolean, integer, decimal, float, date, time, timestamp, instant, text, character, uuid, json, xml
  case binary, vector, array, map, structure, unrecognized
}

extension ColumnType {
  var family: TypeFamily {
    switch self {
    case .boolean: .boolean
    case .integer: .integer
    case .decimal: .decimal
    case .float: .float
    case .date: .date
    case .time: .time
    case .timestamp(let zoned, _): zoned ? .instant : .timestamp
    case .text: .text
    case .character: .character
    case .uuid: .uuid
    case .json: .json
    case .xml: .xml
    case .binary: .binary
    case .vector: .vector
    case .array: .array
    case .map: .map
    case .structure: .structure
    case .unrecognized: .unrecognized
    }
  }
}

/// What a warehouse does about a family of widenings where that differs from its usual answer.
struct TypeRule: Sendable {
  enum Condition: Sendable {
    case always
    /// Decimals: more digits before the point only. No scale at all counts, since nothing is padded.
    case sameScale
    /// From a whole number of at most so many bits to a decimal of at least so many digits before the point.
    case holding(bits: Int, digits: Int)
    /// To one of these only.
    case exactly([ColumnType])
  }

  let from: TypeFamily
  let to: TypeFamily
  var condition: Condition = .always
  let change: TypeChange

  func covers(_ old: ColumnType, _ new: ColumnType) -> Bool {
    guard old.family == from, new.family == to else { return false }
    switch condition {
    case .always: return true
    case .sameScale:
      guard case .decimal(_, let before) = old, case .decimal(let precision, let after) = new
      else { return false }
      return precision == nil || before ?? 0 == after ?? 0
    case .holding(let most, let digits):
      guard case .integer(let bits) = old, case .decimal(let precision?, let scale) = new else { return false }
      return bits <= most && precision - (scale ?? 0) >= digits
    case .exactly(let types): return types.contains(new)
    }
  }
}

extension Dialect {
  /// What can be done about a column of type `from` that should be of type `to`.
  package func change(from: ColumnType, to: ColumnType) -> TypeChange {
    let (from, to) = (stored(from), stored(to))
    if from == to { return .same }
    if from.family == .unrecognized || to.family == .unrecognized { return .unknown }
    guard widens(from, to: to), typeName(to) != nil else { return .needsPerson }
    // What a warehouse makes of types inside a type is not known here.
    if from.isNested { return .needsPerson }
    return typeRules.first { $0.covers(from, to) }?.change ?? widening
  }
}
