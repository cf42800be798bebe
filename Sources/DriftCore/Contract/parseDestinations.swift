extension YAMLDecoder {
  /// `destinations`, each with the keys of its kind.
  mutating func destinations(in fields: YAMLFields) -> [DestinationName: DestinationSettings] {
    var destinations: [DestinationName: DestinationSettings] = [:]
    for entry in entries("destinations", in: fields) {
      if let settings = destination(entry) { destinations[DestinationName(entry.name)] = settings }
    }
    return destinations
  }

  private mutating func destination(_ entry: YAMLEntry) -> DestinationSettings? {
    let what = "destination \"\(entry.name)\""
    let every = Set(DestinationKind.all.flatMap(\.everyKey).map(\.name)).sorted()
    guard let inner = self.fields(entry.value, of: what, known: ["kind", "group"] + paceKeys + every) else {
      return nil
    }
    let group = requiredText("group", in: inner)
    let pace = self.pace(in: inner, over: ApplyPace())
    guard let name = requiredText("kind", in: inner) else { return nil }
    guard let kind = DestinationKind.named(name) else {
      let known = DestinationKind.all.map(\.name)
      error(
        inner["kind"] ?? inner.node, "unknown kind of destination \"\(name)\"",
        hint: suggestion(for: name, among: known, list: "kinds of destinations")
          ?? "known are: \(known.joined(separator: ", "))")
      return nil
    }
    let keys = kind.keys { inner[$0] != nil }
    for key in every where !keys.contains(where: { $0.name == key }) {
      guard let node = inner[key] else { continue }
      var way = ""
      if let mark = kind.otherWay?.mark, kind.everyKey.contains(where: { $0.name == key }) {
        way = " \(inner[mark] == nil ? "without" : "with") \"\(mark)\""
      }
      error(
        node, "\"\(key)\" has no meaning for a destination of kind \"\(name)\"\(way)",
        hint: "its keys are: \(keys.map(\.name).joined(separator: ", "))")
    }
    var values: [String: String] = [:]
    var isComplete = true
    for key in keys {
      if key.isRequired { isComplete = required(key.name, in: inner) != nil && isComplete }
      guard let node = inner[key.name] else { continue }
      values[key.name] = value(of: key, in: inner)
      if values[key.name] == "" { error(node, "\"\(key.name)\" of \(what) is empty") }
      isComplete = isComplete && values[key.name]?.isEmpty == false
    }
    for key in keys where key.form == .secret {
      guard let other = key.alternative else { continue }
      let given = [key.name, other].filter { inner[$0] != nil }
      if given.isEmpty {
        error(
          inner.node, "\(what) lacks \"\(key.name)\"", hint: "add \(key.name): ${SOME_NAME}, or \(other): with its path"
        )
        isComplete = false
      } else if given.count == 2, let node = inner[other] {
        error(node, "\(what) has both \"\(key.name)\" and \"\(other)\"", hint: "remove one of them")
        isComplete = false
      }
    }
    guard let group, isComplete else { return nil }
    return DestinationSettings(kind: name, group: group, values: values, pace: pace)
  }

  private mutating func value(of key: DestinationKind.Key, in fields: YAMLFields) -> String? {
    switch key.form {
    case .address: url(key.name, in: fields)
    case .secret: secret(key.name, in: fields)
    case .text: optionalText(key.name, in: fields)
    }
  }
}
