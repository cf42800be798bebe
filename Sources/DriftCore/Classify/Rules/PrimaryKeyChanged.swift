extension Rule {
  static let primaryKeyChanged = Rule(
    id: "pk.columnsChanged", .breaking, writes: .conditional, back: .data, policy: .block,
    summary: "The columns that identify a row are others than promised.",
    why: "Merges and joins rely on the key: with another one rows repeat or collapse, without an error.",
    advice:
      "Ask the source's owner, re-sync the table in Fivetran, and let mapping.yaml name the new key before merging."
  ) { change, _ in
    guard case .primaryKeyChanged(let from, let to) = change else { return nil }
    return "key was \(listed(from)), is \(listed(to)); rows may repeat and merges may collapse them"
  }
}

func listed(_ names: [ColumnName]) -> String { "(\(names.map(\.text).joined(separator: ", ")))" }
