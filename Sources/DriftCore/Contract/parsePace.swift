/// What destinations and connections may say of applying.
let paceKeys = ["apply_windows", "limits"]

extension YAMLDecoder {
  mutating func pace(in fields: YAMLFields, over defaults: ApplyPace) -> ApplyPace {
    var pace = defaults
    if let node = fields["apply_windows"] { pace.windows = windows(node) }
    guard let node = fields["limits"],
      let inner = self.fields(node, of: "\"limits\"", known: ["tables", "rewritten_bytes", "resyncs"])
    else { return pace }
    pace.limits.tables = limit("tables", in: inner, from: 1) ?? pace.limits.tables
    pace.limits.rewrittenBytes = limit("rewritten_bytes", in: inner, from: 0) ?? pace.limits.rewrittenBytes
    pace.limits.resyncs = limit("resyncs", in: inner, from: 0) ?? pace.limits.resyncs
    return pace
  }

  /// One window or a list of them.
  private mutating func windows(_ node: YAMLNode) -> [Schedule] {
    var windows: [Schedule] = []
    for node in node.items ?? [node] {
      guard let text = text(node, "an item of \"apply_windows\"") else { continue }
      if let window = Schedule(text) {
        windows.append(window)
      } else {
        error(
          node, "\"\(text)\" is not a window",
          hint: "write days, hours or both, and the offset from UTC: sat,sun, or mon-fri 22:00-05:00 +02:00")
      }
    }
    if node.items?.isEmpty == true {
      error(node, "\"apply_windows\" is an empty list", hint: "name a window, or remove it: then it is any time")
    }
    return windows
  }

  private mutating func limit(_ key: String, in fields: YAMLFields, from least: Int) -> Int? {
    guard let node = fields[key], let limit = integer(key, in: fields) else { return nil }
    if limit >= least { return limit }
    error(
      node, "\"\(key)\" is \(limit)",
      hint: least == 0 ? "write 0 or more" : "write 1 or more; to apply nothing, write mode: observe")
    return nil
  }

  /// Both the connection's windows and its destination's have to be open: where they never are at once, nothing would ever
  /// be applied.
  mutating func checkWindows(
    of connections: [ConnectionName: ConnectionPolicy], _ destinations: [DestinationName: DestinationSettings],
    in fields: YAMLFields
  ) {
    for (name, policy) in connections.sorted(by: { $0.key < $1.key }) {
      let sets = [policy.pace.windows, destinations[policy.destination]?.pace.windows ?? []]
      guard opening(of: sets, at: Timestamp(microseconds: 0)) == .never else { continue }
      let node = fields["connections"]?[name.text]?["apply_windows"] ?? fields["defaults"]?["apply_windows"]
      error(
        node ?? fields.node,
        "the windows of connection \"\(name)\" and of its destination \"\(policy.destination)\" are never open at once",
        hint: "both have to be open for anything to be applied: make them overlap")
    }
  }
}
