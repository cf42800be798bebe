import DriftCore

extension MemoryWarehouse {
  typealias Row = [String: [String: String?]]

  func rows(of select: SQLSelect) throws -> [[String?]] {
    var found: [Row] = [[:]]
    for source in select.sources {
      let (columns, rows) = try content(of: source)
      var joined: [Row] = []
      for row in found {
        let count = joined.count
        for values in rows {
          var row = row
          row[source.alias] = Dictionary(uniqueKeysWithValues: zip(columns, values))
          if let condition = source.condition, try value(condition, row) != "true" { continue }
          joined.append(row)
        }
        guard source.isOptional, joined.count == count else { continue }
        var row = row
        row[source.alias] = Dictionary(uniqueKeysWithValues: columns.map { ($0, nil) })
        joined.append(row)
      }
      found = joined
    }
    if let condition = select.condition { found = try found.filter { try value(condition, $0) == "true" } }
    if !select.grouping.isEmpty {
      let groups = try Dictionary(grouping: found) { row in try select.grouping.map { try value($0, row) } }
      found = groups.values.filter { $0.count > select.groupsAbove }.map { $0[0] }
    }
    if !select.order.isEmpty {
      found = try found.map { row in (try select.order.map { try value($0, row) ?? "" }, row) }
        .sorted { left, right in less(left.0, right.0) }.map(\.1)
    }
    let isAggregate = select.items.contains {
      if case .call(let name, _) = $0 { name == "count" || name == "max" } else { false }
    }
    if isAggregate { return [try select.items.map { try aggregate($0, found) }] }
    return try found.map { row in try select.items.map { try value($0, row) } }
  }

  private func less(_ left: [String], _ right: [String]) -> Bool {
    for (one, other) in zip(left, right) where one != other {
      if let one = Int(one), let other = Int(other) { return one < other }
      return one.utf8.lexicographicallyPrecedes(other.utf8)
    }
    return false
  }

  private func content(of source: SQLSelect.Source) throws -> ([String], [[String?]]) {
    if let inner = source.inner.first { return (inner.names, try rows(of: inner)) }
    let name = source.name.map { $0.lowercased() }
    if name.contains("information_schema") || name.count == 1 || !source.arguments.isEmpty {
      guard let view = rules.views(visible, name.last ?? "") else {
        throw SQLRefusal(.missingTable, "Object '\(name.last ?? "")' does not exist or not authorized.")
      }
      return (view.columns.map(rules.reading.fold), view.rows)
    }
    guard let table = tables[Array(source.name.suffix(2))] else {
      throw SQLRefusal(
        .missingTable, "Object '\(source.name.joined(separator: "."))' does not exist or not authorized.")
    }
    return (table.columns.map(\.name), table.rows)
  }

  /// What the views of a catalogue show.
  private var visible: MemoryWarehouse {
    if hidden.isEmpty { return self }
    var visible = self
    visible.tables = tables.filter { !hidden.contains($0.key[0]) }
    visible.schemas.subtract(hidden)
    return visible
  }

  private func aggregate(_ item: SQLExpression, _ rows: [Row]) throws -> String? {
    switch item {
    case .call("count", _): return "\(rows.count)"
    case .call("max", let arguments):
      return try rows.compactMap { try value(arguments[0], $0) }.max()
    default: throw SQLRefusal(.syntax, "not an aggregate")
    }
  }

  func value(_ expression: SQLExpression, _ row: Row) throws -> String? {
    func truth(_ isTrue: Bool) -> String { isTrue ? "true" : "false" }
    switch expression {
    case .value(let value): return value
    case .column(let source, let name):
      let columns = source.map { alias in row.filter { $0.key == alias } } ?? row
      for values in columns.values { if let value = values[name] { return value } }
      if source == nil, name == "sysdate" { return "\(now)" }
      throw SQLRefusal(.missingColumn, "invalid identifier '\(name)'")
    case .equal(let left, let right):
      guard let left = try value(left, row), let right = try value(right, row) else { return nil }
      return truth(left.utf8.elementsEqual(right.utf8))
    case .and(let left, let right): return truth(try value(left, row) == "true" && value(right, row) == "true")
    case .or(let left, let right): return truth(try value(left, row) == "true" || value(right, row) == "true")
    case .not(let inner): return truth(try value(inner, row) != "true")
    case .isNull(let inner): return truth(try value(inner, row) == nil)
    case .oneOf(let left, let values):
      let left = try value(left, row)
      return truth(try values.contains { try value($0, row) == left })
    case .exists(let select): return truth(try !rows(of: select).isEmpty)
    case .call(let name, let arguments): return try call(name, arguments.map { try value($0, row) })
    }
  }

  /// Moments are microseconds, until they are written as text.
  private func call(_ name: String, _ arguments: [String?]) throws -> String? {
    switch (name, arguments.count) {
    case ("sysdate", 0), ("current_timestamp", 0), ("getdate", 0): return "\(now)"
    case ("to_char", 2) where arguments[1] == "YYYY-MM-DD HH24:MI:SS.US":
      let moment = arguments[0].flatMap { Int64($0) }.map(momentText)
      return moment?.replacing("T", with: " ").replacing("Z", with: "")
    case ("strpos", 2):
      let (text, part) = (arguments[0] ?? "", arguments[1] ?? "")
      return text.firstRange(of: part).map { "\(text.distance(from: text.startIndex, to: $0.lowerBound) + 1)" } ?? "0"
    case ("array_to_string", 2): return arguments[0]?.replacing(",", with: arguments[1] ?? "")
    case ("to_char", 2), ("format_timestamp", 2):
      let moment = arguments.compactMap(\.self).lazy.compactMap { Int64($0) }.first
      return moment.map(momentText)
    case ("date_format", 2) where arguments[1] == "yyyy-MM-dd HH:mm:ss.SSSSSS":
      let moment = arguments[0].flatMap { Int64($0) }.map(momentText)
      return moment?.replacing("T", with: " ").replacing("Z", with: "")
    case ("to_utc_timestamp", 2) where arguments[1] == "UTC": return arguments[0]
    case ("current_timezone", 0): return "UTC"
    case ("unix_millis", 1): return arguments[0].flatMap { Int64($0) }.map { "\($0 / 1_000)" }
    case ("replace", 3): return arguments[0]?.replacing(arguments[1] ?? "", with: arguments[2] ?? "")
    case ("concat", _): return arguments.contains(nil) ? nil : arguments.compactMap(\.self).joined()
    case ("dateadd", 3): return "\(now + (Int64(arguments[1] ?? "") ?? 0) * 1_000_000)"
    case ("datediff", 3):
      guard let start = arguments[1].flatMap({ Int64($0) }), let end = arguments[2].flatMap({ Int64($0) }) else {
        return nil
      }
      return "\((end - start) / 1_000_000)"
    case ("startswith", 2), ("starts_with", 2):
      return "\((arguments[0] ?? "").hasPrefix(arguments[1] ?? ""))"
    case ("coalesce", _): return arguments.compactMap(\.self).first
    case ("iff", 3): return arguments[0] == "true" ? arguments[1] : arguments[2]
    default: throw SQLRefusal(.syntax, "Unknown function \(name)")
    }
  }
}

/// With six digits of a fraction, in UTC.
private func momentText(_ microseconds: Int64) -> String {
  let text = Timestamp(microseconds: microseconds).description
  return text.contains(".") ? text : text.dropLast() + ".000000Z"
}
