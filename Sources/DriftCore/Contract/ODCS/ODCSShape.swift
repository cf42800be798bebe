/// What one kind of object in a contract may hold: the standard as data.
///
/// Source: the JSON Schemas of ODCS v3.0.0, v3.0.1, v3.0.2, v3.1.0 (2026-05-05) and v3.2.0.
struct ODCSShape: Sendable {
  /// For messages: "a column".
  let what: String
  let keys: [Key]
  /// Before this version the standard lets such an object have any other key; nil where it does to this day.
  let closedSince: ODCSVersion?
  /// The keys that the object has beside these, by what else stands in it.
  let variant: (@Sendable (YAMLNode, ODCSVersion) -> ODCSShape?)?
  /// The key that tells the objects of one list apart, besides `id`; nil where several may have the same.
  let naturalKey: String?
  /// What no list of keys can say.
  let rule: (@Sendable (inout YAMLDecoder, YAMLNode, ODCSVersion) -> Void)?
  private let index: [String: Int]

  init(
    _ what: String, closedSince: ODCSVersion? = .v310, naturalKey: String? = nil, _ keys: [Key],
    variant: (@Sendable (YAMLNode, ODCSVersion) -> ODCSShape?)? = nil,
    rule: (@Sendable (inout YAMLDecoder, YAMLNode, ODCSVersion) -> Void)? = nil
  ) {
    self.what = what
    self.keys = keys
    self.closedSince = closedSince
    self.naturalKey = naturalKey
    self.variant = variant
    self.rule = rule
    index = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1.name, $0) })
  }

  /// Where a key stands in a file that Mooring writes; what no list has comes last. What belongs to a variant stands
  /// before what any object may carry.
  func position(of key: String, variant: ODCSShape?) -> Int {
    let carried = keys.firstIndex { ["roles", "tags", "dimension"].contains($0.name) } ?? keys.count
    if let own = index[key] { return variant == nil || own < carried ? own : own + 100 }
    return variant?.index[key].map { carried + $0 } ?? Int.max
  }

  /// Whether a key that is not listed makes the object something else than the standard's.
  func isClosed(in version: ODCSVersion) -> Bool { closedSince.map { version >= $0 } ?? false }

  /// `what` without its article.
  var noun: Substring {
    ["a ", "an ", "the "].first { what.hasPrefix($0) }.map { what.dropFirst($0.count) } ?? what[...]
  }

  subscript(key: String) -> Key? { index[key].map { keys[$0] } }

  struct Key: Sendable {
    let name: String
    let value: Value
    let since: ODCSVersion
    let need: Need

    init(_ name: String, _ value: Value, since: ODCSVersion = .v300, _ need: Need = .optional) {
      self.name = name
      self.value = value
      self.since = since
      self.need = need
    }
  }

  enum Need: Sendable {
    case optional, required
    case requiredBefore(ODCSVersion)
    case requiredSince(ODCSVersion)
    case requiredIn(ClosedRange<ODCSVersion>)

    func holds(in version: ODCSVersion) -> Bool {
      switch self {
      case .optional: false
      case .required: true
      case .requiredBefore(let limit): version < limit
      case .requiredSince(let limit): version >= limit
      case .requiredIn(let versions): versions.contains(version)
      }
    }
  }

  indirect enum Value: Sendable {
    case text, boolean, integer, number, stableID
    /// Whole numbers from 0, from 1, and numbers above 0.
    case count, position, factor
    case formed(TextForm)
    /// Anything but a collection.
    case scalar
    case any
    /// A mapping of whatever keys.
    case mapping
    case word([String])
    case list(Value, atLeast: Int = 0, atMost: Int = .max, isSet: Bool = false)
    case object(@Sendable () -> ODCSShape)
    /// The first for a scalar (or a list, where the second is an object), else the second.
    case either(Value, Value)
    case changed(in: ODCSVersion, from: Value, to: Value)

    /// What a node with this value, or each item of it, is to look like; nil where it is no object of the standard.
    func shape(of node: YAMLNode) -> ODCSShape? {
      switch self {
      case .object(let shape): shape()
      case .list(let item, _, _, _): item.shape(of: node)
      case .either(let first, let second):
        first.shape(of: node).flatMap { node.items == nil ? nil : $0 } ?? second.shape(of: node)
      case .text, .boolean, .integer, .number, .stableID, .count, .position, .factor, .formed, .scalar, .any, .mapping,
        .word, .changed:
        nil
      }
    }
  }
}
