extension Rule {
  static let columnAdded = Rule(
    id: "column.added", summary: "A column that the contract does not list has landed."
  ) { change, _ in
    guard case .columnAdded(let column) = change else { return nil }
    let type = column.physicalType ?? "type unknown"
    if column.isNullable == false {
      return verdict(
        "column.added.required", .risky, writes: .fails, back: .yes, policy: .review,
        "added, \(type), never NULL; already landed")
    }
    return verdict(
      "column.added", .safe, writes: .ok, back: .yes, policy: .auto,
      "added, \(type), nullable; already landed")
  }

  /// The name says that the column may hold personal data, and its clear text has landed already.
  static let sensitiveColumnAdded = Rule(
    id: sensitiveRule,
    summary: "A column that looks like personal data has landed in clear text."
  ) { change, _ in
    guard case .columnAdded(let column) = change, column.isHashed != true,
      let word = sensitiveWord(in: column.name)
    else { return nil }
    return verdict(
      sensitiveRule, .safe, writes: .ok, back: .yes, policy: .review,
      "looks like personal data (\(word)); its clear text has landed already")
  }

  /// Fivetran keeps it out under `BLOCK_ALL`; its type is known only after it has landed once.
  static let columnBlocked = Rule(
    id: "column.blocked", summary: "The source has a new column that Fivetran's settings keep out."
  ) { change, _ in
    guard case .columnBlocked(let column) = change else { return nil }
    let note = sensitiveWord(in: column.name).map { "; looks like personal data (\($0))" } ?? ""
    return verdict(
      "column.blocked", .safe, writes: .ok, back: .yes, policy: .review,
      "new at the source, kept out by the connection's settings\(note)")
  }

  static let columnLanded = Rule(
    id: "column.landed", summary: "A column that was promised ahead of the data has landed."
  ) { change, _ in
    guard case .columnLanded(let column) = change else { return nil }
    return verdict(
      "column.landed", .safe, writes: .ok, back: .yes, policy: .auto,
      "promised earlier, has landed as \(column.physicalType ?? "a column of unknown type")")
  }
}
