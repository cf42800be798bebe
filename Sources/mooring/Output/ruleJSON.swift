import DriftCore
import JSON

extension Rule {
  /// What `mooring explain` says of it. Effects that vary with the change are null.
  var json: JSONValue {
    object([
      ("id", .string(id)), ("summary", .string(summary)), ("why", .string(why)), ("advice", .string(advice)),
      ("readers", effects.map { .string($0.readers.rawValue) } ?? .null),
      ("writes", effects.map { .string($0.writes.rawValue) } ?? .null),
      ("reversible", effects.map { .string($0.reversible.rawValue) } ?? .null),
      ("policy", effects.map { .string($0.policy.rawValue) } ?? .null), ("unobserved", .null),
    ])
  }
}

extension UnobservedKind {
  /// In the form of a rule: a kind that no rule speaks of.
  func json(_ id: String) -> JSONValue {
    object([
      ("id", .string(id)), ("summary", .null), ("why", .null), ("advice", .null), ("readers", .null), ("writes", .null),
      ("reversible", .null), ("policy", .null), ("unobserved", .string(reason)),
    ])
  }
}
