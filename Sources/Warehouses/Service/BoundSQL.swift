/// A statement of a driver's own. What is interpolated is bound as a value; a name has to be quoted and said to be one.
struct BoundSQL: ExpressibleByStringInterpolation, Sendable {
  enum Part: Sendable {
    case text(String)
    case value(String?)
  }

  struct StringInterpolation: StringInterpolationProtocol {
    var parts: [Part] = []

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }
    mutating func appendInterpolation(_ value: String?) { parts.append(.value(value)) }
    mutating func appendInterpolation(_ value: Int) { parts.append(.value(String(value))) }
    /// A list for `IN`, which must not be empty.
    mutating func appendInterpolation(list values: [String]) {
      for (index, value) in values.enumerated() {
        if index > 0 { parts.append(.text(", ")) }
        parts.append(.value(value))
      }
    }
    /// Names quoted by the dialect, and parts of statements.
    mutating func appendInterpolation(sql text: String) { parts.append(.text(text)) }
    mutating func appendInterpolation(_ other: BoundSQL) { parts += other.parts }
  }

  private var parts: [Part]

  init(stringLiteral value: String) { parts = [.text(value)] }
  init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  var values: [String?] {
    parts.compactMap { part -> String?? in if case .value(let value) = part { .some(value) } else { nil } }
  }

  /// - Parameter mark: stands for a value; values are counted from 1.
  func text(_ mark: (Int) -> String) -> String {
    var count = 0
    return parts.map { part in
      switch part {
      case .text(let text): return text
      case .value:
        count += 1
        return mark(count)
      }
    }.joined()
  }
}
